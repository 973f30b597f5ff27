"""What `advisor check` leaves behind: the report, the patch, and the exit code."""

import sys
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import typer

from advisor.cli.exits import Exit
from advisor.cli.options import Color, console_for, write_document

if TYPE_CHECKING:
    from rich.console import Console

    from advisor.report.model import Report, Reports
    from advisor.report.pseudonyms import Pseudonyms


class OutputFormat(StrEnum):
    """How the report is written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"


FOR_PEOPLE = (OutputFormat.FULL, OutputFormat.CONCISE)


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NEVER = "never"


_GRAVEST_FIRST = (Exit.WRONG_INPUT, Exit.NOTHING_TO_CHECK, Exit.FINDINGS, Exit.CLEAN)


def write(
    reports: "Reports", form: OutputFormat, color: Color, *, diff: bool, hidden: "Pseudonyms | None"
) -> None:
    """Prints the reports; with `diff` the patch goes to stdout, and they to stderr."""
    if form is OutputFormat.JSON:
        from advisor.cli.anonymous import hidden_json
        from advisor.report.json import write_json

        text = write_json(reports)
        write_document(text if hidden is None else hidden_json(text, hidden))
        return
    console = console_for(color, to_stderr=diff)
    for number, report in enumerate(reports.reports):
        if number:
            console.print()
        _write_text(report, form, console, hidden)
    if diff:
        sys.stdout.flush()
        for report in reports.reports:
            patch = report.patch if hidden is None else hidden.text(report.patch)
            sys.stdout.buffer.write(patch.encode("utf-8", "surrogateescape"))


def _write_text(
    report: "Report", form: OutputFormat, console: "Console", hidden: "Pseudonyms | None"
) -> None:
    from advisor.cli.anonymous import write_hidden
    from advisor.report.concise import write_concise
    from advisor.report.full import write_full

    write_on = partial(write_concise if form is OutputFormat.CONCISE else write_full, report)
    if hidden is None:
        write_on(console)
    else:
        write_hidden(write_on, hidden, console)


def end(reports: "Reports") -> None:
    """Ends with the gravest of the codes: what could not be judged at all is worse than any finding."""
    _end(_not_judged(reports) | {_code(report) for report in reports.reports})


def end_of_reading(reports: "Reports") -> None:
    """Ends with the code of a command for which findings do not count."""
    _end(_not_judged(reports) | {Exit.CLEAN})


def _not_judged(reports: "Reports") -> set[Exit]:
    """Says on stderr what could not be judged."""
    from advisor.engine.wording import visible

    for each in reports.not_judged:
        sys.stderr.write(visible(f"advisor: {each.path}: {each.problem}; {each.cure}") + "\n")
    return {Exit(each.exit_code) for each in reports.not_judged}


def _end(codes: set[Exit]) -> None:
    worst = next(code for code in _GRAVEST_FIRST if code in codes)
    if worst is not Exit.CLEAN:
        raise typer.Exit(worst)


def _code(report: "Report") -> Exit:
    from advisor.engine.wording import visible

    for line in report.unexplained:
        sys.stderr.write(visible(f"{line.span}: Postfix refuses this: {line.problem}; {line.cure}") + "\n")
    if report.refused:
        return Exit.WRONG_INPUT
    return Exit.FINDINGS if report.fails else Exit.CLEAN
