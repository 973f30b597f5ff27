"""Lines of log writers that say how many lines they dropped: the log is not complete, and says so itself.

They stand among the lines of other programs: rsyslogd's in the file for the facility syslog, journald's in
the journal. Knowledge: tellLostCnt() and withinRatelimit() in rsyslog's runtime/ratelimit.c; the callers of
journal_rate_limit_test() in systemd's src/journal/journald-server.c.
"""

import re
from typing import NamedTuple

# HOST rsyslogd-2177: TEXT, HOST rsyslogd[12]: TEXT, HOST systemd-journald[12]: TEXT
_WRITER = re.compile(r"\S+ (?P<writer>rsyslogd|systemd-journald?)(?:-\d+)?(?:\[\d+\])?: ")
_PATTERNS = (
    # rsyslog up to 7
    re.compile(
        r"imuxsock (?:lost (?P<count>\d{1,12}) messages|begins to drop messages) from (?P<who>pid \d+) "
    ),
    # rsyslog since 8; "from <HOST:PROGRAM>" names whoever wrote the first line that was dropped
    re.compile(
        r"im[a-z]+(?:\[(?P<who>[^\]]*)\])?(?: from <[^>]*>)?: "
        r"(?:(?P<count>\d{1,12}) messages lost|begin to drop messages) due to rate-limiting"
    ),
    re.compile(r"Suppressed (?P<count>\d{1,12}) messages from (?P<who>\S+)"),
)


class Loss(NamedTuple):
    """Who dropped lines, and whose: `pid 123`, with `name …` behind it where that is known; a unit of
    systemd; or empty, where anybody's may be among them.
    """

    writer: str
    whose: str


def lost_lines(line: str, position: int) -> tuple[Loss, int] | None:
    """The loss that a line tells of, and how many lines were lost: 1 where it is only about to begin.

    `position` is where its text goes on behind the stamp. It is meant to be called for every line of other
    programs, and looks for two words first.
    """
    if "rate-limiting" not in line and "Suppressed " not in line:
        return None
    header = _WRITER.match(line, position)
    if header is None:
        return None
    for pattern in _PATTERNS:
        if match := pattern.match(line, header.end()):
            writer = "rsyslogd" if header["writer"] == "rsyslogd" else "systemd-journald"
            whose = (match["who"] or "").replace("pid: ", "pid ")
            return Loss(writer, whose), int(match["count"] or 1)
    return None
