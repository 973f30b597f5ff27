"""`advisor check`: a configuration and its log -> findings, and the patch."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.exits import Exit

if TYPE_CHECKING:
    from rich.console import Console


class OutputFormat(StrEnum):
    """How the report is written."""

    FULL = "full"
    JSON = "json"


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NEVER = "never"


class Color(StrEnum):
    """Whether the report has colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def check(
    path: Annotated[
        str,
        typer.Argument(
            help="The folder with main.cf and master.cf, a main.cf, what `advisor collect` brought, "
            "or - for the output of postconf -n."
        ),
    ] = "/etc/postfix",
    log: Annotated[
        list[str] | None,
        typer.Option("--log", help="A mail log, also .gz, or - for standard input. May be repeated."),
    ] = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Print the patch on stdout, for patch -p1; the findings go to stderr."),
    ] = False,
    output_format: Annotated[
        OutputFormat, typer.Option(help="How the report is written.")
    ] = OutputFormat.FULL,
    postfix_version: Annotated[
        str, typer.Option(help="The release to judge by: today's, or tomorrow's before an upgrade.")
    ] = "",
    postconf_n: Annotated[
        str, typer.Option("--postconf-n", help="A file with the output of postconf -n, in place of PATH.")
    ] = "",
    master: Annotated[
        str, typer.Option(help="The output of postconf -M that belongs to it, or a master.cf.")
    ] = "",
    defaults: Annotated[
        str, typer.Option(help="The output of postconf -d there: its release and its own defaults.")
    ] = "",
    table_types: Annotated[str, typer.Option(help="The output of postconf -m there.")] = "",
    fail_on: Annotated[FailOn, typer.Option(help="Exit with 1 from this severity on.")] = FailOn.LOW,
    color: Annotated[Color, typer.Option(help="Colours in the report.")] = Color.AUTO,
) -> None:
    """Check a configuration, with its mail log if there is one. Nothing is written or run."""
    from advisor.app import Request, run
    from advisor.engine.verdicts import Severity

    report = run(
        Request(
            path,
            tuple(log or ()),
            postfix_version,
            postconf_n=postconf_n,
            master=master,
            defaults=defaults,
            table_types=table_types,
        )
    )
    if output_format is OutputFormat.JSON:
        from advisor.report.json import write_json

        sys.stdout.write(write_json(report))
    else:
        from advisor.report.full import write_full

        write_full(report, _console(color, to_stderr=diff))
        if diff:
            sys.stdout.flush()
            sys.stdout.buffer.write(report.patch.encode("utf-8", "surrogateescape"))
    if report.refused:
        raise typer.Exit(Exit.WRONG_INPUT)
    if fail_on is not FailOn.NEVER and report.reaches(Severity(fail_on.value)):
        raise typer.Exit(Exit.FINDINGS)


def _console(color: Color, *, to_stderr: bool) -> "Console":
    from rich.console import Console

    return Console(
        stderr=to_stderr,
        force_terminal={Color.ALWAYS: True, Color.NEVER: False}.get(color),
        no_color=color is Color.NEVER or None,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )
