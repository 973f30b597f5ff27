"""`advisor check`: a configuration and its log -> findings, and the patch."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from advisor.cli.asked import Asked, asking
from advisor.cli.check_outcome import (
    FOR_PEOPLE,
    Output,
    OutputFormat,
    end,
    started_in,
    write,
    write_failure,
)
from advisor.cli.fixes import FixOption, UnsafeFixesOption, tell_fixes, widest
from advisor.cli.options import AnonymizeKeyOption, AnonymizeOption, Color, ColorOption
from advisor.fail_on import FailOn


class MinSeverity(StrEnum):
    """The least severity that is shown."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class MinConfidence(StrEnum):
    """The least confidence that is shown."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@asking
def check(
    asked: Asked,
    min_severity: Annotated[
        MinSeverity | None,
        typer.Option(help="Show findings from this severity on. All of them count. Default: info."),
    ] = None,
    min_confidence: Annotated[
        MinConfidence | None,
        typer.Option(help="Show findings from this confidence on. All of them count. Default: low."),
    ] = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Print the patch on stdout, for patch -p1; the findings go to stderr."),
    ] = False,
    fix: FixOption = False,
    unsafe_fixes: UnsafeFixesOption = False,
    output_format: Annotated[
        OutputFormat, typer.Option(help="How the report is written.")
    ] = OutputFormat.FULL,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output-file", "-o", metavar="FILE", help="Write the report there, and not on standard output."
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What `advisor baseline` wrote: the findings in it are hidden and do not count.",
        ),
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option(help="Exit with 1 from this severity on. Default: low.")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="As --fail-on never: findings change no exit code.")
    ] = False,
    anonymize: AnonymizeOption = False,
    anonymize_key: AnonymizeKeyOption = "",
    color: ColorOption = Color.AUTO,
) -> None:
    """Check a configuration, with its mail log if there is one. Nothing is written but for --fix and
    --output-file, and nothing is run but journalctl for --journal.
    """
    from msgspec.structs import replace

    from advisor.cli.anonymous import pseudonyms
    from advisor.errors import AdvisorError
    from advisor.fixing import write_fixes

    asked = asked.fixing(widest(fix=fix, unsafe_fixes=unsafe_fixes, diff=diff)).saying(
        min_severity=min_severity,
        min_confidence=min_confidence,
        baseline=baseline,
        fail_on=FailOn.NEVER if exit_zero else fail_on,
    )
    output = Output(output_format, color, output_file, diff)
    try:
        reports = asked.reports()
        write_fixes(reports)
    except AdvisorError as error:
        hidden = pseudonyms((), anonymize_key, wanted=anonymize)
        write_failure(error, asked.request.path, output, hidden)
        raise
    reports = replace(reports, root=started_in())
    hidden = pseudonyms([each.metrics for each in reports.reports], anonymize_key, wanted=anonymize)
    tell_fixes(reports, color, to_stderr=output_format not in FOR_PEOPLE, hidden=hidden)
    write(reports, output, hidden)
    end(reports)
