"""A Postfix release, and the order of releases."""

import re
from functools import lru_cache

import msgspec

from advisor.errors import UsageError

# A distribution's package version ("3.7.11-0+deb12u1"), a snapshot ("3.12-20260821") and a candidate
# ("3.9-RC1") all begin with the release they belong to.
RELEASE = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-+~][0-9A-Za-z.+~-]*)?", re.ASCII)


class Release(msgspec.Struct, frozen=True, order=True):
    """A release as `mail_version` names it; a snapshot or candidate counts as the first of its series."""

    major: int
    minor: int
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> "Release":
        """The release written as `3.7.11`, `3.12-20260821` or `3.9-RC1`. Raises UsageError."""
        return _parse(text)

    @property
    def series(self) -> str:
        """The series, such as `3.7`: releases of one series differ in fixes only."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        return f"{self.series}.{self.patch}"


@lru_cache(maxsize=4096)
def _parse(text: str) -> Release:
    match = RELEASE.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"{text!r} is no Postfix release",
            cure="write it as 'postconf -d mail_version' shows it, for example 3.7.11",
        )
    major, minor, patch = match.groups(default="0")
    return Release(int(major), int(minor), int(patch))


# The newest stable release that the catalogue knows (a test holds the two together).
NEWEST = Release(3, 11, 6)
# How the release was found where nobody told it, and NEWEST stands in: what depends on it is not known then.
ASSUMED = "not given: the newest known"
