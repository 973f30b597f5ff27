"""The command `advisor`: its subcommands, and the one place where an error becomes an exit code."""

import os
import sys

import typer

from advisor import __version__
from advisor.cli.check import check
from advisor.cli.collect import collect
from advisor.cli.exits import Exit
from advisor.cli.explain import explain
from advisor.cli.metrics import metrics
from advisor.cli.rules import rules
from advisor.cli.show import show
from advisor.cli.test import run_examples_of
from advisor.engine.wording import visible
from advisor.errors import AdvisorError, NothingToCheck

app = typer.Typer(
    name="advisor",
    help="A tuning advisor and linter for Postfix.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(check)
app.command()(rules)
app.command()(explain)
app.command()(show)
app.command()(metrics)
app.command("test")(run_examples_of)
app.command()(collect)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"advisor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False,
        "--version",
        help="Show the version and exit.",
        is_eager=True,
        callback=lambda wanted: _version(wanted=wanted),
    ),
) -> None:
    """A tuning advisor and linter for Postfix."""


def main() -> None:
    """Runs the command line; never shows a traceback."""
    try:
        app()
    except NothingToCheck as error:
        _fail(str(error), Exit.NOTHING_TO_CHECK)
    except AdvisorError as error:
        _fail(str(error), Exit.WRONG_INPUT)
    except BrokenPipeError:
        # The reader has gone, as `head` does. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.WRONG_INPUT)
    except Exception as error:  # noqa: BLE001 - whatever it is, the administrator gets a sentence
        _fail(
            f"a fault of advisor's own, please report it: {type(error).__name__}: {error}", Exit.WRONG_INPUT
        )


def _fail(message: str, code: Exit) -> None:
    sys.stderr.write(f"advisor: {visible(message)}\n")
    sys.exit(code)
