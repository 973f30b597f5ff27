"""The forms in which log writers put a line: stamp, host, tag and pid in front of the text."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from benchmarks.maillog.events import Line

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@lru_cache(maxsize=4096)
def _second(second: int) -> tuple[str, str]:
    day = datetime.fromtimestamp(second, UTC)
    return f"{_MONTHS[day.month - 1]} {day.day:2d} {day:%H:%M:%S}", f"{day:%Y-%m-%dT%H:%M:%S}"


def _writer(line: Line) -> str:
    return f"{line.tag}[{line.pid}]" if line.pid else line.tag


def _rfc3164(line: Line) -> str:
    return f"{_second(int(line.time))[0]} {line.host} {_writer(line)}: {line.text}\n"


def _postlogd(line: Line) -> str:
    stamp = _second(int(line.time))[0]
    return f"{stamp[:4]}{stamp[4:6].replace(' ', '0')}{stamp[6:]} {line.host} {_writer(line)}: {line.text}\n"


def _rfc3339(line: Line) -> str:
    stamp = f"{_second(int(line.time))[1]}.{_micros(line.time):06d}+00:00"
    return f"{stamp} {line.host} {_writer(line)}: {line.text}\n"


def _solaris(line: Line) -> str:
    stamp = _second(int(line.time))[0]
    return f"{stamp} {line.host} {_writer(line)}: [ID 197553 mail.info] {line.text}\n"


def _short_iso(line: Line) -> str:
    return f"{_second(int(line.time))[1]}+0000 {line.host} {_writer(line)}: {line.text}\n"


def _docker(line: Line) -> str:
    return f"mail-1  | {_rfc3164(line)}"


def _journal_json(line: Line) -> str:
    entry = {
        "__REALTIME_TIMESTAMP": str(int(line.time) * 1_000_000 + _micros(line.time)),
        "_HOSTNAME": line.host,
        "SYSLOG_IDENTIFIER": line.tag,
        "MESSAGE": line.text,
    }
    if line.pid:
        entry["SYSLOG_PID"] = str(line.pid)
    return json.dumps(entry) + "\n"


def _micros(time: float) -> int:
    return int(time % 1 * 1_000_000)


FORMATS: dict[str, Callable[[Line], str]] = {
    "rfc3164": _rfc3164,
    "rfc3339": _rfc3339,
    "postlogd": _postlogd,
    "solaris": _solaris,
    "journal-iso": _short_iso,
    "journal-json": _journal_json,
    "docker": _docker,
}
_WITH_FRACTIONS = frozenset({"rfc3339", "journal-json"})


def written_time(time: float, form: str) -> float:
    """The time that a reader can find in the line, in seconds since the epoch."""
    whole = int(time)
    return whole + _micros(time) / 1_000_000 if form in _WITH_FRACTIONS else float(whole)


def syslog_date(time: float) -> str:
    """The date as programs write it inside their own messages."""
    return _second(int(time))[0]
