"""The compiled forms of cutting and reducing events, against those in numpy."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs import pieces
from advisor.logs.classes import STAGES
from advisor.logs.columns import IS_COMPILED
from advisor.logs.events import BEGUN, CONNECT, DISCONNECT, EVENT, process_key
from advisor.logs.flow import Flow, Pieces
from advisor.logs.pieces import OF_MESSAGE, OF_SESSION, Told
from advisor.logs.sessions import messages_plain, sessions_plain
from advisor.logs.tables import Rows

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="the library could not be compiled: no cc")

EVENTS = st.lists(
    st.tuples(
        st.sampled_from([process_key(1, 2, 3), process_key(1, 2, 4), process_key(5, 0xFFFF, 0xFFFFFFFF)]),
        st.integers(0, 3),  # seconds since the event before
        st.sampled_from([0, 7, 1 << 63]),
        st.integers(1, BEGUN),
        st.integers(0, len(STAGES) - 1),
        st.integers(0, 255),
    ),
    max_size=40,
)


def rows_of(drawn: list[tuple[int, int, int, int, int, int]]) -> Rows:
    rows = np.zeros(len(drawn), EVENT)
    columns = list(zip(*drawn, strict=True)) or [()] * 6
    for name, column in zip(("key", "time", "client", "kind", "stage", "flags"), columns, strict=True):
        rows[name] = column
    rows["seq"], rows["time"] = np.arange(len(drawn)), np.cumsum(rows["time"]) - 20
    rows["tag"] = rows["key"] >> np.uint64(32) & np.uint64(0xFFFF)
    return rows


def flow() -> Flow:
    return Flow(frozenset({CONNECT}), frozenset({DISCONNECT}))


def told(found: Pieces) -> list[Any]:
    """Each piece: its lines, and all that is said of it."""
    columns = (found.begun, found.ended, found.end, found.leading)
    return sorted(
        (found.rows["seq"][first : last + 1].tolist(), *(str(column[place]) for column in columns))
        for place, (first, last) in enumerate(zip(found.first, found.last, strict=True))
    )


LINES = st.lists(
    st.tuples(
        st.floats(-5, 5) | st.just(float("nan")),
        st.integers(0, 3),  # row
        st.integers(0, BEGUN),
        st.integers(0, 255),
        st.sampled_from([0, 7, 1 << 63]),
    ),
    max_size=20,
)


@given(LINES)
def test_events_of_lines(drawn: list[tuple[float, int, int, int, int]]) -> None:
    time, row, kind, flags, number = (
        np.array(column) for column in zip(*drawn or [(0, 0, 0, 0, 0)], strict=True)
    )
    told = Told(
        np.arange(len(time)),
        time.astype(np.float64),
        process=number.astype(np.uint64) + np.uint64(1),
        tag=row.astype(np.uint16),
        host=kind.astype(np.uint64) << np.uint64(60),
        row=row.astype(np.int32),
        kind=kind.astype(np.uint8),
        stage=kind.astype(np.uint8),
        flags=flags.astype(np.uint8),
        client=number.astype(np.uint64),
        queue_id=number.astype(np.uint64),
        feeds=np.array([0, OF_SESSION, OF_MESSAGE, 3], np.uint8),
    )
    for one, other in zip(pieces.events_of(told), pieces.events_plain(told), strict=True):
        assert one.tobytes() == other.tobytes()


@given(EVENTS)
def test_cutting(drawn: list[tuple[int, int, int, int, int, int]]) -> None:
    rows = rows_of(drawn)
    assert told(flow().cut(rows)) == told(flow().cut_plain(rows))


@given(EVENTS)
def test_reducing(drawn: list[tuple[int, int, int, int, int, int]]) -> None:
    found = flow().cut(rows_of(drawn))
    for compiled, plain in (
        (
            pieces.sessions(found.rows, found.first, found.end),
            sessions_plain(found.rows, found.first, found.end),
        ),
        (pieces.messages(found.rows, found.first), messages_plain(found.rows, found.first)),
    ):
        for name in compiled.dtype.names or ():
            np.testing.assert_array_equal(compiled[name], plain[name], name)
