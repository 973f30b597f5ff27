"""How long each phase of a session that delivered mail took."""

from dataclasses import dataclass

import numpy as np

from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.histogram import Histogram
from advisor.logs.tables import Rows

_PRODUCTIVE = CLASSES.index(SessionClass.PRODUCTIVE)


@dataclass(frozen=True, slots=True)
class PhaseTimes:
    """Seconds: `connect`, from connect to the first accepted sender; of each message `envelope`, from there
    to its message-id, and `content`, from there into the active queue.
    """

    connect: Histogram
    envelope: Histogram
    content: Histogram


def phase_times(sessions: Rows, messages: Rows) -> PhaseTimes:
    """The phases of the sessions (dtype SESSION) and messages (dtype MESSAGE) of one log tag."""
    good = sessions[sessions["kind"] == _PRODUCTIVE]
    return PhaseTimes(
        _histogram(good["client_at"] - good["start"]),
        _histogram(messages["envelope"]),
        _histogram(messages["content"]),
    )


def _histogram(seconds: Rows) -> Histogram:
    """Of the times that are known; a clock that went back makes none shorter than nothing."""
    found = Histogram()
    found.add_all(np.maximum(0.0, seconds[~np.isnan(seconds)]))
    return found
