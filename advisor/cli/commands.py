"""The subcommands of `advisor`, and what `advisor --help` says."""

import typer

from advisor import __version__
from advisor.cli.check import check
from advisor.cli.collect import collect
from advisor.cli.explain import explain
from advisor.cli.metrics import metrics
from advisor.cli.postconf import AS_POSTCONF_READS_THEM, postconf
from advisor.cli.rules import rules
from advisor.cli.show import show
from advisor.cli.test import run_examples_of

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
app.command(context_settings=AS_POSTCONF_READS_THEM)(postconf)


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
