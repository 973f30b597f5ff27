"""A simulation for people: a row for each set of limits, the processes over time, a curve; on one screen.

What a configuration or an option says is made visible first, and nothing is read as markup.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from advisor.capacity.replay import Limits
from advisor.engine.wording import seconds, visible
from advisor.missing import Missing
from advisor.report.layout import labelled
from advisor.report.metrics_text import bars
from advisor.report.simulate_model import Kind, Row, SimulateReport, Strip, Verdict
from advisor.simulation.outcome import Estimate, Outcome
from advisor.simulation.sweep import Point, Sweep

_HEADS = ("busy p50", "p99", "all busy", "waited > 1 s", "p95 to banner", "lost")
_STYLES: dict[Verdict | None, str] = {
    Verdict.HELPS: "bold green",
    Verdict.NO_HELP: "bold red",
    Verdict.WORSE: "bold red",
}
_BAR = 10


def write_simulation(report: SimulateReport, console: Console) -> None:
    """Prints the report on `console`."""
    for line in _head(report):
        console.print(line, soft_wrap=True)
    console.print()
    for each in (*_tables(report), *_strips(report, console), *_sweep(report, console)):
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
    yield Text.assemble((visible(study.service.key), "bold"), f"  {_limits(study.limits)}")
    good = int(sample.logged.is_good.sum())
    yield Text(
        f"log {_clock(sample.first)} to {_clock(sample.last)}, {seconds(sample.last - sample.first)}: "
        f"{len(sample.logged)} sessions, of which {good} delivered mail"
    )
    causes = " and ".join(cause.value for cause in study.causes)
    yield Text(f"cause: {causes}; a client without a banner leaves after {seconds(study.patience)}")


def _limits(limits: Limits) -> str:
    processes = f"{limits.processes} processes" if limits.processes else "no process limit"
    stress = f", {seconds(limits.stress_timeout)} under stress" * (limits.stress_timeout != limits.timeout)
    clients = f"{limits.client_limit} sessions" if limits.client_limit else "any number of sessions"
    return f"{processes}; smtpd_timeout {seconds(limits.timeout)}{stress}; {clients} a client"


def _tables(report: SimulateReport) -> Iterator[Text]:
    """The rows: a line that names each, and its numbers below, so that both have room on a narrow screen."""
    measured = report.measured
    of_log = (_number(measured.busy_p50), _number(measured.busy_p99), f"{_number(measured.full_seconds)} s")
    shown: list[tuple[str, ...]] = [(*of_log, "?", "?", "?")]
    labels = [Text("now, by the log (which does not show who waits)")]
    for row in report.rows:
        shown.append(_cells(row))
        verdict = report.verdict(row)
        least = ", at least" * report.study.sample.is_least
        words = f"  {verdict.value}" if verdict else ""
        labels.append(Text.assemble(visible(row.label), least, (words, _STYLES.get(verdict, "bold yellow"))))
    widths = [max(map(len, column)) for column in zip(_HEADS, *shown, strict=True)]
    yield Text(_columns(_HEADS, widths), "dim")
    for label, cells in zip(labels, shown, strict=True):
        yield label
        yield Text(_columns(cells, widths))


def _columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " " + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))


def _cells(row: Row) -> tuple[str, ...]:
    found = row.outcome
    if isinstance(found, Missing):
        return ("?",) * len(_HEADS)
    return (_estimate(found.busy_p50), _estimate(found.busy_p99), *_served(found))


def _served(found: Outcome) -> tuple[str, str, str, str]:
    """How long all were busy, and what that was to the good clients."""
    return (
        f"{_estimate(found.full_seconds)} s",
        f"{_estimate(found.waited, percent=True)} %",
        f"{_estimate(found.wait_p95)} s",
        f"{_estimate(found.lost, percent=True)} %",
    )


def _estimate(found: Estimate, *, percent: bool = False) -> str:
    """The value, and its interval where it has one."""
    value, low, high = (
        f"{100 * each:.0f}" if percent else _number(each) for each in (found.value, found.low, found.high)
    )
    return value if low == high else f"{value} ({low}-{high})"


def _number(value: float) -> str:
    """More than two digits no prediction has."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def _strips(report: SimulateReport, console: Console) -> Iterator[Text | Table]:
    if not any(any(each.busy) for each in report.strips):
        return
    yield Text("")
    rows = labelled()
    for each in report.strips:
        rows.add_row(Text(_name(each), "dim"), Text(_line(each, console)))
    sample = report.study.sample
    step = seconds(round((sample.last - sample.first) / len(report.strips[0].busy), 1))
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
    for head in (sweep.key.rpartition("/")[2], "p99 busy", "waited > 1 s"):
        table.add_column(visible(head), justify="right", no_wrap=True)
    table.add_column("", width=_BAR)
    for head in ("p95 to banner", ""):
        table.add_column(head, justify="right", no_wrap=True)
    for point in sweep.points:
        table.add_row(*_point(sweep, point, ascii_only=console.options.ascii_only))
    yield table
    yield Text("")
    yield Text(_knee(sweep), "bold")


def _point(sweep: Sweep, point: Point, *, ascii_only: bool) -> tuple[str, ...]:
    value = _value(sweep, point.value)
    found = point.outcome
    if isinstance(found, Missing):
        return (value, "", "not predicted", "", "", "")
    _, waited, banner, _ = _served(found)
    bar = ("#" if ascii_only else "█") * round(_BAR * found.waited.value)
    return value, _estimate(found.busy_p99), waited, bar, banner, "knee" * (point.value == sweep.knee)


def _knee(sweep: Sweep) -> str:
    few = "at most 1 % of the good clients wait for more than a second"
    if sweep.knee is None:
        unknown = any(isinstance(each.outcome, Missing) for each in sweep.points)
        until = " as far as it is predicted" if unknown else ""
        return f"No knee{until}: at no value more than 99 % of the good clients are served within a second."
    knee = f"Knee at {_value(sweep, sweep.knee)}: from there on {few}"
    if sweep.safe_knee == sweep.knee:
        return f"{knee}, also by the interval's upper end."
    if sweep.safe_knee is None:
        return f"{knee}; by the interval's upper end at none of these values."
    return f"{knee}; by the interval's upper end from {_value(sweep, sweep.safe_knee)} on."


def _value(sweep: Sweep, value: int) -> str:
    return seconds(value) if sweep.is_time else str(value)


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
