"""The compiled inner loop of the scanner (columns.c), where it could be compiled.

Without it every line is read one by one, with the same result, more slowly. It is a plain library that knows
nothing of Python, made by hatch_build.py when the package is built.
"""

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Behind a block stand so many bytes that belong to no line.
PADDING = 64
# syslogd cuts at 1 to 8 kB; more is no log line, and patterns are not to be tried on it.
LONGEST_LINE = 16_384
# A text that is longer is seldom the same twice, and reason_class looks no further.
_LONGEST_TEXT = 600
# A line has so many bytes, or more, on average; else the columns are made again, larger.
_USUAL_LINE = 40
_INTERFACE = 7

# The structs of columns.c.
LINE = np.dtype(
    [
        ("start", "i8"),
        ("stop", "i8"),
        ("text", "i8"),
        ("writer", "u8"),
        ("second", "f8"),
        ("pid", "u4"),
        ("minute", "i4"),
        ("mark", "i8"),
        ("plain", "u1"),
        ("pad", "V7"),
    ]
)
MINUTE = np.dtype([("start", "i8"), ("stop", "i8"), ("zone", "i8"), ("zone_stop", "i8")])
TEXT = np.dtype(
    [
        ("body", "i8"),
        ("name", "i8"),
        ("close", "i8"),
        ("rest", "i8"),
        ("id", "u8"),
        ("template", "u8"),
        ("client", "u8"),
        ("kind", "i4"),
        ("form", "i4"),
    ]
)
FIGURES = np.dtype(
    [
        ("place", "i8"),
        ("size", "f8"),
        ("delay", "f8", 4),
        ("domain", "u8"),
        ("relay", "u8"),
        ("domain_at", "i8"),
        ("domain_stop", "i8"),
        ("relay_at", "i8"),
        ("relay_stop", "i8"),
    ]
)
ODD, TEMPLATE, HEADER, ACTIVE, SENT, UNSENT = range(6)
CLEANUP, QMGR, DELIVERS = 1, 2, 4
# The place in a table's free slots.
FREE = -2

Columns = NDArray[Any]
Block = bytes | bytearray | memoryview
Keys = NDArray[np.uint64]
Places = NDArray[np.int32]


def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(str(Path(__file__).with_name("libcolumns.so")))
    except OSError:
        return None
    if library.columns_interface() != _INTERFACE:
        return None
    for counting in (
        library.columns_lines,
        library.columns_texts,
        library.columns_distinct,
        library.pieces_cut,
        library.levels_sweep,
    ):
        counting.restype = ctypes.c_int64
    return library


LIBRARY = _library()
IS_COMPILED = LIBRARY is not None


def lines_of(block: Block, size: int) -> tuple[Columns, Columns]:
    """The LINE rows of a block that ends with a newline, and the MINUTE rows to which they point."""
    assert LIBRARY is not None  # noqa: S101 - nobody asks where it is not there
    known = ctypes.c_int64()
    for most in (size // _USUAL_LINE + 16, size):
        lines, minutes = np.empty(most, LINE), np.empty(most, MINUTE)
        count = LIBRARY.columns_lines(
            address_of(np.frombuffer(block, np.uint8)),
            *map(ctypes.c_int64, (size, LONGEST_LINE, most)),
            address_of(lines),
            address_of(minutes),
            ctypes.byref(known),
        )
        if count >= 0:
            return lines[:count], minutes[: known.value]
    raise AssertionError("a block has at most as many lines as bytes")


def headers_of(
    lines: Columns, begins: NDArray[np.float64], writers: tuple[Keys, Places], unread: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], Places, int]:
    """The times, the zones and the writers of LINE rows, and how many writers are in no slot of a table
    (Memo.slots): theirs is FREE. `begins` has for each minute its time, NaN where its lines have to be read
    alone, and its zone; of what has to be read alone the writer is `unread`.
    """
    assert LIBRARY is not None  # noqa: S101
    count, (keys, places) = len(lines), writers
    time, zone, writer = np.empty(count), np.empty(count), np.empty(count, np.int32)
    new = LIBRARY.columns_headers(
        *(address_of(lines), ctypes.c_int64(count), address_of(begins), address_of(keys), address_of(places)),
        *(ctypes.c_int64(len(keys).bit_length() - 1), ctypes.c_int32(FREE), ctypes.c_int32(unread)),
        *(address_of(column) for column in (time, zone, writer)),
    )
    return time, zone, writer, int(new)


