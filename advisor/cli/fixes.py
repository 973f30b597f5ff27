"""`--fix` and `--unsafe-fixes` of `advisor check`: what they allow, and what is said of them."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import Color, console_for

if TYPE_CHECKING:
    from advisor.engine.changes import Applicability
    from advisor.report.model import Reports
    from advisor.report.pseudonyms import Pseudonyms

FixOption = Annotated[
    bool,
    typer.Option(
        "--fix", help="Write the proven changes that are safe into the files, then report the rest."
    ),
]
UnsafeFixesOption = Annotated[
    bool, typer.Option("--unsafe-fixes", help="With --fix: write all proven changes, also the unsafe ones.")
]


def widest(*, fix: bool, unsafe_fixes: bool, diff: bool) -> "Applicability | None":
    """The least safe fixes that are to be made; None: none are. Raises UsageError."""
    from advisor.engine.changes import Applicability
    from advisor.errors import UsageError

    if fix and diff:
        raise UsageError(
            "--fix writes the change, and --diff prints it and writes nothing", cure="leave one of them out"
        )
    if unsafe_fixes and not fix:
        raise UsageError(
            "--unsafe-fixes goes with --fix", cure="add it, or --diff, which prints unsafe changes too"
        )
    if not fix:
        return None
    return Applicability.UNSAFE if unsafe_fixes else Applicability.SAFE


def tell_fixes(reports: "Reports", color: Color, *, to_stderr: bool, hidden: "Pseudonyms | None") -> None:
    """Says what was written and what was left: on stdout, or on stderr where a program reads that."""
    from advisor.cli.anonymous import write_hidden
    from advisor.report.fixes_text import write_fixes

    console = console_for(color, to_stderr=to_stderr)
    for report in reports.reports:
        if hidden is None:
            write_fixes(report, console)
        else:
            write_hidden(partial(write_fixes, report), hidden, console)
