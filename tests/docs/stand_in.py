"""`advisor` in the sandbox of the documents: where no path is given, /etc/postfix is that of the sandbox."""

import inspect
import os
import sys

import typer

import advisor.inputs.read
from advisor.cli import commands
from advisor.cli.main import main

STANDS_FOR = "/etc/postfix"
PLACE = os.environ["SANDBOX"] + STANDS_FOR


def placed(app: typer.Typer) -> typer.Typer:
    """The command line whose defaults are in the sandbox."""
    for each in app.registered_commands:
        assert each.callback is not None
        known = inspect.signature(each.callback)
        parameters = [
            one.replace(default=PLACE) if one.default == STANDS_FOR else one
            for one in known.parameters.values()
        ]
        each.callback.__signature__ = known.replace(parameters=parameters)  # type: ignore[attr-defined]
    return app


if __name__ == "__main__":
    advisor.inputs.read.DEFAULT_PATH = PLACE
    whole = commands.command_line
    commands.command_line = lambda word="": placed(whole(word))
    sys.argv[0] = "advisor"
    main()
