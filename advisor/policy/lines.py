"""In which line of a TOML text a key stands; tomllib does not tell.

The text is cut into statements, and tomllib itself says of each which keys it names.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from advisor.engine.toml_form import Steps

# Words, and what may hold a bracket or a line end that means nothing; longer forms first.
_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|[\[{\]},\n]|[^\s\[{\]},#\"']+",
    re.DOTALL,
)


def line_of(lines: Mapping[Steps, int], steps: Steps) -> int:
    """The line of the value, or of the nearest around it that has one; 1 where none has."""
    return next((lines[steps[:end]] for end in range(len(steps), 0, -1) if steps[:end] in lines), 1)


def key_lines(text: str) -> Mapping[Steps, int]:
    """The line of each table, key and element of a list in a text that is TOML, counted from 1."""
    found: dict[Steps, int] = {}
    counts: Counter[Steps] = Counter()
    table: Steps = ()
    for line, statement in _statements(text):
        said = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            steps = table = _header(said, counts)
            elements: list[int] = []
        else:
            steps = (*table, *_keys(said))
            elements = _elements(statement)
        for end in range(1, len(steps) + 1):
            found.setdefault(steps[:end], line)
        for number, below in enumerate(elements):
            found[*steps, number] = line + below
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or `key = value`, with the line in which it begins."""
    begin, line, depth, lines_inside = 0, 1, 0, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        depth += (word in "[{") - (word in "]}")
        lines_inside += word.count("\n")
        if word == "\n" and depth == 0:
            yield from _said(text[begin : token.end()], line)
            begin, line, lines_inside = token.end(), line + lines_inside, 0
    yield from _said(text[begin:], line)


def _said(statement: str, line: int) -> Iterator[tuple[int, str]]:
    code = statement.strip()
    if code and not code.startswith("#"):
        yield line, statement


def _elements(statement: str) -> list[int]:
    """How far below the statement's first line each element of its list begins; none where it is no list."""
    begins: list[int] = []
    depth, below, awaited = 0, 0, False
    for token in _TOKEN.finditer(statement):
        word = token[0]
        if depth == 0 and word == "{":
            return []
        if awaited and word not in ("\n", "]") and not word.startswith("#"):
            begins.append(below)
            awaited = False
        depth += (word in "[{") - (word in "]}")
        awaited = awaited or (depth == 1 and word in "[,")
        below += word.count("\n")
    return begins


def _header(said: Mapping[str, Any], counts: Counter[Steps]) -> Steps:
    """The steps to the table; `[[ignore]]` is the next one of its list."""
    steps: list[str | int] = []
    value: Any = said
    while value:
        if isinstance(value, list):
            counts[tuple(steps)] += 1
            steps.append(counts[tuple(steps)] - 1)
            break
        ((key, value),) = value.items()
        steps.append(key)
    return tuple(steps)


def _keys(said: Mapping[str, Any]) -> Steps:
    """The dotted keys of one statement; the value may be a table that goes on with them."""
    steps: list[str | int] = []
    value: Any = said
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        steps.append(key)
    return tuple(steps)
