"""The time stamp of a log line.

The usual ones are syslog's RFC 3164 form (`Nov  3 04:05:06`), postlogd's (the day padded with a zero,
src/global/maillog_client.c) and RFC 3339 (`2026-11-03T04:05:06.123456+01:00`). Rarer: a fraction behind the
former (journalctl -o short-precise), a year before or behind its clock (Cisco's and OpenWrt's syslogd), a
weekday before either (logread; journalctl -o short-full, with-unit), plain seconds (journalctl -o
short-unix), and months in other languages (journalctl in a locale). Times are seconds since the epoch. A
stamp without a zone is read as UTC: what counts in one log is the distance of its lines.
"""

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta

from advisor.logs.months import MONTH, month_number

_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
_YEAR = r"(?:19|20)\d\d"
_END = r"(?:\x1b\[[\d;]{0,20}m)? "  # some containers colour the stamp
_CLOCK = r"([0-2]\d):(\d\d):([0-5]\d|60)"
_RFC3164 = re.compile(
    rf"(?:{_WEEKDAY})?({MONTH}) ([ 0-3]?\d) (?:({_YEAR}) )?{_CLOCK}(\.\d{{1,9}})?"
    rf"(?: ({_YEAR}))?:?{_END}",
    re.ASCII,
)
_RFC3339 = re.compile(
    rf"(\d{{4}})-(\d\d)-(\d\d)[T ]{_CLOCK}([.,]\d{{1,9}})?(?: ?([+-]\d\d:?\d\d)|Z| UTC)?{_END}", re.ASCII
)
# Only behind a weekday a word is surely a zone, and no host. Which one it is nobody knows: there are three
# IST.
_FULL = re.compile(
    rf"{_WEEKDAY}(\d{{4}})-(\d\d)-(\d\d) {_CLOCK}(\.\d{{1,9}})? (?:([+-]\d\d(?::?\d\d)?)|[A-Z]{{2,5}}) ",
    re.ASCII,
)
# Without a fraction it stands in front of a date and a node in the public logs of supercomputers (Loghub).
_UNIX = re.compile(
    r"(\d{9,10}\.\d{6}|\d{9,10}(?= \d{4}\.\d\d\.\d\d ))(?: \d{4}\.\d\d\.\d\d \S{1,80})? ", re.ASCII
)
_USUAL = 16  # characters of an RFC 3164 stamp, with the space behind it

# A clock that is a little ahead of ours is no reason to move its lines by a year.
_AHEAD = timedelta(days=2)


class StampReader:
    """Reads stamps; remembers the last one, since neighbours mostly share their second.

    RFC 3164 has no year: it is the last one in which the stamp is not later than `reference` (the file's
    modification time, or now), so that each line is judged alone and a log may run across New Year.

    `offset` is what the zone of the stamp last read is east of UTC, in seconds; 0 for one without a zone.
    """

    def __init__(self, reference: datetime) -> None:
        self.offset = 0.0
        self._latest = reference + _AHEAD
        self._last: tuple[str, float] | None = None

    def read(self, line: str, begin: int = 0) -> tuple[float, int] | None:
        """The time at `begin` and the index where the text goes on; None where no stamp stands there."""
        self.offset = 0.0
        end = begin + _USUAL
        # A digit behind it may be the first of a year.
        last = self._last
        if last is not None and line[begin:end] == last[0] and not line[end : end + 1].isdigit():
            return last[1], end
        if match := _RFC3164.match(line, begin):
            time = self._without_zone(match)
            if time is not None:
                if match.end() == end and not line[end : end + 1].isdigit():
                    self._last = (match[0], time)
                return time, match.end()
        elif match := _RFC3339.match(line, begin) or _FULL.match(line, begin):
            time = _instant(match)
            if time is not None:
                self.offset = _offset(match[8])
                return time, match.end()
        elif match := _UNIX.match(line, begin):
            return float(match[1]), match.end()
        return None

    def _without_zone(self, match: re.Match[str]) -> float | None:
        month = month_number(match[1])
        if month is None:
            return None
        day, hour, minute, second = (int(match[group]) for group in (2, 4, 5, 6))
        fraction = float("0" + match[7]) if match[7] else 0.0
        named = match[3] or match[8]
        # 29 February exists in one of the eight years before any date (1896-1904 is the longest gap).
        years = [int(named)] if named else range(self._latest.year, self._latest.year - 9, -1)
        for year in years:
            try:
                stamp = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            except ValueError:
                continue
            if named or stamp <= self._latest:
                return stamp.timestamp() + fraction
        return None


def _instant(match: re.Match[str]) -> float | None:
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    try:
        datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
    whole = timegm((year, month, day, hour, minute, min(second, 59)))
    fraction = float("0." + match[7][1:]) if match[7] else 0.0
    return whole + fraction - _offset(match[8])


def _offset(zone: str | None) -> float:
    """The seconds east of UTC; 0 where no zone is written, or UTC itself."""
    if zone is None:
        return 0.0
    sign = -1 if zone[0] == "-" else 1
    return float(sign * (int(zone[1:3]) * 3600 + (int(zone[-2:]) if len(zone) > 3 else 0) * 60))
