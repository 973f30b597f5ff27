"""The Postfix that is installed here: its release, read from a program file without running it.

Postfix leaves `mail_version=3.7.11` in each program (MAIL_VERSION_STAMP_ALLOCATE, src/global/mail_version.h).
"""

import re
from pathlib import Path

# Where a build keeps its configuration, and its postconf(1).
_INSTALLATIONS = (
    (Path("/etc/postfix"), Path("/usr/sbin/postconf")),
    (Path("/usr/local/etc/postfix"), Path("/usr/local/sbin/postconf")),
    (Path("/opt/local/etc/postfix"), Path("/opt/local/sbin/postconf")),
)
_STAMP = re.compile(rb"mail_version=(\d+\.[0-9A-Za-z.-]+)")


def installed_release(folder: Path) -> str:
    """The release of the Postfix whose own configuration `folder` is; empty when unknown."""
    for configuration, program in _INSTALLATIONS:
        if not _same(folder, configuration):
            continue
        try:
            stamp = _STAMP.search(program.read_bytes())
        except OSError:
            continue
        if stamp:
            return stamp[1].decode("ascii")
    return ""


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
