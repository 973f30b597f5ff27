"""What `advisor check` leaves behind: the report, the patch, and the exit code."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from advisor.cli.exits import Exit
from advisor.cli.options import Color, console_for, write_document
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from rich.console import Console

    from advisor.report.model import Report, Reports
    from advisor.report.pseudonyms import Pseudonyms


class OutputFormat(StrEnum):
    """How the report is written: for people, or one of the documents of advisor.report.documents."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"


FOR_PEOPLE = (OutputFormat.FULL, OutputFormat.CONCISE)


@dataclass(frozen=True)
class Output:
    """How and where the report is written: into `file`, or on stdout, which with `diff` is for the patch."""

    form: OutputFormat
    color: Color
    file: Path | None
    diff: bool

    @property
    def has_patch_apart(self) -> bool:
        """Whether the patch has stdout for itself; the JSON document has it within."""
        return self.diff and self.form is not OutputFormat.JSON


_GRAVEST_FIRST = (Exit.WRONG_INPUT, Exit.NOTHING_TO_CHECK, Exit.FINDINGS, Exit.CLEAN)


def started_in() -> str:
    """The folder that the command was started in; empty where that has gone meanwhile."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def write(reports: "Reports", output: Output, hidden: "Pseudonyms | None") -> None:
    """Writes the reports, and the patch where it is apart. A document is written when all of it is there.

    Raises InputError for a file that cannot be written.
    """
    if output.form in FOR_PEOPLE:
        _write_text(reports, output, hidden)
    else:
        _put(_document(reports, output.form, hidden), output)
    if output.has_patch_apart:
        sys.stdout.flush()
        for report in reports.reports:
            patch = report.patch if hidden is None else hidden.text(report.patch)
            sys.stdout.buffer.write(patch.encode("utf-8", "surrogateescape"))


def write_failure(error: AdvisorError, path: str, output: Output, hidden: "Pseudonyms | None") -> None:
    """Writes the document of a run in which nothing could be judged. For people stderr is enough, but for a
    file: an old report there would be taken for today's.
    """
    from advisor.engine.wording import visible
    from advisor.report.model import NotJudged, Reports

    if output.form not in FOR_PEOPLE:
        problem = NotJudged(error.where or path, error.message, error.cure, error.exit_code)
        _put(_document(Reports((), (problem,), root=started_in()), output.form, hidden), output)
    elif output.file:
        _put(visible(str(error) if hidden is None else hidden.text(str(error))) + "\n", output)


def _document(reports: "Reports", form: OutputFormat, hidden: "Pseudonyms | None") -> str:
    from advisor.report.documents import DOCUMENTS

    render = DOCUMENTS[form.value]
    if hidden is None:
        return render(reports)
    from advisor.cli.anonymous import hidden_json, hidden_reports

    if form is OutputFormat.JSON:  # it has what was measured too, which is no part of a finding
        return hidden_json(render(reports), hidden)
    return render(hidden_reports(reports, hidden))


def _put(text: str, output: Output) -> None:
    if output.file:
        from advisor.output_file import write_whole

        write_whole(output.file, text.encode())
    else:
        write_document(text, to_stderr=output.has_patch_apart)


def _write_text(reports: "Reports", output: Output, hidden: "Pseudonyms | None") -> None:
    if not output.file:
        _print(reports, output.form, console_for(output.color, to_stderr=output.diff), hidden)
        return
    text = StringIO()
    _print(reports, output.form, console_for(output.color, file=text), hidden)
    _put(text.getvalue(), output)


def _print(reports: "Reports", form: OutputFormat, console: "Console", hidden: "Pseudonyms | None") -> None:
    from advisor.cli.anonymous import write_hidden
    from advisor.report.concise import write_concise
    from advisor.report.full import write_full

    write_all = write_concise if form is OutputFormat.CONCISE else write_full
    write_on = partial(write_all, reports.reports)
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
    return Exit.FINDINGS if report.failing else Exit.CLEAN
