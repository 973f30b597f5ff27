"""Whether metrics lack the single sessions of which they have the sums: a document may leave them out."""

from collections import Counter

from advisor.logs.classes import CLASSES, SessionClass
from advisor.logs.histogram import Histogram
from advisor.logs.metrics import Metrics


def ended_by_class(metrics: Metrics, tag: str) -> Counter[SessionClass]:
    """How many sessions of a log tag ended, whether their rows are at hand or not."""
    counts = {kind: metrics.durations.get((tag, kind), Histogram()).count for kind in CLASSES}
    return Counter({kind: count for kind, count in counts.items() if count})


def are_withheld(metrics: Metrics, tag: str) -> bool:
    """Whether there were more sessions than there are rows."""
    place = metrics.names.find(tag)
    rows = metrics.sessions.counts[place] if place is not None else 0
    return ended_by_class(metrics, tag).total() > rows


def tags_with_sessions(metrics: Metrics) -> frozenset[str]:
    """The log tags that had sessions, whether their rows are at hand or not."""
    return metrics.session_tags() | {tag for tag, _ in metrics.durations}
