"""Whose the sessions are."""

import numpy as np

from advisor.capacity.clients import Addresses
from advisor.logs.tables import SESSION

CLIENTS = {0: "b[192.0.2.2]"}


def test_rare_clients_are_each_one_of_their_own() -> None:
    rows = np.zeros(3, SESSION)
    rows["client"] = [8, 0, 9]
    who = Addresses.of(rows, CLIENTS)
    assert (who.code.tolist(), who.names) == ([0, 1, 2], ("", "192.0.2.2", ""))
