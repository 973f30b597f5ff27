"""`advisor checks`: header and body checks, pattern by pattern."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from advisor.cli.exits import Exit
from advisor.cli.options import (
    Color,
    ColorOption,
    FormatOption,
    JournalOption,
    TextOrJson,
    VersionOption,
    console_for,
    write_document,
)


def checks(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="The folder with main.cf, master.cf and the tables, or a main.cf."
        ),
    ] = "/etc/postfix",
    log: Annotated[
        list[str] | None,
        typer.Option("--log", metavar="FILE", help="A mail log, for hits and load. May be repeated."),
    ] = None,
    journal: JournalOption = False,
    sample: Annotated[
        list[Path] | None,
        typer.Option(
            "--sample",
            metavar="MAIL",
            help="Your own mail to measure on: a message, an mbox, a maildir. May be repeated.",
        ),
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Print the patch alone.")] = False,
    drop_never_hit: Annotated[
        bool,
        typer.Option("--drop-never-hit", help="Let the patch also take out rules without a hit in the log."),
    ] = False,
    keep_type: Annotated[bool, typer.Option("--keep-type", help="Do not make regexp: tables pcre:.")] = False,
    show_all: Annotated[
        bool, typer.Option("--all", help="All rules and flaws, not the first of each.")
    ] = False,
    postfix_version: VersionOption = "",
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """Measure header and body checks: what each pattern costs and catches, what is wrong, what can go.

    Patterns run in a process of their own with little time, and postmap is asked where it is.
    """
    from advisor.content_checks import Request, review_checks
    from advisor.errors import UsageError
    from advisor.logs.source import sources_of
    from advisor.plan.diff import encode_diff
    from advisor.report.checks_json import checks_as_json
    from advisor.report.checks_text import write_checks

    logs = sources_of(log or (), journal=journal)
    if drop_never_hit and not logs:
        raise UsageError("--drop-never-hit needs a log", cure="add --log FILE")
    report = review_checks(
        Request(path, logs, tuple(sample or ()), postfix_version, drop_never_hit, to_pcre=not keep_type)
    )
    if diff:
        sys.stdout.flush()
        sys.stdout.buffer.write(encode_diff(report.patch))
    elif output_format is TextOrJson.JSON:
        write_document(checks_as_json(report))
    else:
        write_checks(report, console_for(color), everything=show_all)
    raise typer.Exit(Exit.FINDINGS if report.patch else Exit.CLEAN)
