"""The memory that a process and all that it starts have together, while they run."""

import os
import re
import time
from pathlib import Path

_EVERY = 0.01  # seconds
_SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_KILOBYTES = 1024


def megabytes_of(process: int) -> float:
    """The most that it and its descendants had at a time, until it ended (it still has to be waited for). A
    page that several of them share counts once.
    """
    most = 0.0
    while os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        most = max(most, sum(map(_kilobytes, _family(process))) / _KILOBYTES)
        time.sleep(_EVERY)
    return most


def _family(process: int) -> list[int]:
    """A process and its descendants."""
    found = [process]
    for each in found:
        # The list grows while it is walked.
        found.extend(map(int, _read(f"/proc/{each}/task/{each}/children").split()))
    return found


def _kilobytes(process: int) -> int:
    share = _SHARE.search(_read(f"/proc/{process}/smaps_rollup"))
    return int(share[1]) if share else 0


def _read(place: str) -> str:
    """What the kernel says there; nothing of a process that has gone."""
    try:
        return Path(place).read_text()
    except OSError:
        return ""
