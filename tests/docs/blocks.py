"""The fenced blocks of the documents, and which of them are commands.

Those have `sh` or `console` behind their fence; in a console, a line with `$ ` is a command, and what follows
is what it prints (`…` stands for any lines). What only the reader's machine can run is marked with a comment
above the block: `<!-- needs a host: why -->`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
_DOCS = ROOT / "docs"
# What tests/generated makes of the rules and of --help.
_GENERATED = {_DOCS / "cli.md", *(_DOCS / "rules").iterdir()}
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
    *sorted({*_DOCS.rglob("*.md")} - _GENERATED),
]
SCRIPT, CONSOLE = "sh", "console"
_FENCE = re.compile(
    r"(?:^<!-- needs a host: (?P<why>[^\n]+?) -->\n\n?)?"
    r"^(?P<blanks> *)(?P<fence>```+)(?P<kind>[^\n`]*)\n(?P<text>.*?)^ *(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    page: Path
    line: int
    kind: str
    why_not: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, text: str) -> Iterator[Block]:
    """The blocks of a page, each with the line of its first line of text."""
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        indented = found["text"].splitlines()
        inner = "\n".join(each.removeprefix(found["blanks"]) for each in indented)
        yield Block(page, line, found["kind"].strip(), found["why"] or "", inner)


BLOCKS = [block for page in PAGES for block in blocks(page, page.read_text())]


class Step(NamedTuple):
    """A command of a console, and the lines it prints."""

    command: str
    shown: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    """The commands of a console in their order. A line that ends in a backslash goes on in the next."""
    lines = text.splitlines()
    while lines:
        command = lines.pop(0).removeprefix("$ ")
        while command.endswith("\\") and lines:
            command += "\n" + lines.pop(0).removeprefix("> ")
        shown = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        yield Step(command, tuple(shown))
