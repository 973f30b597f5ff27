"""The header of a log line: when, on which host, by which program; whatever wrote it.

    [PREFIX] [STAMP] [STAMP] [FACILITY] [HOST] [FACILITY.LEVEL] TAG[PID]: [[ID N FACILITY.LEVEL]] TEXT
    <PRI>1 STAMP HOST TAG PID MSGID DATA TEXT                                    (RFC 5424)

A prefix is what a container's tools (`mail-1  | `, `[pod/mail-0/postfix] `), `grep` (`mail.log:`) or a syslog
writer (`<22>`) put before the line; a second stamp is the program's own behind that of `docker logs
--timestamps`, of a kubelet (`… stdout F `), or of journald: the first one counts, which has a year and a
zone. These rules are what faster readers are held against.
"""

import re
from datetime import datetime
from typing import NamedTuple

from advisor.logs.timestamps import StampReader

_COLOUR = r"(?:\x1b\[[\d;]{0,20}m)"
_PREFIX = re.compile(
    rf"\ufeff?[\t ]*(?:[>#] ?)?[\t ]*{_COLOUR}*(?:"
    rf"[\w.-]{{1,80}} *{_COLOUR}*\|{_COLOUR}* ?"  # docker compose, a tool of supervisors
    r"|\[[\w./-]{1,200}\] "  # kubectl logs --prefix
    r"|(?:-|[A-Z][A-Z_]{1,30}) (?=\d{9,10} \d{4}\.)"  # the label of a line in Loghub
    r"|[\w./-]{1,200}:(?:\d{1,9}:)?(?=[A-Z]|[12]\d{3}-)"  # grep, grep -n
    rf")?{_COLOUR}* *{_COLOUR}*",
    re.ASCII,
)
_PRIORITY = re.compile(r"(?:<\d{1,3}>)?(?:(?P<version>1) (?=\d{4}-)| *)", re.ASCII)
_STREAM = re.compile(r"std(?:out|err) [FP] ")
_COLOURS = re.compile(rf" *{_COLOUR}* *")
_LEVEL = r"(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)"
# FreeBSD's syslogd -v writes <mail.info> or <2.6> before the host, busybox and OpenWrt mail.info behind it,
# some containers a word for the level alone, syslog-ng's templates mail.info and a colon.
FACILITY = rf"(?:<?[a-z]{{2,9}}[0-7]?\.{_LEVEL}>?|<\d{{1,2}}\.\d>|INFO|WARN|WARNING|ERROR|DEBUG|NOTICE)"
# With `-o syslog_name=postfix/$service_name` there may be an address and a port in it.
_TAG = (
    r"(?P<tag>[^\s:\[\]]{1,128}|[^\s:\[\]]{1,64}/[\w.:\[\]-]{1,80}/[a-z]{1,30}(?=\[\d))"
    r"(?:\[(?P<pid>\d{1,10})\])?:(?: |$)"
)
_WHOSE = re.compile(
    rf"(?:{FACILITY}:? +)?(?:(?!{FACILITY} )(?P<host>\S{{0,254}}[^\s:]) +)??(?:{FACILITY} +)?{_TAG}",
    re.ASCII,
)
_RFC5424 = re.compile(r"(?P<host>\S{1,255}) (?P<tag>\S{1,128}) (?P<pid>\S{1,128}) \S{1,32} ", re.ASCII)
_DATA = re.compile(r'(?:-|(?:\[[^\]"]*(?:"(?:[^"\\]|\\.)*"[^\]"]*)*\])+)(?: |$)\ufeff?')
_SOLARIS = re.compile(r"\[ID \d{1,12} [\w.]{1,40}\] ", re.ASCII)


class Header(NamedTuple):
    """`time` in seconds since the epoch, None where the line has none; `offset` is what the stamp's zone is
    east of UTC, in seconds; `host`, `tag` and `pid` are empty where they are not written; `text` is the index
    where the message begins.
    """

    time: float | None
    offset: float
    host: str
    tag: str
    pid: str
    text: int


class HeaderReader:
    """Reads headers; `reference` is a time not before the file's last line, which gives stamps their year."""

    def __init__(self, reference: datetime) -> None:
        self._stamps = StampReader(reference)

    def read(self, line: str) -> Header | None:
        """The header of a line without its end; None where it has no stamp and names no program of anybody's.

        Without a stamp a tag has to have a `/` or a process id, so that no other text looks like one.
        """
        begin, is_5424 = _behind_prefix(line)
        time, offset, position = self._stamp(line, begin)
        if time is not None and is_5424:
            return _rfc5424(line, position, time, offset)
        match = _WHOSE.match(line, position)
        if match is not None and time is None and not _is_sure(match):
            match = None
        if match is None:
            return None if time is None else Header(time, offset, "", "", "", position)
        solaris = _SOLARIS.match(line, match.end())
        text = solaris.end() if solaris else match.end()
        return Header(time, offset, match["host"] or "", match["tag"], match["pid"] or "", text)

    def _stamp(self, line: str, begin: int) -> tuple[float | None, float, int]:
        """The time of the first stamp, its offset, and where the text goes on behind the last."""
        first = self._stamps.read(line, begin)
        if first is None:
            return None, 0.0, begin
        (time, position), offset = first, self._stamps.offset
        if stream := _STREAM.match(line, position):
            position = stream.end()
        position = (
            _behind_prefix(line, position)[0] if line[position : position + 1] in "\x1b< " else position
        )
        if second := self._stamps.read(line, position):
            position = second[1]
        position = _behind(_COLOURS, line, position)
        return time, offset, position


def _behind(pattern: re.Pattern[str], line: str, position: int) -> int:
    match = pattern.match(line, position)
    return match.end() if match else position


def _behind_prefix(line: str, position: int = 0) -> tuple[int, bool]:
    """Where the line begins behind what others put before it, and whether it is one of RFC 5424."""
    position = _behind(_PREFIX, line, position)
    priority = _PRIORITY.match(line, position)
    return (priority.end(), priority["version"] is not None) if priority else (position, False)


def _is_sure(match: re.Match[str]) -> bool:
    has_name, has_pid = "/" in match["tag"], match["pid"] is not None
    return has_name and has_pid if match["host"] else has_name or has_pid


def _rfc5424(line: str, position: int, time: float, offset: float) -> Header:
    match = _RFC5424.match(line, position)
    data = match and _DATA.match(line, match.end())
    if not match or not data:
        return Header(time, offset, "", "", "", position)
    host, tag, pid = ("" if word == "-" else word for word in match.groups())
    return Header(time, offset, host, tag, pid if pid.isdecimal() else "", data.end())
