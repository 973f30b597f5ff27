"""What a log tells of a message beyond its number: values of its keys, the highest one, the first lines."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from advisor.logs.classes import SessionClass

if TYPE_CHECKING:
    from advisor.logs.metrics import Metrics


class LogDetails(msgspec.Struct, frozen=True):
    """`keys`: by message, how often its row's keys had which values. `peaks`: by message, the highest number.

    `lines`: the first lines of a message, by it and the program that wrote them. `sessions`: by log tag, how
    many sessions of each class have ended.
    """

    keys: Mapping[str, Mapping[tuple[str, ...], int]]
    peaks: Mapping[str, float]
    lines: Mapping[tuple[str, str], tuple[str, ...]]
    sessions: Mapping[str, Mapping[SessionClass, int]]


def log_details(metrics: "Metrics") -> LogDetails:
    """The details of a log's metrics, of all instances together."""
    keys: dict[str, Counter[tuple[str, ...]]] = {}
    for (_, message), counts in metrics.details.items():
        keys.setdefault(message, Counter()).update(counts.counts)
    peaks: dict[str, float] = {}
    for (_, message), numbers in metrics.peaks.items():
        peaks[message] = max((*numbers.values(), peaks.get(message, 0.0)))
    lines: dict[tuple[str, str], tuple[str, ...]] = {}
    for (tag, message), samples in metrics.samples.items():
        key = message, tag.rpartition("/")[2]
        lines[key] = (*lines.get(key, ()), *(_text(each.text) for each in samples))
    sessions: dict[str, dict[SessionClass, int]] = {}
    for (tag, kind), histogram in metrics.durations.items():
        sessions.setdefault(tag, {})[kind] = histogram.count
    return LogDetails(keys, peaks, lines, sessions)


def _text(line: str) -> str:
    """What stands behind the process ID, in characters that can be shown."""
    text = line.partition("]: ")[2] or line
    return "".join(letter if letter.isprintable() else "?" for letter in text).strip()
