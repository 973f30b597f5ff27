"""The fenced blocks of the documents, and which of them are commands.

Those have `sh` behind their fence, and the block right below is what they print, if it has no word behind its
fence; or `console`, where a line with `$ ` is a command, and what follows is what it prints. `…` stands for
any lines. A comment above a block says why only the reader may run it (`<!-- needs a host: why -->`),
or that the commands of the page find its text as a file (`<!-- file: NAME -->`).
"""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
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
    r"(?:^<!-- (?:needs a host: (?P<why>[^\n]+?)|file: (?P<file>\S+)) -->\n\n?)?"
    r"^(?P<blanks> *)(?P<fence>```+)(?P<kind>[^\n`]*)\n(?P<text>.*?)^ *(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """`shown` is what its commands print, if the page says that; `files` stand in the page's other blocks."""

    page: Path
    line: int
    kind: str
    text: str
    why_not: str = ""
    shown: str | None = None
    files: Mapping[str, str] = {}

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


class Step(NamedTuple):
    """A command and the lines it prints."""

    command: str
    shown: tuple[str, ...]


def blocks(page: Path, text: str) -> Iterator[Block]:
    """The blocks of a page, each with the line of its first line of text."""
    found = list(_FENCE.finditer(text))
    files = {each["file"]: _text(each) for each in found if each["file"]}
    for this, following in zip_longest(found, found[1:]):
        line = text.count("\n", 0, this.start("text")) + 1
        shown = None
        if following and not following["kind"] and not text[this.end() : following.start()].strip():
            shown = _text(following)
        yield Block(page, line, this["kind"].strip(), _text(this), this["why"] or "", shown, files)


def _text(fence: re.Match[str]) -> str:
    return "".join(f"{line.removeprefix(fence['blanks'])}\n" for line in fence["text"].splitlines())


def steps(block: Block) -> Iterator[Step]:
    """The commands of a block: a script is one, a console has several, which may go on behind a backslash."""
    if block.kind == SCRIPT:
        yield Step(block.text, ("…",) if block.shown is None else tuple(block.shown.splitlines()))
        return
    lines = block.text.splitlines()
    while lines:
        command = lines.pop(0).removeprefix("$ ")
        while command.endswith("\\") and lines:
            command += "\n" + lines.pop(0).removeprefix("> ")
        shown = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        yield Step(command, tuple(shown))


BLOCKS = [block for page in PAGES for block in blocks(page, page.read_text())]
