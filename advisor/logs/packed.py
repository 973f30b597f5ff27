"""Rows of numbers as few bytes, and back: the form in which a document carries them.

The bytes of a row are taken apart, so that all first bytes stand together, then all second ones; zlib then
needs about a third of the space. Whoever reads rows says how many they may be: what unpacks to more is
refused before it has taken memory.
"""

import zlib
from typing import Any

import numpy as np

from advisor.logs.tables import Rows

# More rows than this are several packets, so that reading them takes little memory.
MOST_ROWS = 1 << 18


def packed(rows: Rows) -> bytes:
    """The rows, compressed; the same bytes for the same rows."""
    flat = np.frombuffer(np.ascontiguousarray(rows).tobytes(), np.uint8)
    return zlib.compress(flat.reshape(len(rows), rows.dtype.itemsize).T.tobytes(), 6)


def unpacked(data: bytes, dtype: np.dtype[Any], count: int) -> Rows:
    """The rows again. Raises ValueError where the bytes are not exactly `count` rows of `dtype`."""
    if not 0 <= count <= MOST_ROWS:
        raise ValueError(f"{count} rows in one packet, {MOST_ROWS} are the most")
    size = count * dtype.itemsize
    unpack = zlib.decompressobj()
    try:
        flat = unpack.decompress(data, size + 1)
    except zlib.error as error:
        raise ValueError("packed rows are damaged") from error
    if len(flat) != size or not unpack.eof or unpack.unused_data:
        raise ValueError(f"packed rows are not the {count} that are said to be there")
    columns = np.frombuffer(flat, np.uint8).reshape(dtype.itemsize, count)
    return np.frombuffer(columns.T.tobytes(), dtype)
