"""For how long each session kept its process busy, as far as the log shows it."""

import numpy as np

from advisor.capacity.occupancy import Floats
from advisor.logs.tables import Rows


def spans(rows: Rows, first: float, last: float) -> tuple[Floats, Floats]:
    """The begins and ends of sessions (dtype SESSION), in seconds since the epoch: of what was before the log
    its first line, of what was open behind it its last. No end is before its begin.
    """
    starts = np.where(np.isnan(rows["start"]), first, rows["start"])
    ends = np.where(np.isnan(rows["end"]), last, rows["end"])
    return starts, np.maximum(starts, ends)
