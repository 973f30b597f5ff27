"""`QUEUEID: from=<…>, size=N, nrcpt=N (queue active)` as columns (src/qmgr/qmgr_active.c)."""

import numpy as np
from numpy.typing import NDArray

from advisor.logs.words import I64, Bool, Text

_END = b" (queue active)"


def read_queue_active(text: Text, body: I64, stop: I64) -> tuple[NDArray[np.float64], Bool]:
    """The sizes in bytes of lines that begin with `from=<` at `body`, and which of them are good."""
    end = stop - len(_END)
    good = (end > body) & text.starts_with(np.maximum(end, body), _END)
    end = np.maximum(end, body)
    begin = text.find_last(np.maximum(end - 9, body), end, b"=")
    good &= text.digits(begin, end)[1] & text.starts_with(np.maximum(begin - 8, 0), b", nrcpt=")
    end = np.maximum(begin - 8, body)
    begin = text.find_last(np.maximum(end - 9, body), end, b"=")
    size, is_number = text.digits(begin, end)
    good &= is_number & (begin - 8 >= body + 6) & text.starts_with(np.maximum(begin - 8, 0), b">, size=")
    return size.astype(np.float64), good
