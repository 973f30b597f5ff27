"""How long each phase took."""

import numpy as np
import pytest

from advisor.capacity.phases import phase_times
from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.tables import MESSAGE, SESSION

NAN = float("nan")


def test_phases_of_sessions_that_delivered() -> None:
    sessions = np.zeros(5, SESSION)
    sessions["start"] = [100, 100, NAN, 100, 100]
    sessions["client_at"] = [102, 109, 105, NAN, 99]
    sessions["kind"] = CLASSES.index(SessionClass.PRODUCTIVE)
    sessions["kind"][1] = CLASSES.index(SessionClass.REJECTED)
    messages = np.array([(100, 1, 3, 0), (100, NAN, 5, 0), (100, 2, NAN, 0)], MESSAGE)
    times = phase_times(sessions, messages)
    assert [each.count for each in (times.connect, times.envelope, times.content)] == [2, 2, 2]
    assert times.connect.quantile(0.5) == 0
    assert times.connect.quantile(1) == pytest.approx(2, rel=0.02)
    assert times.envelope.quantile(0.5) == pytest.approx(1, rel=0.02)
    assert times.content.quantile(1) == pytest.approx(5, rel=0.02)
