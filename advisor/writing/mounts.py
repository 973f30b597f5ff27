"""Where something is mounted. Knowledge: proc_pid_mountinfo(5)."""

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_MOUNT_POINT = 4
_OCTAL = re.compile(rb"\\([0-7]{3})")


def mount_points() -> frozenset[str]:
    """The paths at which something is mounted; none where the system does not tell."""
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return frozenset()
    return frozenset(mount_point(line) for line in lines)


def mount_point(line: bytes) -> str:
    """The path in a line of mountinfo, in which blanks and backslashes are written as octal numbers."""
    field = line.split(b" ")[_MOUNT_POINT]
    path = _OCTAL.sub(lambda found: bytes((int(found[1], 8) & 0xFF,)), field)
    return path.decode("utf-8", "surrogateescape")