def texts_of(
    block: Block,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    plain: NDArray[np.uint8],
    programs: NDArray[np.int32],
) -> tuple[Columns, Columns]:
    """The TEXT rows of texts, and the FIGURES rows of those whose kind is ACTIVE, SENT or UNSENT.

    `programs` has the flags of columns.c in its low byte, the program's number above.
    """
    assert LIBRARY is not None  # noqa: S101
    texts, figures = np.empty(len(start), TEXT), np.empty(len(start), FIGURES)
    columns = [np.ascontiguousarray(column) for column in (start, stop, plain, programs)]
    found = LIBRARY.columns_texts(
        address_of(np.frombuffer(block, np.uint8)),
        ctypes.c_int64(len(start)),
        *map(address_of, columns),
        ctypes.c_int64(_LONGEST_TEXT),
        address_of(texts),
        address_of(figures),
    )
    return texts, figures[:found]


def places_of(wanted: Keys, keys: Keys, places: Places) -> Places:
    """The places of the wanted keys in a table of slots (`keys` and `places`); FREE for others."""
    assert LIBRARY is not None  # noqa: S101
    wanted, found = np.ascontiguousarray(wanted), np.empty(len(wanted), np.int32)
    LIBRARY.columns_places(
        address_of(wanted),
        ctypes.c_int64(len(wanted)),
        address_of(keys),
        address_of(places),
        ctypes.c_int64(len(keys).bit_length() - 1),
        ctypes.c_int32(FREE),
        address_of(found),
    )
    return found


def learn_places(new: Keys, new_places: Places, keys: Keys, places: Places) -> None:
    """Puts keys and their places into a table of slots, of which half stay free."""
    assert LIBRARY is not None  # noqa: S101
    LIBRARY.columns_learn(
        address_of(new),
        address_of(new_places),
        ctypes.c_int64(len(new)),
        address_of(keys),
        address_of(places),
        ctypes.c_int64(len(keys).bit_length() - 1),
        ctypes.c_int32(FREE),
    )


def first_of_each(keys: Keys) -> NDArray[np.int64]:
    """The first position of each distinct key."""
    if LIBRARY is None:
        return np.sort(np.unique(keys, return_index=True)[1])
    keys = np.ascontiguousarray(keys)
    bits = max(4, (2 * len(keys)).bit_length())
    slots, first = np.zeros(1 << bits, np.int64), np.empty(len(keys), np.int64)
    found = LIBRARY.columns_distinct(
        address_of(keys),
        ctypes.c_int64(len(keys)),
        address_of(slots),
        ctypes.c_int64(bits),
        address_of(first),
    )
    return first[:found]


def order_of(keys: Keys) -> NDArray[np.int64]:
    """The order of the keys, equal ones as they stand."""
    if LIBRARY is None:
        return np.argsort(keys, kind="stable")
    keys = np.ascontiguousarray(keys)
    order, spare = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    LIBRARY.columns_order(address_of(keys), ctypes.c_int64(len(keys)), address_of(order), address_of(spare))
    return order


def address_of(column: NDArray[Any]) -> ctypes.c_void_p:
    """Where the values of an array stand that are one behind the other."""
    return ctypes.c_void_p(column.ctypes.data)


def word_hash(text: bytes) -> int:
    """The number of 64 bits by which columns.c knows a stretch of bytes."""
    total = len(text) * _MIX & _ALL
    for offset in range(0, len(text), 8):
        total = ((total ^ int.from_bytes(text[offset : offset + 8], "little")) * _MIX) & _ALL
        total ^= total >> 32
    return total


_MIX = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1
