"""Levels as rows of numbers, and back: the form in which a document carries them."""

import numpy as np

from advisor.logs.classes import CLASSES
from advisor.logs.levels import Levels
from advisor.logs.tables import Rows

# The slot seconds have a column for each class of session.
LEVEL = np.dtype(
    [("minute", "i8"), ("level", "u4"), ("seconds", "f8"), *((kind.value, "f8") for kind in CLASSES)]
)


def rows_of(levels: Levels) -> Rows:
    """One row for each minute and level."""
    rows = np.zeros(len(levels.minute), LEVEL)
    rows["minute"], rows["level"], rows["seconds"] = levels.minute, levels.level, levels.seconds
    for place, kind in enumerate(CLASSES):
        rows[kind.value] = levels.slots[:, place]
    return rows


def levels_of(rows: Rows) -> Levels:
    """The levels again; the rows may stand in any order."""
    slots = np.column_stack([rows[kind.value] for kind in CLASSES])
    return Levels.gathered(rows["minute"], rows["level"].astype(np.int64), rows["seconds"], slots)
