"""A rehearsal for people: the log, before and after side by side, on one screen.

What a configuration, a log or a server says is made visible first, and nothing is read as markup.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from advisor.capacity.replay import Limits
from advisor.engine.wording import seconds, visible
from advisor.missing import Missing
from advisor.report.layout import labelled
from advisor.report.rehearse_model import RehearseReport, Result, Side

_STYLES = {Result.BETTER: "bold green", Result.SAME: "bold yellow", Result.WORSE: "bold red"}
_FEW = 4
_HALF, _MOST = 0.5, 0.95
_MEGABYTE = 1 << 20


def write_rehearsal(report: RehearseReport, console: Console) -> None:
    """Prints the report on `console`."""
    for line in _head(report):
        console.print(line, soft_wrap=True)
    console.print()
    console.print(_table(report))
    notes = labelled()
    for label, text in _notes(report):
        notes.add_row(Text(label, "dim"), Text(visible(text)))
    if notes.row_count:
        console.print()
        console.print(notes)


def _head(report: RehearseReport) -> Iterator[Text]:
    stretch = report.stretch
    fast = f", {stretch.factor} times as fast" if stretch.factor > 1 else ""
    yield Text.assemble(
        (visible(report.service), "bold"),
        f"  on a private Postfix, {seconds(round(report.seconds))} a side: {report.visits} clients of "
        f"{_clock(stretch.begin)} to {_clock(stretch.begin + stretch.seconds)}{fast}",
    )
    yield Text(f"cause: {' and '.join(cause.value for cause in report.causes)}")
    if report.result:
        yield Text(report.result.value, _STYLES[report.result])
    else:
        yield Text("there is no change to try: advisor check has none that it can prove")


def _table(report: RehearseReport) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), show_edge=False, pad_edge=False, header_style="dim")
    table.add_column("")
    for head in ("log", "before", "after")[: 3 if report.after else 2]:
        table.add_column(head, justify="right", no_wrap=True)
    sides = [report.before, *((report.after,) if report.after else ())]
    for label, of_log, cell in _rows(report):
        table.add_row(Text(label), Text(of_log, "dim"), *(Text(cell(side)) for side in sides))
    return table


def _rows(report: RehearseReport) -> Iterator[tuple[str, str, Callable[[Side], str]]]:
    """A label, what the log shows, and what is shown of a side."""
    logged = report.logged
    yield "processes", "", lambda side: str(side.limits.processes or "no limit")
    yield "smtpd_timeout", "", lambda side: _timeout(side.limits)
    yield "sessions a client", "", lambda side: str(side.limits.client_limit or "any number")
    yield "good clients", f"{logged.good} served", lambda side: str(side.measured.offered)
    yield "served", "", lambda side: f"{100 * side.measured.served:.0f} %"
    yield "  by replay", "", _replayed_served
    yield "banner, half within", "", lambda side: _banner(side, _HALF)
    yield "banner, 95 % within", "", lambda side: _banner(side, _MOST)
    yield "  by replay", "", _replayed_banner
    yield "lost or timed out", "", lambda side: str(side.measured.lost)
    yield "refused", "", lambda side: str(side.measured.refused)
    yield "busy, most", f"{logged.busy_p99:.0f}", lambda side: str(side.measured.busy_peak)
    yield "all busy for", f"{logged.full_seconds:.0f} s", lambda side: f"{side.measured.full_seconds:.0f} s"
    yield "waiting, most", "", lambda side: str(side.measured.waiting_peak)
    yield "processor time", "", lambda side: f"{side.measured.cpu:.1f} s"
    yield "memory, most", "", lambda side: f"{side.measured.memory / _MEGABYTE:.0f} MB"


def _timeout(limits: Limits) -> str:
    stress = f", stress {seconds(limits.stress_timeout)}" * (limits.stress_timeout != limits.timeout)
    return f"{seconds(limits.timeout)}{stress}"


def _banner(side: Side, share: float) -> str:
    found = side.measured
    value = found.banner_p50 if share == _HALF else found.banner_p95
    return _time(value, is_least=found.without_banner > (1 - share) * found.offered)


def _replayed_served(side: Side) -> str:
    return "?" if isinstance(side.predicted, Missing) else f"{100 * side.predicted.served:.0f} %"


def _replayed_banner(side: Side) -> str:
    found = side.predicted
    if isinstance(found, Missing):
        return "?"
    return _time(found.banner_p95, is_least=found.without_banner > 1 - _MOST)


def _time(value: float, *, is_least: bool) -> str:
    """To a tenth; what is shorter a client does not notice."""
    shown = f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"
    return f"> {shown}" if is_least else shown


def _notes(report: RehearseReport) -> Iterator[tuple[str, str]]:
    sides = [report.before, *((report.after,) if report.after else ())]
    yield from _few("change", report.changes)
    yield from _few("replaced", report.replaced)
    refused = (each.measured.reply for each in sides if each.measured.refused)
    trouble = (each.measured.trouble for each in sides)
    missing = (each.predicted.what for each in sides if isinstance(each.predicted, Missing))
    for label, texts in (("refused", refused), ("trouble", trouble), ("replay", missing)):
        if text := next(filter(None, texts), ""):
            yield label, text
    yield from _few("note", report.notes)


def _few(label: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for place, text in enumerate(texts[:_FEW]):
        yield ("" if place else label), text
    if len(texts) > _FEW:
        yield "", f"and {len(texts) - _FEW} more; --output-format json has all"


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%b %d %H:%M:%S}"
