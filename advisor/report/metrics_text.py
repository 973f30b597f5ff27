"""What a log says, for a person: what matters most on one screen of 80 columns, the rest with `details`.

Whatever comes from the log is made visible first, and nothing is read as markup. What did not occur has no
line.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from advisor.capacity.log_summary import DELAY_PARTS, CoverageSummary, DeliverySummary, LogSummary, Top
from advisor.capacity.quantiles import Quantiles
from advisor.capacity.session_summary import NEAR, Saturation, SessionSummary
from advisor.engine.wording import number, percent, seconds, visible
from advisor.report.layout import labelled
from advisor.report.metrics_sections import sections

if TYPE_CHECKING:
    from advisor.report.pseudonyms import Pseudonyms

_BARS = " ▁▂▃▄▅▆▇█"
_ASCII_BARS = " .:-=+*#@"
# So many keys of a table stand on the first screen.
_FEW = 3
_SEPARATOR = "; "


def write_metrics(
    summary: LogSummary, console: Console, *, details: bool = False, hidden: "Pseudonyms | None" = None
) -> None:
    """Prints the summary on `console`; with `hidden`, of people and hosts only their pseudonyms."""
    if hidden is not None:
        summary = msgspec.convert(hidden.document(msgspec.to_builtins(summary)), LogSummary)
    few = None if details else _FEW
    for line in (*_head(summary), *_coverage(summary.coverage, few)):
        console.print(line)
    for each in summary.sessions:
        console.print()
        console.print(_sessions(each, summary, few, ascii_only=console.options.ascii_only))
    for table in (*_deliveries(summary, few), *_messages(summary, few)):
        console.print()
        console.print(table)


def _head(summary: LogSummary) -> Iterator[Text]:
    found = summary.coverage
    window = f"{_clock(summary.first)} to {_clock(summary.last)}, {seconds(summary.last - summary.first)}"
    others = found.lines - found.postfix - found.outside
    outside = f", {found.outside} outside of what was asked for" * bool(found.outside)
    yield Text(f"log {window}: {_lines(found.postfix)} of Postfix, {others} others{outside}")
    if summary.versions:
        yield Text(f"started: Postfix {', '.join(map(visible, summary.versions))}")
    for each in summary.limits:
        times = f"{each.warnings} time{'s' * (each.warnings != 1)}, at most one in 1000 s"
        yield Text(visible(f"process limit {each.limit} of {each.entry} reached: {times}"), "yellow")


def _coverage(found: CoverageSummary, few: int | None) -> Iterator[Text]:
    missing = found.postfix - found.understood
    if missing:
        share = percent(missing / found.postfix)
        yield Text(
            f"not understood: {_lines(missing)} of Postfix ({share}): {_top(found.unknown, few, ': ')}",
            "yellow",
        )
    if found.lost:
        yield Text(f"lines that the log's writer dropped: {_counts(found.lost.items())}", "yellow")
    for each in found.breaks:
        yield Text(visible(str(each)), "yellow")
    if found.gaps:
        gaps = _SEPARATOR.join(
            f"{_clock(each.start)}, {seconds(each.end - each.start)}" for each in found.gaps
        )
        yield Text(f"no line of Postfix from {gaps}", "yellow")
    if found.clock_steps_back:
        yield Text(f"the clock went back {found.clock_steps_back} times", "yellow")
    if few is None and found.foreign.most:
        yield Text(f"other programs: {_top(found.foreign, few)}")
    if few is None and found.unstamped:
        yield Text(f"lines without a time stamp: {found.unstamped}")


def _sessions(
    each: SessionSummary, summary: LogSummary, few: int | None, *, ascii_only: bool
) -> RenderableType:
    head = Text.assemble(
        (visible(each.tag), "bold"),
        f"  {each.sessions} sessions, "
        + ("which the metrics were written without" if each.withheld else f"at most {each.peak} at a time"),
    )
    rows = labelled()
    for label, text in _about_sessions(each, summary, few, ascii_only=ascii_only):
        if text:
            rows.add_row(Text(label, "dim"), Text(text))
    return Group(head, Padding(rows, (0, 0, 0, 2)))


def _about_sessions(
    each: SessionSummary, summary: LogSummary, few: int | None, *, ascii_only: bool
) -> Iterator[tuple[str, str]]:
    if each.busy and each.peak and summary.last > summary.first:
        yield "at a time", bars(each.busy, each.peak, ascii_only=ascii_only)
        step = seconds((summary.last - summary.first) / len(each.busy))
        yield "", f"from {_hour(summary.first)} to {_hour(summary.last)}, each the highest of {step}"
    for found in each.saturated:
        yield f"limit {found.limit}", _saturation(found)
    kinds = [(kind.value, count) for kind, count in each.by_class.items()]
    kinds += [("begun before the log", each.began_before), ("open at its end", each.open_at_end)]
    yield "of these", _counts((name, count) for name, count in kinds if count)
    logins = (("authenticated", each.authenticated), ("failed logins", each.login_failures))
    yield "logins", _counts((name, count) for name, count in logins if count)
    if each.encrypted and each.sessions:
        yield (
            "TLS",
            f"{each.encrypted} connections, {percent(each.encrypted / each.sessions)} of the sessions",
        )
    if each.lasted:
        yield "lasted", _quantiles(each.lasted)
    yield "lost after", _counts(each.lost.items()) + _unseen(each)
    yield "timed out", _counts((f"after {stage}", count) for stage, count in each.timed_out.items())
    for label, (name, found_phase) in zip(("phases", "", ""), each.phases.items(), strict=False):
        yield label, f"{name} {_quantiles(found_phase)}"
    busiest = [client for client in each.clients[:few] if few is None or client.peak > 1]
    yield (
        "clients",
        _SEPARATOR.join(
            f"{visible(who.address)} {who.peak} at a time, {who.sessions} in all" for who in busiest
        ),
    )


def _unseen(each: SessionSummary) -> str:
    return f" ({each.lost_unseen} before smtpd asked for their address)" * bool(each.lost_unseen)


def _saturation(found: Saturation) -> str:
    if not found.seconds:
        return f"never {percent(NEAR)} of it at a time"
    total = sum(found.slot_seconds.values()) or 1.0
    held = sorted(found.slot_seconds.items(), key=lambda pair: (-pair[1], pair[0]))
    by_class = ", ".join(f"{kind.value} {percent(taken / total)}" for kind, taken in held)
    return (
        f"{seconds(round(found.seconds, 1))} ({percent(found.share)}) at or above {percent(NEAR)} of it; "
        f"held by {by_class}"
    )


def bars(values: Iterable[int], highest: int, *, ascii_only: bool) -> str:
    """A character for each value; only 0 is blank, and only the highest is full."""
    marks = _ASCII_BARS if ascii_only else _BARS
    full = len(marks) - 1
    return "".join(
        marks[full if value >= highest else (value > 0) + value * (full - 1) // highest] for value in values
    )


def _deliveries(summary: LogSummary, few: int | None) -> Iterator[RenderableType]:
    if not summary.deliveries:
        return
    table = _table("deliveries", ("all", "by status"), numbers=("all",))
    columns = tuple(f"{part} {name}" for part, name in DELAY_PARTS.items())
    delays = _table("delays (s)", columns, numbers=columns)
    for each in summary.deliveries:
        total = str(sum(each.by_status.values()))
        table.add_row(visible(each.tag), total, _counts(each.by_status.items()))
        delays.add_row(visible(each.tag), *(_short(each.delays.get(part)) for part in DELAY_PARTS))
    failures = (each for each in summary.messages if each.message == "delivery" and each.keys.most)
    yield Group(
        table, *(Text(f"{visible(each.tag)} failed: {_top(each.keys, few)}", "dim") for each in failures)
    )
    yield Group(delays, Text("half, 95 % and 99 % of the attempts took no longer", "dim"))
    if summary.sizes:
        found = summary.sizes
        yield Text(
            f"messages queued: {found.count}; half have up to {number(found.p50)} bytes, "
            f"95 % {number(found.p95)}, 99 % {number(found.p99)}"
        )
    if few is None:
        for each in summary.deliveries:
            yield from _destinations(each)


def _destinations(each: DeliverySummary) -> Iterator[RenderableType]:
    for title, found in (("destination", each.destinations), ("next hop", each.relays)):
        by_status: dict[str, dict[str, int]] = {}
        for (name, status), count in found.most:
            by_status.setdefault(name, {})[status] = count
        if by_status:
            table = _table(f"{visible(each.tag)} by {title}", ("all", "by status"), numbers=("all",))
            for name, counts in by_status.items():
                table.add_row(visible(name), str(sum(counts.values())), _counts(counts.items()))
            if found.other:
                table.add_row("all others", str(found.other), "")
            yield table


def _messages(summary: LogSummary, few: int | None) -> Iterator[RenderableType]:
    for title, messages in sections(summary.messages, ordinary=few is None):
        rows = labelled()
        for each in messages:
            text = ", ".join(part for part in (_top(each.keys, few), _highest(each.highest, few)) if part)
            rows.add_row(
                Text(str(each.count), justify="right"),
                Text(f"{visible(each.tag)} {each.message}" + f": {text}" * bool(text)),
            )
        yield Group(Text(title, "bold"), rows)


def _highest(values: Mapping[str, float], few: int | None) -> str:
    shown = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))[:few]
    return ", ".join(f"{visible(' '.join(f'highest {key}'.split()))} {number(value)}" for key, value in shown)


def _top(found: Top, few: int | None, between: str = " ") -> str:
    shown = found.most[:few]
    others = found.other + sum(count for _, count in found.most[len(shown) :])
    words = [(between.join(part for part in key if part), count) for key, count in shown]
    return _counts([*words, *([("others", others)] if others else [])])


def _lines(count: int) -> str:
    return f"{count} line{'s' * (count != 1)}"


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{visible(name)} {count}" for name, count in pairs)


def _quantiles(found: Quantiles) -> str:
    return f"half up to {seconds(found.p50)}, 95 % {seconds(found.p95)}, 99 % {seconds(found.p99)}"


def _short(found: Quantiles | None) -> str:
    """Two digits of each, and no thousandths: four of these and a tag have room on 80 columns."""
    shown = (found.p50, found.p95, found.p99) if found else ()
    return " ".join(number(round(float(f"{value:.2g}"), 2)) for value in shown)


def _table(title: str, columns: Iterable[str], *, numbers: tuple[str, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(Text(title, "bold"), overflow="fold")
    for column in columns:
        table.add_column(
            column, justify="right" if column in numbers else "left", header_style="dim", overflow="fold"
        )
    return table


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S}"


def _hour(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%H:%M}"
