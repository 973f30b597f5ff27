"""docs/cli.md is what `--help` says of every command. `make golden` writes it anew."""

import os
from pathlib import Path

from typer.testing import CliRunner

from advisor.cli.commands import command_line

PAGE = Path(__file__).parent.parent.parent / "docs" / "cli.md"


def screen(*command: str) -> str:
    # The width is that of a terminal with 80 columns, whatever the tests run on.
    done = CliRunner().invoke(
        command_line(*command), [*command, "--help"], prog_name="advisor", env={"COLUMNS": "80"}
    )
    assert done.exit_code == 0, done.output
    lines = (line.rstrip() for line in done.output.strip("\n").splitlines())
    return "```\n" + "\n".join(lines) + "\n```\n"


def reference() -> str:
    names = [each.name or "" for each in command_line().registered_commands]
    parts = ["# The command line\n", screen()]
    for name in names:
        parts += [f"## advisor {name}\n", screen(name)]
    return "\n".join(parts)


def test_the_reference_of_the_command_line() -> None:
    text = reference()
    if os.environ.get("UPDATE_GOLDENS") == "1":
        PAGE.write_text(text)
    assert PAGE.read_text() == text, "docs/cli.md is behind --help: make golden"
