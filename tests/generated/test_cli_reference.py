"""docs/cli.md is what `--help` says of every command, and README.md has the list of them.

`make golden` writes both anew.
"""

import os
from pathlib import Path

from advisor.cli.commands import command_line
from tests.cli.running import advisor

ROOT = Path(__file__).parent.parent.parent
PAGE, README = ROOT / "docs" / "cli.md", ROOT / "README.md"


def screen(*command: str, columns: int = 82) -> str:
    """What `--help` says on a terminal with so many columns."""
    done = advisor(*command, "--help", columns=columns)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = (line.rstrip() for line in done.stdout.decode().strip("\n").splitlines())
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


def test_the_list_of_commands_in_the_readme() -> None:
    before, begin, rest = README.read_text().partition("<!-- help -->\n")
    _, end, after = rest.partition("<!-- /help -->")
    assert begin
    assert end
    text = before + begin + screen(columns=110) + end + after
    if os.environ.get("UPDATE_GOLDENS") == "1":
        README.write_text(text)
    assert README.read_text() == text, "README.md is behind --help: make golden"
