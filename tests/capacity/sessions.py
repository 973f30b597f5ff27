"""Sessions as rows, drawn."""

import numpy as np
from hypothesis import strategies as st

from advisor.logs.classes import CLASSES
from advisor.logs.tables import SESSION, Rows

# A few minutes, from the middle of one on.
BEGIN, END = 6_030, 6_230
_KNOWN = st.integers(BEGIN, END)
_TIME = _KNOWN | st.just(float("nan"))


@st.composite
def session_rows(draw: st.DrawFn) -> Rows:
    """Rows of which any field matters to occupancy: begin, end, class, client."""
    drawn = draw(st.lists(st.tuples(_TIME, _TIME, st.integers(0, len(CLASSES) - 1), st.integers(0, 4))))
    rows = np.zeros(len(drawn), SESSION)
    for row, (start, end, kind, client) in zip(rows, drawn, strict=True):
        row["start"], row["end"], row["kind"], row["client"] = start, max(start, end), kind, client
    return rows


def seconds_of(rows: Rows) -> list[tuple[range, int, int]]:
    """For each session the seconds in which it was busy, its class and its client."""
    found = []
    for start, end, kind, client in rows[["start", "end", "kind", "client"]].tolist():
        known = BEGIN if start != start else int(start), END if end != end else int(end)
        found.append((range(*known), kind, client))
    return found
