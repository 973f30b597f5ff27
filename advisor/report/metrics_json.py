"""What a log says as JSON: a summary for programs, and the metrics, from which all can be made again."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from advisor import __version__
from advisor.capacity.concurrency import all_levels
from advisor.capacity.log_summary import LogSummary, summarize
from advisor.capacity.session_summary import LevelTime, level_times
from advisor.capacity.withheld import tags_with_sessions
from advisor.logs.levels import Levels
from advisor.logs.metrics import Metrics
from advisor.report.json_text import as_json, told
from advisor.report.metrics_state import METRICS_VERSION, MetricsState
from advisor.report.metrics_writing import state_of
from advisor.report.pseudonyms import Pseudonyms


class MetricsDocument(msgspec.Struct, frozen=True):
    r"""What `advisor metrics --output-format json` writes. In the texts of `metrics` a byte that is no UTF-8
    is `\xff`, a backslash two.
    """

    version: Literal[1]
    advisor: str
    log: LogSummary
    metrics: MetricsState


def metrics_as_json(metrics: Metrics, *, sessions: bool = True, hidden: Pseudonyms | None = None) -> str:
    """The document, indented, with a newline behind it; without single `sessions` it is small."""
    levels = all_levels(metrics)
    summary = msgspec.to_builtins(summarize(metrics, levels=False))
    if hidden is None:
        state = msgspec.to_builtins(state_of(metrics, levels, sessions=sessions))
    else:
        summary = hidden.document(summary)
        found = state_of(metrics, levels, sessions=sessions, hide=hidden.rows, hide_keys=hidden.keys)
        state = hidden.state(msgspec.to_builtins(found))
    for each, tag in zip(summary["sessions"], sorted(tags_with_sessions(metrics)), strict=True):
        # They name nobody, and as text they take a tenth of the memory.
        each["levels"] = _as_text(level_times(levels.get(tag, Levels.nothing())))
    return as_json(
        {"version": METRICS_VERSION, "advisor": __version__, "log": summary, "metrics": told(state)}
    )


def _as_text(values: Iterable[LevelTime]) -> msgspec.Raw:
    return msgspec.Raw(b"[" + b",".join(map(msgspec.json.encode, values)) + b"]")
