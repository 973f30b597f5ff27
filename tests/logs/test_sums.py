"""What sessions and messages come to."""

import numpy as np
import pytest

from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.columns import word_hash
from advisor.logs.sums import Sums
from advisor.logs.tables import MESSAGE, SESSION

NAN = float("nan")


def test_phases_of_sessions_that_delivered() -> None:
    sessions = np.zeros(5, SESSION)
    sessions["start"] = [100, 100, NAN, 100, 100]
    sessions["client_at"] = [102, 109, 105, NAN, 99]
    sessions["kind"] = CLASSES.index(SessionClass.PRODUCTIVE)
    sessions["kind"][1] = CLASSES.index(SessionClass.REJECTED)
    sums = Sums()
    sums.take_sessions(sessions)
    sums.take_messages(np.array([(100, 1, 3, 0), (100, NAN, 5, 0), (100, 2, NAN, 0)], MESSAGE))
    assert [each.count for each in (sums.connect, sums.envelope, sums.content)] == [2, 2, 2]
    assert sums.connect.quantile(0.5) == 0
    assert sums.connect.quantile(1) == pytest.approx(2, rel=0.02)
    assert sums.envelope.quantile(0.5) == pytest.approx(1, rel=0.02)
    assert sums.content.quantile(1) == pytest.approx(5, rel=0.02)


def test_how_sessions_ended() -> None:
    sessions = np.zeros(4, SESSION)
    sessions["ended_by"][:3] = ENDINGS.index("lost-connection")
    sessions["stage"] = [STAGES.index(stage) for stage in ("CONNECT", "CONNECT", "AUTH", "CONNECT")]
    sessions["client"] = [word_hash(b"unknown[unknown]"), 7, word_hash(b"unknown[unknown]"), 0]
    sessions["sasl"], sessions["messages"] = [True, False, True, False], 60_000
    half = Sums()
    half.take_sessions(sessions)
    sums = half + half
    assert (sums.lost_at_connect, sums.unseen, sums.endings.total()) == (4, 2, 6)
    assert (sums.authenticated, sums.messages) == (4, 480_000)
