"""What a log says as JSON: a summary for programs, and the metrics themselves, from which both can be made again."""

from typing import Any

import msgspec

from advisor import __version__
from advisor.capacity.log_summary import LogSummary
from advisor.report.json_text import as_json, told
from advisor.report.metrics_state import MetricsState
from advisor.report.model import METRICS_VERSION


class MetricsDocument(msgspec.Struct, frozen=True):
    """What `advisor metrics --output-format json` writes. In the texts of `metrics` a byte that is no UTF-8 is
    `\\xff`, a backslash two.
    """

    version: int
    advisor: str
    log: LogSummary
    metrics: MetricsState


def metrics_as_json(summary: LogSummary, state: MetricsState) -> str:
    """The document, indented, with a newline behind it."""
    document = MetricsDocument(METRICS_VERSION, __version__, summary, state)
    plain = msgspec.to_builtins(document)
    return as_json({**plain, "metrics": told(plain["metrics"])})


def metrics_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return msgspec.json.schema(MetricsDocument)
