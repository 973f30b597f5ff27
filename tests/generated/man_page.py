"""The man page: what the command line and docs/exit-codes.md say, within templates/advisor.1.jinja."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from advisor.cli.commands import command_line

ROOT = Path(__file__).parent.parent.parent
HELP = ["-h", "--help"]
EXIT = re.compile(r"^\| `(\d)` \| (.+) \|$", re.MULTILINE)


class Command(NamedTuple):
    name: str
    usage: str
    help: str
    parameters: list[tuple[str, str]]


def commands() -> Iterator[Command]:
    """`advisor` itself, and its commands in the order of --help, with each argument and option."""
    group = get_command(command_line())
    assert isinstance(group, TyperGroup)
    above = typer.Context(group, info_name="advisor", help_option_names=HELP)
    yield described("", group, above)
    for name, command in group.commands.items():
        assert isinstance(command, TyperCommand)
        context = typer.Context(command, info_name=name, parent=above, help_option_names=HELP)
        yield described(name, command, context)


def described(name: str, command: TyperGroup | TyperCommand, context: typer.Context) -> Command:
    records = (each.get_help_record(context) for each in command.get_params(context))
    return Command(
        name,
        " ".join(command.collect_usage_pieces(context)),
        " ".join((command.help or "").split()),
        [record for record in records if record is not None],
    )


def roff(text: str) -> str:
    """Text as roff: nothing in it is a request, an escape or a typographic hyphen."""
    escaped = " ".join(text.split()).replace("\\", "\\e")
    for mark, instead in (("-", "\\-"), ("`", "\\(ga"), ("'", "\\(aq"), ("^", "\\(ha"), ("~", "\\(ti")):
        escaped = escaped.replace(mark, instead)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


def man_page() -> str:
    """The page, with a newline behind it."""
    environment = Environment(  # noqa: S701 - roff(7), of our own texts
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    environment.filters["roff"] = roff
    exits = [
        (code, meaning.replace("`", ""))
        for code, meaning in EXIT.findall((ROOT / "docs" / "exit-codes.md").read_text())
    ]
    whole, *each = commands()
    return environment.get_template("advisor.1.jinja").render(whole=whole, commands=each, exits=exits)
