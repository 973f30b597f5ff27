"""Logs, and documents that were made of logs -> the metrics of all."""

import re
from collections.abc import Sequence
from pathlib import Path

from advisor.errors import UsageError
from advisor.logs.metrics import Metrics
from advisor.logs.source import Progress, Source, unheard
from advisor.logs.sources import read_logs
from advisor.logs.time_window import AskedTime
from advisor.logs.wanted import EVERYTHING, Wanted

_ALL_TIME = AskedTime()
_BEGINS = re.compile(rb'\s*\{\s*"version"\s*:')


def read_metrics(
    sources: Sequence[Source],
    documents: Sequence[str] = (),
    *,
    asked: AskedTime = _ALL_TIME,
    wanted: Wanted = EVERYTHING,
    jobs: int = 1,
    progress: Progress = unheard,
) -> Metrics:
    """The metrics of logs and documents together, in the order of their first lines; a source may be a
    document.

    Raises AdvisorError for what cannot be read, and for a time asked for of a document: it has no lines.
    """
    told = [each for each in sources if isinstance(each, str) and is_metrics_file(each)]
    logs = [each for each in sources if each not in told]
    documents = [*told, *documents]
    if documents and (asked != _ALL_TIME or wanted != EVERYTHING):
        raise UsageError(
            "no part of a document can be chosen",
            where="--since, --until, --host, --instance",
            cure=f"choose when {documents[0]} is made of its log",
        )
    if not documents:
        return read_logs(logs, asked=asked, wanted=wanted, jobs=jobs, progress=progress)
    from advisor.inputs.metrics_file import read_metrics_file  # noqa: PLC0415 - seldom needed

    # Each on its own: a document may belong between two of them.
    parts = [read_logs([each], jobs=jobs, progress=progress) for each in logs] + [
        *map(read_metrics_file, documents)
    ]
    parts.sort(key=lambda part: part.first if part.first is not None else float("inf"))
    total = Metrics()
    for part in parts:
        total.merge(part)
    return total


def is_metrics_file(path: str) -> bool:
    """Whether the file begins as a document does, and not as a log."""
    try:
        with Path(path).open("rb") as file:
            return _BEGINS.match(file.read(256)) is not None
    except OSError:
        return False
