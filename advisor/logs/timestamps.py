"""The time stamp at the head of a log line.

Three writers matter: syslog's RFC 3164 form (`Nov  3 04:05:06`), postlogd's (the day padded with a zero,
src/global/maillog_client.c) and RFC 3339 (`2026-11-03T04:05:06.123456+01:00`). Times are seconds since the
epoch. A stamp without a zone is read as UTC: what counts in one log is the distance of its lines.
"""

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
_RFC3164 = re.compile(r"([A-Z][a-z]{2}) ([ 0-3]\d) (\d\d):(\d\d):([0-5]\d|60) ")
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):([0-5]\d|60)([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)? ",
)

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
        self._last: tuple[str, float] = ("", 0.0)

    def read(self, line: str) -> tuple[float, int] | None:
        """The time of the line and the index where its text goes on; None when it begins with no stamp."""
        self.offset = 0.0
        if line[:16] == self._last[0] and line[3:4] == " ":
            return self._last[1], 16
        if match := _RFC3164.match(line):
            time = self._year_less(match)
            if time is not None:
                self._last = (line[:16], time)
                return time, match.end()
        elif match := _RFC3339.match(line):
            time = _instant(match)
            if time is not None:
                self.offset = _offset(match[8] or "Z")
                return time, match.end()
        return None

    def _year_less(self, match: re.Match[str]) -> float | None:
        month = _MONTHS.get(match[1])
        if month is None:
            return None
        day, hour, minute, second = (int(match[group]) for group in (2, 3, 4, 5))
        # 29 February exists in one of the eight years before any date (1896-1904 is the longest gap).
        for year in range(self._latest.year, self._latest.year - 9, -1):
            try:
                stamp = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            except ValueError:
                continue
            if stamp <= self._latest:
                return stamp.timestamp()
        return None


def _instant(match: re.Match[str]) -> float | None:
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    try:
        datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
    whole = timegm((year, month, day, hour, minute, min(second, 59)))
    fraction = float("0." + match[7][1:]) if match[7] else 0.0
    return whole + fraction - _offset(match[8] or "Z")


def _offset(zone: str) -> float:
    """The seconds east of UTC."""
    if zone == "Z":
        return 0.0
    sign = -1 if zone[0] == "-" else 1
    return float(sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60))
