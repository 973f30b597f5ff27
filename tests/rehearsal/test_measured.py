"""What comes out of a scene, in the time of the log."""

import numpy as np
import pytest

from advisor.capacity.replay import Demand, Limits
from advisor.rehearsal.profile import Played
from advisor.rehearsal.scene import End, Kind, Moment, Seen, Visit, Visited
from advisor.rehearsal.stretch import Stretch
from advisor.rehearse import measured

LIMITS = Limits(2, 300.0, 300.0)
_LOG = (
    "Nov 29 18:00:00 mx postfix/master[1]: daemon started\n"
    "Nov 29 18:00:01 mx postfix/smtpd[7]: fatal: open database /x\x1b: No such file\n"
)


def seen(*visits: Visited, log: str = "") -> Seen:
    moments = (Moment(0.0, 1, 0), Moment(0.5, 2, 3), Moment(1.0, 2, 5), Moment(1.5, 1, 0))
    return Seen(visits, moments, 0.0, 0.7, 1 << 20, log)


def played(good: tuple[bool, ...], expected: tuple[bool, ...], factor: int = 1) -> Played:
    none = np.zeros(0)
    demand = Demand(none, none, none, none.astype(np.int32), none.astype(np.bool_))
    visits = tuple(Visit(0.0, Kind.MAIL, "198.18.0.1") for _ in good)
    return Played(visits, good, expected, demand, Stretch(0.0, 2.0 * factor, factor), 300.0, ())


def test_all_ends_are_counted_and_times_are_those_of_the_log() -> None:
    visits = (
        Visited(0.1, End.SERVED, 1.0),
        Visited(0.2, End.REFUSED, 0.4, "550 no"),
        Visited(None, End.TIMED_OUT, 2.0),
        Visited(None, End.OPEN, 1.5),
        Visited(0.1, End.CLOSED, 9.0),
    )
    found = measured(
        played((True,) * 4 + (False,), (True, True, True, False, False), 5), seen(*visits), LIMITS
    )
    assert (found.offered, found.expected, found.without_banner) == (4, 3, 2)
    assert (found.lost, found.refused, found.waiting, found.reply) == (1, 1, 1, "550 no")
    assert found.served == pytest.approx(1 / 3)
    assert (found.banner_p50, found.banner_p95) == (7.5, 10.0)
    assert (found.busy_peak, found.waiting_peak, found.full_seconds) == (2, 5, 5.0)
    assert (found.cpu, found.memory) == (0.7, 1 << 20)


def test_what_gave_up_is_named_and_harmless_on_a_terminal() -> None:
    found = measured(played((), ()), seen(log=_LOG), LIMITS)
    assert found.trouble == "fatal: open database /x\\x1b: No such file"
    assert (found.offered, found.served) == (0, 1.0)
