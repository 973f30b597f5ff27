"""A simulation for people: a row for each set of limits, the processes over time, a curve; on one screen.

What a configuration or an option says is made visible first, and nothing is read as markup.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import isinf

from rich.console import Console
from rich.table import Table
from rich.text import Text

from advisor.capacity.replay import Limits
from advisor.engine.wording import number, seconds, visible
from advisor.missing import Missing
from advisor.report.layout import labelled
from advisor.report.metrics_text import bars
from advisor.report.simulate_model import Kind, Row, SimulateReport, Strip, Verdict
from advisor.simulation.outcome import Estimate
from advisor.simulation.sweep import Point, Sweep

_HEADS = ("busy p50", "p99", "all busy", "waited > 1 s", "p95 to banner", "lost", "")
_STYLES = {Verdict.HELPS: "bold green", Verdict.NO_HELP: "bold red", Verdict.WORSE: "bold red"}
_BAR = 20
_NOT_LOGGED = "not in the log"


def write_simulation(report: SimulateReport, console: Console) -> None:
    """Prints the report on `console`."""
    for line in _head(report):
        console.print(line, soft_wrap=True)
    console.print()
    console.print(_table(report))
    for each in (*_strips(report, console), *_sweep(report, console)):
        console.print(each)
    notes = labelled()
    for label, text in _notes(report):
        notes.add_row(Text(label, "dim"), Text(visible(text)))
    if notes.row_count:
        console.print()
        console.print(notes)


def _head(report: SimulateReport) -> Iterator[Text]:
    study = report.study
    sample = study.sample
    causes = " and ".join(cause.value for cause in study.causes)
    yield Text.assemble(
        (visible(study.service.key), "bold"), f"  {_limits(study.limits)}; cause {visible(causes)}"
    )
    good = int(sample.logged.is_good.sum())
    yield Text(
        f"log {_clock(sample.first)} to {_clock(sample.last)}, {seconds(sample.last - sample.first)}: "
        f"{len(sample.logged)} sessions, of which {good} delivered mail"
    )
    if not isinf(study.patience):
        yield Text(f"who has no banner after {seconds(study.patience)} leaves (--patience)", "dim")


def _limits(limits: Limits) -> str:
    processes = f"{limits.processes} processes" if limits.processes else "no process limit"
    stress = f", {seconds(limits.stress_timeout)} under stress" * (limits.stress_timeout != limits.timeout)
    clients = f"{limits.client_limit} sessions" if limits.client_limit else "any number of sessions"
    return f"{processes}; smtpd_timeout {seconds(limits.timeout)}{stress}; {clients} a client"


def _table(report: SimulateReport) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False, header_style="dim")
    table.add_column("", ratio=1, overflow="fold")
    for head in _HEADS[:-1]:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column(_HEADS[-1], no_wrap=True)
    measured = report.measured
    cells = (number(measured.busy_p50), number(measured.busy_p99), seconds(measured.full_seconds))
    table.add_row("now, by the log", *cells, _NOT_LOGGED, "", "", "")
    for row in report.rows:
        verdict = report.verdict(row)
        style = _STYLES.get(verdict, "") if verdict else ""
        label = Text(visible(row.label), "bold" if row.kind is Kind.PLAN else "")
        table.add_row(label, *_cells(report, row), Text(verdict.value if verdict else "", style))
    return table


def _cells(report: SimulateReport, row: Row) -> tuple[str, ...]:
    found = row.outcome
    if isinstance(found, Missing):
        return ("not predicted", "", "", "", "", "")
    least = report.study.sample.is_least
    return (
        _estimate(found.busy_p50, number),
        _estimate(found.busy_p99, number),
        _estimate(found.full_seconds, number, "s", least=least),
        _estimate(found.waited, _percent, "%", least=least),
        _estimate(found.wait_p95, number, "s", least=least),
        _estimate(found.lost, _percent, "%", least=least),
    )


def _estimate(found: Estimate, write: Callable[[float], str], unit: str = "", *, least: bool = False) -> str:
    """The value and its interval; where the log has less than came, no more than a lower bound."""
    value, low, high = (write(_short(each)) for each in (found.value, found.low, found.high))
    text = value if low == high else f"{value} ({low}-{high})"
    return f"{'at least ' * (least and low == high)}{text}{f' {unit}' if unit else ''}"


def _short(value: float) -> float:
    """Two digits are more than a prediction has."""
    return value if value < 10 else float(round(value))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share == 0 or share >= 0.01 else "<1"


def _strips(report: SimulateReport, console: Console) -> Iterator[Text | Table]:
    if not any(any(each.busy) for each in report.strips):
        return
    yield Text("")
    rows = labelled()
    for each in report.strips:
        rows.add_row(Text(_name(each), "dim"), Text(_line(each, console)))
    sample = report.study.sample
    step = seconds((sample.last - sample.first) / len(report.strips[0].busy))
    rows.add_row("", Text(f"busy processes, each mark the highest of {step}", "dim"))
    yield rows


def _name(strip: Strip) -> str:
    return strip.label.removeprefix("with ")


def _line(strip: Strip, console: Console) -> str:
    top = strip.limit or max(strip.busy)
    of = f" of {strip.limit}" if strip.limit else ""
    return f"{bars(strip.busy, max(1, top), ascii_only=console.options.ascii_only)}{of}"


def _sweep(report: SimulateReport, console: Console) -> Iterator[Text | Table]:
    sweep = report.sweep
    if sweep is None:
        return
    yield Text("")
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False, header_style="dim")
    table.add_column(visible(sweep.key), justify="right", overflow="fold")
    for head in ("p99 busy", "waited > 1 s"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("", width=_BAR)
    for head in ("p95 to banner", "lost"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for point in sweep.points:
        table.add_row(*_point(report, sweep, point, ascii_only=console.options.ascii_only))
    yield table
    yield Text("")
    yield Text(_knee(sweep), "bold")


def _point(report: SimulateReport, sweep: Sweep, point: Point, *, ascii_only: bool) -> tuple[str, ...]:
    value = seconds(point.value) if sweep.is_time else str(point.value)
    found = point.outcome
    if isinstance(found, Missing):
        return (value, "", "not predicted", "", "", "", "")
    least = report.study.sample.is_least
    return (
        value,
        _estimate(found.busy_p99, number),
        _estimate(found.waited, _percent, "%", least=least),
        ("#" if ascii_only else "█") * round(_BAR * found.waited.value),
        _estimate(found.wait_p95, number, "s", least=least),
        _estimate(found.lost, _percent, "%", least=least),
        "<- knee" if point.value == sweep.knee else "",
    )


def _knee(sweep: Sweep) -> str:
    if sweep.knee is None:
        return "No knee: at none of these values do fewer than 1 % of the good clients wait for a second."
    value = seconds(sweep.knee) if sweep.is_time else str(sweep.knee)
    return f"Knee at {value}: from there on at most 1 % of the good clients wait for more than a second."


def _notes(report: SimulateReport) -> Iterator[tuple[str, str]]:
    for note in report.notes:
        yield "note", note
    if report.is_at_ease and not report.study.sample.is_least:
        yield "at ease", "hardly a good client waits or is lost: nothing here needs a remedy"
    if not report.is_reproduced:
        yield "beware", _not_reproduced(report)
    for row in report.rows:
        if row.kind is Kind.PLAN and row.settings:
            yield "the plan", "; ".join(row.settings)
        if row.reason and report.verdict(row) in (Verdict.NO_HELP, Verdict.WORSE):
            yield "no help", f"{row.label}: {row.reason}"
    yield from (("doubt", each) for each in _doubts(report))
    if report.others:
        yield "others", f"{', '.join(report.others)}: --service shows one"


def _not_reproduced(report: SimulateReport) -> str:
    logged = seconds(report.measured.full_seconds)
    return f"by the log all processes were busy for {logged}: the replay does not find that, so trust it less"


def _doubts(report: SimulateReport) -> Iterator[str]:
    """Each once, with the rows that it is about where it is not all of them."""
    found: dict[str, list[str]] = {}
    for row in report.rows:
        for doubt in row.doubts:
            found.setdefault(doubt, []).append(row.label)
        if isinstance(row.outcome, Missing):
            found.setdefault(f"{row.outcome.what}; {row.outcome.how_to_get_it}", []).append(row.label)
    for point in report.sweep.points if report.sweep else ():
        if isinstance(point.outcome, Missing):
            found.setdefault(f"{point.outcome.what}; {point.outcome.how_to_get_it}", [])
    for doubt, labels in found.items():
        about = "" if not labels or len(labels) == len(report.rows) else f"{'; '.join(labels)}: "
        yield f"{about}{doubt}"


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%b %d %H:%M:%S}"
