"""What `postconf -M`, `-F` and `-P` print of master.cf.

Knowledge: print_master_entry(), print_master_field() and print_master_param() in
src/postconf/postconf_master.c (the names have a prefix pcf_ there), src/postconf/postconf_match.c,
src/postconf/postconf_print.c.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Final

import msgspec

from advisor.postconf.master_entries import FIELDS, Entry, is_option, takes_value
from advisor.postconf.patterns import ANY, Pattern, parse_pattern
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.scope import collapse
from advisor.syntax.master_cf import FIELD_SEPARATORS

_LINE_LIMIT: Final = 80
_INDENT: Final = "    "
# Where each field begins in `-M`, where the ones before it leave room.
_COLUMNS: Final = (0, 11, 17, 25, 33, 41, 49, 57)


class Mode(Enum):
    """ENTRIES is -M, FIELDS is -F, PARAMETERS is -P; the value says what its pattern looks like."""

    ENTRIES = "-M option requires service_name[/type]"
    FIELDS = "-F option requires service_name[/type[/field]]"
    PARAMETERS = "-P option requires service_name[/type[/parameter]]"


Expand = Callable[[str, Entry], str]


class Style(msgspec.Struct, frozen=True):
    """How to print: -f, -h and -H. `expand` is what -x makes of a value for a service; None without -x."""

    fold: bool = False
    hide_names: bool = False
    hide_values: bool = False
    expand: Expand | None = None


def print_services(
    entries: Sequence[Entry], mode: Mode, patterns: Sequence[str], style: Style, stderr: Stderr
) -> Iterator[bytes]:
    """The lines of the services, fields or options that the patterns name; without any, all of them.

    Raises Fatal, also behind some lines: where a macro is broken.
    """
    wanted = [_pattern(text, mode) for text in patterns]
    unmatched = set(range(len(wanted)))
    for entry in entries:
        for number, pattern in enumerate(wanted or [Pattern(ANY)]):
            if pattern.matches(entry.name, entry.type) and _has(entry, mode, pattern.last):
                unmatched.discard(number)
                for line in _lines(entry, mode, pattern.last, style):
                    yield _bytes(f"{line}\n")
    for number in sorted(unmatched):
        stderr.warn(f'unmatched request: "{patterns[number]}"')


def _pattern(text: str, mode: Mode) -> Pattern:
    pattern = parse_pattern(text, 2 if mode is Mode.ENTRIES else 3)
    if pattern is None:
        raise Fatal(mode.value)
    if mode is Mode.FIELDS and pattern.last not in (ANY, *FIELDS):
        raise Fatal(f'invalid service attribute name: "{pattern.last}"')
    return pattern


def _has(entry: Entry, mode: Mode, last: str) -> bool:
    """Whether the entry has what the last part of a pattern names."""
    if mode is not Mode.PARAMETERS:
        return True
    return entry.parameters is not None and last in (ANY, *entry.parameters)


def _lines(entry: Entry, mode: Mode, last: str, style: Style) -> Iterator[str]:
    if mode is Mode.ENTRIES:
        yield _entry(entry, style)
    elif mode is Mode.FIELDS:
        yield from (_field(entry, name, style) for name in FIELDS if last in (ANY, name))
    else:
        names = sorted(entry.parameters or (), key=_bytes)
        yield from (_parameter(entry, name, style) for name in names if last in (ANY, name))


def _entry(entry: Entry, style: Style) -> str:
    line = _Line(style)
    for word, column in zip(entry.words, _COLUMNS, strict=False):
        if line.width > 0:
            line.add(" " * max(1, column - line.width))
        line.add(word)
    _add_arguments(line, entry)
    return line.text


def _field(entry: Entry, name: str, style: Style) -> str:
    line = _Line(style)
    value = entry.words[FIELDS.index(name)]
    if not style.hide_names:
        line.add(f"{entry.key}/{name}")
        if style.hide_values:
            return line.text
        line.add(" = ")
        if line.width + len(_bytes(value)) > _LINE_LIMIT:
            line.wrap()
    line.add(value)
    if name == FIELDS[-1]:
        _add_arguments(line, entry)
    return line.text


def _parameter(entry: Entry, name: str, style: Style) -> str:
    value = (entry.parameters or {})[name]
    if style.hide_values:
        return printed_line(f"{entry.key}/{name}", fold=style.fold)
    if style.expand:
        value = style.expand(value, entry)
    return printed_line(value if style.hide_names else f"{entry.key}/{name} = {value}", fold=style.fold)


def _add_arguments(line: "_Line", entry: Entry) -> None:
    """The arguments behind the fields. Where lines are folded, an option with a value has one of its own."""
    are_options = True
    words = iter(entry.words[len(FIELDS) :])
    for word in words:
        value = None
        is_first_argument = are_options and not is_option(word)
        if is_first_argument:
            are_options = False  # and this one gets no braces, whatever is in it
        elif are_options and takes_value(word):
            value = next(words, None)
        if value is None:
            line.put(word, word if are_options or is_first_argument else _braced(word))
            continue
        if word == "-o" and line.style.expand:
            value = line.style.expand(value, entry)
        line.width = _LINE_LIMIT
        line.put(word, f"{word} {_braced(value)}")
        line.width = _LINE_LIMIT


def _braced(word: str) -> str:
    return f"{{{word}}}" if any(blank in word for blank in FIELD_SEPARATORS) else word


def printed_line(text: str, *, fold: bool) -> str:
    """The text as pcf_print_line() gives it: runs of white space are one blank, or where lines are folded,
    a new line.
    """
    width = 0
    parts: list[str] = []
    for word in collapse(text).split(" "):
        length = len(_bytes(word))
        if width > 0 and fold and width + length >= _LINE_LIMIT:
            parts.append(f"\n{_INDENT}")
            width = len(_INDENT)
        elif width > 0:
            parts.append(" ")
            width += 1
        parts.append(word)
        width += length
    return "".join(parts)


class _Line:
    """A line that grows; `width` is what postconf(1) takes for the bytes in it."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.text = ""
        self.width = 0

    def add(self, text: str) -> None:
        self.text += text
        self.width += len(_bytes(text))

    def wrap(self) -> None:
        self.text += f"\n{_INDENT}"
        self.width = len(_INDENT)

    def put(self, word: str, shown: str) -> None:
        """Add what is shown of a word, behind a blank or a new line; behind a short start, neither."""
        if self.width > len(_INDENT):
            if self.style.fold and self.width + 1 + len(_bytes(word)) >= _LINE_LIMIT:
                self.wrap()
            else:
                self.add(" ")
        self.add(shown)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
