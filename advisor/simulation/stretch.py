"""The part of a log that is replayed where the whole would take too long: when its processes were fullest."""

import numpy as np

from advisor.capacity.occupancy import Floats, Occupancy, Windows

# The first sessions find empty processes, which were not so: by the time that counts, they are as busy as
# they were. It also shows what came before they were full.
_LEAD_IN = 1 / 3
# So many places are looked at.
_PLACES = 400


def fullest(arrivals: Floats, full: Windows, busy: Occupancy, sessions: int) -> tuple[float, float]:
    """The begin and end of so many successive sessions, of those in order of arrival, at least as many:
    those in whose later part all processes are busy for the longest, and in whose first part for the
    shortest; where that never is, those around the time when most are.
    """
    latest = len(arrivals) - sessions
    lead_in = int(_LEAD_IN * sessions)
    if len(full):
        begins = np.unique(np.linspace(0, latest, _PLACES).astype(np.int64))
        first, then, last = (arrivals[begins + each] for each in (0, lead_in, sessions - 1))
        begin = int(begins[np.argmax(full.overlaps(then, last) - full.overlaps(first, then))])
    else:
        peak = busy.edges[int(np.argmax(busy.busy))] if len(busy.busy) else arrivals[0]
        begin = int(np.clip(np.searchsorted(arrivals, peak) - 2 * lead_in, 0, latest))
    return float(arrivals[begin]), float(arrivals[begin + sessions - 1])
