"""The Postfix that is installed here: its release, read from a program file without running it.

Postfix leaves `mail_version=3.7.11` in each program (MAIL_VERSION_STAMP_ALLOCATE, src/global/mail_version.h).
"""

import re
from pathlib import Path

from advisor.settings.catalogue import catalogue
from advisor.settings.release import Release

# Where a build keeps its configuration, and its postconf(1).
_INSTALLATIONS = (
    (Path("/etc/postfix"), Path("/usr/sbin/postconf")),
    (Path("/usr/local/etc/postfix"), Path("/usr/local/sbin/postconf")),
    (Path("/opt/local/etc/postfix"), Path("/opt/local/sbin/postconf")),
)
_STAMP = re.compile(rb"mail_version=(\d+\.[0-9A-Za-z.-]+)")


def installed_release(folder: Path) -> str:
    """The release of the Postfix whose own configuration `folder` is; empty when unknown."""
    own = (program for configuration, program in _INSTALLATIONS if _same(folder, configuration))
    return next(filter(None, map(_stamp, own)), "")


def asked_release(text: str) -> Release:
    """The release that a person means: `3.7.11` is itself, and the series `3.7` is what is installed here, if
    that is of the series, else the newest of it that is known. Raises UsageError for what is no release.
    """
    release = Release.parse(text)
    if text.strip().removeprefix("v") != release.series:
        return release
    newest = catalogue().provenance.latest_patch.get(release.series, "")
    here = (Release.parse(stamp) for _, program in _INSTALLATIONS if (stamp := _stamp(program)))
    of_series = (each for each in here if each.series == release.series)
    return next(of_series, Release.parse(newest) if newest else release)


def _stamp(program: Path) -> str:
    try:
        stamp = _STAMP.search(program.read_bytes())
    except OSError:
        return ""
    return stamp[1].decode("ascii") if stamp else ""


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
