"""The subcommands of `advisor`, and what `advisor --help` says."""

from importlib import import_module
from typing import Annotated, Any, Final

import typer

from advisor import __version__
from advisor.cli.completion import Shell, script

# In the order of --help: the name of each, which is that of its module, and its function where that differs.
_COMMANDS: Final = {
    "check": "",
    "checks": "",
    "baseline": "",
    "rules": "",
    "explain": "",
    "ignores": "",
    "show": "",
    "metrics": "",
    "simulate": "",
    "rehearse": "",
    "test": "run_examples_of",
    "collect": "",
    "postconf": "",
}


def command_line(word: str = "") -> typer.Typer:
    """The whole of it; with the one command that `word` names, if it does: to load the others takes time."""
    app = typer.Typer(
        name="advisor",
        help="A tuning advisor and linter for Postfix.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    app.callback()(_options)
    for name in (word,) if word in _COMMANDS else _COMMANDS:
        module: Any = import_module(f"advisor.cli.{name}")
        app.command(name, context_settings=getattr(module, "SETTINGS", None))(
            getattr(module, _COMMANDS[name] or name)
        )
    return app


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"advisor {__version__}")
        raise typer.Exit


def _show_completion(shell: Shell | None) -> None:
    if shell:
        typer.echo(script(shell), nl=False)
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            is_eager=True,
            callback=lambda wanted: _version(wanted=wanted),
        ),
    ] = False,
    show_completion: Annotated[
        Shell | None,
        typer.Option(
            help="Show the script that completes the command line in this shell, and exit.",
            is_eager=True,
            callback=_show_completion,
        ),
    ] = None,
) -> None:
    """A tuning advisor and linter for Postfix."""
