"""What a log says, in compact tables for a person, and as JSON, version 1."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from advisor import __version__
from advisor.capacity.log_summary import DELAY_PARTS, LogSummary
from advisor.engine.wording import number, seconds, visible
from advisor.report.json_text import as_json
from advisor.report.model import VERSION


class MetricsDocument(msgspec.Struct, frozen=True):
    """What `advisor metrics --output-format json` writes."""

    version: int
    advisor: str
    log: LogSummary


def metrics_as_json(summary: LogSummary) -> str:
    """The document, indented, with a newline behind it."""
    return as_json(msgspec.to_builtins(MetricsDocument(VERSION, __version__, summary)))


def metrics_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return msgspec.json.schema(MetricsDocument)


def write_metrics(summary: LogSummary, console: Console) -> None:
    """Prints the summary on `console`."""
    for line in _head(summary):
        console.print(line)
    for table, note in (
        (
            _sessions(summary),
            "peak: open at a time; lost: left before their first command, unseen + with address",
        ),
        (_deliveries(summary), ""),
        (_delays(summary), "half, 95 % and 99 % of the attempts took no longer"),
    ):
        if table.row_count:
            console.print()
            console.print(table)
            if note:
                console.print(Text(note, "dim"))


def _head(summary: LogSummary) -> Iterable[Text]:
    window = f"{_clock(summary.first)} to {_clock(summary.last)}, {seconds(summary.last - summary.first)}"
    outside = f", {summary.outside_lines} outside of what was asked for" * bool(summary.outside_lines)
    yield Text(
        f"log {window}: {summary.postfix_lines} lines of Postfix, {summary.other_lines} others{outside}"
    )
    for lacking in summary.breaks:
        yield Text(visible(str(lacking)), "yellow")
    if summary.versions:
        yield Text(f"started: Postfix {', '.join(map(visible, summary.versions))}")
    if summary.unknown:
        yield Text(f"lines of Postfix that are not understood: {_counts(summary.unknown.items())}", "yellow")
    for each in summary.limits:
        times = f"{each.warnings} time{'s' * (each.warnings != 1)}, at most one in 1000 s"
        yield Text(visible(f"process limit {each.limit} of {each.entry} reached: {times}"), "yellow")


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S}"


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{visible(str(name))} {count}" for name, count in pairs)


def _table(title: str, columns: Sequence[str], *, numbers: Sequence[str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(Text(title, "bold"), overflow="fold")
    for column in columns:
        table.add_column(
            column, justify="right" if column in numbers else "left", header_style="dim", overflow="fold"
        )
    return table


def _sessions(summary: LogSummary) -> Table:
    numbers = ("all", "peak", "median", "95 %", "lost")
    table = _table("SMTP sessions", (*numbers, "of these"), numbers=numbers)
    for each in summary.sessions:
        kinds = [(kind.value, count) for kind, count in each.by_class.items()]
        kinds += [("begun before the log", each.began_before), ("open at its end", each.open_at_end)]
        table.add_row(
            visible(each.tag),
            str(each.sessions),
            str(each.peak),
            seconds(each.median_seconds),
            seconds(each.p95_seconds),
            f"{each.lost_unseen}+{each.lost_named}",
            _counts((name, count) for name, count in kinds if count),
        )
    return table


def _deliveries(summary: LogSummary) -> Table:
    table = _table("deliveries", ("attempts", "by status"), numbers=("attempts",))
    for each in summary.deliveries:
        table.add_row(visible(each.tag), str(sum(each.by_status.values())), _counts(each.by_status.items()))
    return table


def _delays(summary: LogSummary) -> Table:
    columns = tuple(f"{part} {name}" for part, name in DELAY_PARTS.items())
    table = _table("delays in seconds", columns, numbers=columns)
    for each in summary.deliveries:
        parts = (" ".join(map(number, (part.p50, part.p95, part.p99))) for part in each.delays)
        table.add_row(visible(each.tag), *parts)
    return table
