"""Ends what an earlier rehearsal left running, should that ever be.

The kernel ends a rehearsal with its parent (namespaces.py). If one outlives it all the same, it is known by
the marker in its environment, which names the parent by number and start; and it is one only if that parent
is gone. Files it has in memory alone, so that nothing else remains. Knowledge: proc(5).
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

MARKER = "ADVISOR_REHEARSAL"
_PATIENCE = 5.0
_START = 19  # field 22 of /proc/PID/stat, counted behind the name


def mark() -> str:
    """What a rehearsal of this process has in its environment: the process, its start, its PID namespace."""
    return f"{os.getpid()}-{_start_of(os.getpid())}-{_namespace()}"


def clean() -> int:
    """Ends what is left of rehearsals whose parent is gone; how many processes that were."""
    own = os.getpid()
    found = [process for process in marked() if process != own and not _has_parent(process)]
    for process in found:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    until = time.monotonic() + _PATIENCE
    while any(marker_of(each) for each in found) and time.monotonic() < until:
        time.sleep(0.05)
    return len(found)


def marked() -> list[int]:
    """The processes that have a marker."""
    numbers = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return [number for number in numbers if marker_of(number)]


def marker_of(process: int) -> str:
    """The marker of a process; "" without one, or where it has ended."""
    with suppress(OSError):
        data = Path(f"/proc/{process}/environ").read_bytes()
        for entry in data.split(b"\0"):
            name, _, value = entry.partition(b"=")
            if name == MARKER.encode():
                return value.decode("ascii", "replace")
    return ""


def _has_parent(process: int) -> bool:
    """Whether its parent lives. The number of one in another PID namespace, a container's, says nothing here:
    that is for who is in there to judge.
    """
    number, _, rest = marker_of(process).partition("-")
    start, _, namespace = rest.partition("-")
    return not number.isdecimal() or namespace != _namespace() or _start_of(int(number)) == start


def _namespace() -> str:
    return str(Path("/proc/self/ns/pid").stat().st_ino)


def _start_of(process: int) -> str:
    """When it began, in ticks of the kernel; "" where it has ended, also if nobody has waited for it yet."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[_START]
    return ""
