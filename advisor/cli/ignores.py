"""`advisor ignores`: what somebody decided to live with, and until when."""

from typing import Annotated

import typer

from advisor.cli.options import (
    Color,
    ColorOption,
    FormatOption,
    LogOption,
    RulesDirOption,
    TextOrJson,
    VersionOption,
    console_for,
    write_document,
)


def ignores(
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="The folder with main.cf and master.cf, or a main.cf. Default: /etc/postfix.",
            show_default=False,
        ),
    ] = None,
    log: LogOption = None,
    postfix_version: VersionOption = "",
    rules_dir: RulesDirOption = None,
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """List what is ignored: where, which rules, until when, why, and what it hides now."""
    from advisor.app import Request
    from advisor.cli.check_outcome import end_of_reading
    from advisor.engine.selection import Selection
    from advisor.inputs.read import DEFAULT_PATH
    from advisor.instances import run_all
    from advisor.report.ignores import ignores_as_json, write_ignores

    first, *others = path or [DEFAULT_PATH]
    request = Request(
        first,
        tuple(log or ()),
        postfix_version,
        tuple(rules_dir or ()),
        selection=Selection(pedantic=True),  # also what is only asked on request may be ignored
    )
    reports = run_all(request, others)
    if output_format is TextOrJson.JSON:
        write_document(ignores_as_json(reports))
    else:
        write_ignores(reports, console_for(color))
    end_of_reading(reports)
