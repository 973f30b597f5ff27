"""The clients of sessions, against a count of every second."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity.clients import Addresses, ClientPeak, ClientPeaks, client_peaks
from advisor.logs.clients import client_of
from advisor.logs.tables import SESSION, Rows
from tests.capacity.sessions import BEGIN, END, seconds_of, session_rows

# Two names of one address are one client; 4 was too rare to be remembered.
CLIENTS = {
    0: "a[192.0.2.1]",
    1: "b[192.0.2.2]",
    2: "unknown[192.0.2.1]",
    3: "unknown[unknown]",
}


@given(session_rows())
def test_the_most_sessions_at_a_time(rows: Rows) -> None:
    found = client_peaks(rows, CLIENTS, BEGIN, END)
    each_second = [(busy, client_of(CLIENTS.get(client, "")).address) for busy, _, client in seconds_of(rows)]
    for client in found.top:
        own = [busy for busy, address in each_second if address == client.address]
        most = max(sum(second in busy for busy in own) for second in range(BEGIN, END))
        assert (client.sessions, client.peak) == (len(own), max(1, most))
    assert (found.others, found.other_sessions) == (0, 0)
    assert {client.address for client in found.top} == {address for _, address in each_second}


@given(session_rows(), st.integers(0, 3))
def test_those_with_most_sessions_are_shown(rows: Rows, shown: int) -> None:
    every, few = (client_peaks(rows, CLIENTS, BEGIN, END, number) for number in (9, shown))
    assert few.top == every.top[:shown]
    assert few.others == len(every.top[shown:])
    assert few.other_sessions == sum(client.sessions for client in every.top[shown:])


def test_a_client_that_goes_makes_room_for_its_next_session() -> None:
    rows = np.zeros(2, SESSION)
    rows["start"], rows["end"] = [0, 5], [5, 9]
    assert client_peaks(rows, CLIENTS, 0, 9) == ClientPeaks((ClientPeak("192.0.2.1", 2, 1),), 0, 0)


def test_rare_clients_are_each_one_of_their_own() -> None:
    rows = np.zeros(3, SESSION)
    rows["client"] = [8, 0, 9]
    who = Addresses.of(rows, CLIENTS)
    assert (who.code.tolist(), who.names) == ([0, 1, 2], ("", "192.0.2.1", ""))
