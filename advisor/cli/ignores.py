"""`advisor ignores`: what somebody decided to live with, and until when."""

from typing import Annotated

import typer

from advisor.cli.options import (
    Color,
    ColorOption,
    ConfigOption,
    FormatOption,
    IsolatedOption,
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
    config: ConfigOption = "",
    isolated: IsolatedOption = False,
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """List what is ignored: where, which rules, until when, why, and what it hides now."""
    import os

    from advisor.cli.check_outcome import end_of_reading
    from advisor.engine.selection import ALL
    from advisor.inputs.read import DEFAULT_PATH
    from advisor.instances import advise_all
    from advisor.policy.choices import Choices
    from advisor.policy.find import Search
    from advisor.policy.settle import settler
    from advisor.report.ignores import ignores_as_json, write_ignores
    from advisor.request import Request

    first, *others = path or [DEFAULT_PATH]
    choices = Choices.of(
        select=[ALL],
        baseline="",  # what it hides stands in its own file
        pedantic=True,  # also what is only asked on request may be ignored
        postfix_version=postfix_version or None,
        rules_dir=rules_dir and list(map(str, rules_dir)),
    )
    settle = settler(choices, Search.of(config, os.environ, isolated=isolated))
    reports = advise_all(Request(first, tuple(log or ())), others, settle=settle)
    if output_format is TextOrJson.JSON:
        write_document(ignores_as_json(reports))
    else:
        write_ignores(reports, console_for(color))
    end_of_reading(reports)
