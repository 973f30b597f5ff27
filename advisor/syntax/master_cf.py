"""master.cf as a lossless tree: eight fields a service, the last one a command with its options.

Law: `render(parse_master_cf(source)) == source.text`. Knowledge: src/master/master_ent.c (get_str_ent and
friends), master(5), and the stock programs' option letters (getopt in src/master/single_server.c).
"""

import re
from collections.abc import Iterator
from functools import cached_property

import msgspec
from msgspec.structs import replace

from advisor.syntax.again import parse_again
from advisor.syntax.braces import unbraced
from advisor.syntax.logical_lines import Filler, LogicalLine, logical_lines
from advisor.syntax.main_cf import Blank, Comment, Junk, content_span, filler_node, indented_start
from advisor.syntax.name_value import NoAssignment, split_name_value
from advisor.syntax.source import WHITE_SPACE, Shift, SourceFile, Span

FIELD_SEPARATORS = " \t\r\n"
SERVICE_TYPES = ("inet", "unix", "unix-dgram", "fifo", "pass")
_WAKEUP = re.compile(r"-|[0-9]+\??")
_LIMIT = re.compile(r"-|[0-9]+")


class Token(msgspec.Struct, frozen=True):
    """A word of the entry and its place: source offsets, the end exclusive."""

    text: str
    start: int
    end: int

    def moved(self, by: Shift) -> "Token":
        """The same word at another place."""
        return Token(self.text, self.start + by.characters, self.end + by.characters)


class Override(msgspec.Struct, frozen=True):
    """`-o name=value`, in any of its spellings; `span` is that of `name=value`.

    `value_start`/`value_end` are the source offsets of the value. `braced`: written as `{ name = value }`.
    """

    name: str
    value: str
    span: Span
    start: int
    end: int
    value_start: int
    value_end: int
    braced: bool

    def moved(self, by: Shift) -> "Override":
        """The same option at another place."""
        return Override(
            self.name,
            self.value,
            self.span.moved(by),
            self.start + by.characters,
            self.end + by.characters,
            self.value_start + by.characters,
            self.value_end + by.characters,
            self.braced,
        )


class ServiceEntry(msgspec.Struct, frozen=True, dict=True):
    """One service. Fields hold the text as written ('-' means the default, which differs by field).

    `operands` are the arguments from the first one on that is no option and no value of one.
    """

    name: str
    type: str
    private: str
    unpriv: str
    chroot: str
    wakeup: str
    process_limit: str
    command: str
    arguments: tuple[Token, ...]
    overrides: tuple[Override, ...]
    fields: tuple[Token, ...]
    text: str
    span: Span
    start: int
    end: int
    operands: tuple[Token, ...] = ()

    @property
    def key(self) -> str:
        """Postfix's own name of the service: `smtp/inet`."""
        return f"{self.name}/{self.type}"

    @cached_property
    def overridden(self) -> frozenset[str]:
        """The names that its options give a value."""
        return frozenset(override.name for override in self.overrides)

    def moved(self, by: Shift) -> "ServiceEntry":
        """The same service at another place."""
        return replace(
            self,
            arguments=tuple(word.moved(by) for word in self.arguments),
            overrides=tuple(override.moved(by) for override in self.overrides),
            fields=tuple(word.moved(by) for word in self.fields),
            span=self.span.moved(by),
            start=self.start + by.characters,
            end=self.end + by.characters,
        )


MasterCfNode = ServiceEntry | Comment | Blank | Junk


class MasterCf(msgspec.Struct, frozen=True):
    """The nodes of a master.cf, in order; their texts together are the file."""

    source: SourceFile
    nodes: tuple[MasterCfNode, ...]

    @property
    def entries(self) -> Iterator[ServiceEntry]:
        """The services in file order; of one name and type, master(8) uses the last."""
        return (node for node in self.nodes if isinstance(node, ServiceEntry))

    @property
    def junk(self) -> Iterator[Junk]:
        """The lines that are no service."""
        return (node for node in self.nodes if isinstance(node, Junk))


def parse_master_cf(source: SourceFile, before: MasterCf | None = None) -> MasterCf:
    """The tree of a master.cf; it never fails: what cannot be understood is a Junk node.

    `before` may be the tree of an earlier text of the file: it changes nothing but the work.
    """
    if before is not None and before.source.name == source.name:
        return MasterCf(source, parse_again(source, before.source, before.nodes, _node))
    return MasterCf(source, tuple(_node(source, line) for line in logical_lines(source)))


def render(tree: MasterCf) -> str:
    """The text of the tree, byte for byte what was parsed."""
    return "".join(node.text for node in tree.nodes)


def _node(source: SourceFile, line: LogicalLine | Filler) -> MasterCfNode:
    if isinstance(line, Filler):
        return filler_node(source, line)
    if junk := indented_start(source, line):
        return junk
    words = list(split_words(line.text, grouped_from=8))
    problem = _problem([word.text for word in words[:8]])
    if problem:
        return Junk(
            source.text[line.start : line.end],
            content_span(source, line),
            f"{problem[0]}: Postfix refuses to start with such a line",
            problem[1],
            fatal=True,
        )
    name, kind, private, unpriv, chroot, wakeup, limit, command = (word.text for word in words[:8])
    values, operands = _options(words[8:])
    options = (_override(source, line, value) for value in values)
    return ServiceEntry(
        name=name,
        type=kind,
        private=private,
        unpriv=unpriv,
        chroot=chroot,
        wakeup=wakeup,
        process_limit=limit,
        command=command,
        arguments=tuple(_token(line, word) for word in words[8:]),
        overrides=tuple(each for each in options if each is not None),
        fields=tuple(_token(line, word) for word in words[:8]),
        text=source.text[line.start : line.end],
        span=content_span(source, line),
        start=line.start,
        end=line.end,
        operands=tuple(_token(line, word) for word in operands),
    )


class Word(msgspec.Struct, frozen=True):
    """A word of the logical line and the index where it begins there."""

    text: str
    index: int


def split_words(text: str, *, grouped_from: int) -> Iterator[Word]:
    """The words of an entry (mystrtokq()): from the word of that number on, a `{ … }` group is one word.

    master(8) groups behind the eight fields, since 3.0; postconf(1) from the first word on.
    """
    index, count = 0, 0
    while found := _WORD.search(text, index):
        start, index = found.span()
        if count >= grouped_from and "{" in found[0]:
            index = _end_of_group(text, start)
        yield Word(text[start:index], start)
        count += 1


_WORD = re.compile(f"[^{FIELD_SEPARATORS}]+")


def _end_of_group(text: str, index: int) -> int:
    """Where a word ends that goes on while a brace is open."""
    depth = 0
    while index < len(text) and (depth > 0 or text[index] not in FIELD_SEPARATORS):
        depth += {"{": 1, "}": -1 if depth else 0}.get(text[index], 0)
        index += 1
    return index


def _token(line: LogicalLine, word: Word) -> Token:
    return Token(word.text, line.offset(word.index), line.behind(word.index + len(word.text)))


def _problem(fields: list[str]) -> tuple[str, str] | None:
    if len(fields) < 8:
        return (
            f"{len(fields)} of the 8 fields of a service",
            "write name, type, private, unpriv, chroot, wakeup, maxproc and command",
        )
    _, kind, *flags, wakeup, limit, _ = fields
    if kind not in SERVICE_TYPES:
        return f"no service type is called {kind!r}", f"use one of {', '.join(SERVICE_TYPES)}"
    for label, flag in zip(("private", "unpriv", "chroot"), flags, strict=True):
        if flag not in ("y", "n", "-"):
            return f"the {label} field is {flag!r}", "use y, n or -"
    if not _WAKEUP.fullmatch(wakeup):
        return f"the wakeup field is {wakeup!r}", "use seconds, seconds with a '?', or -"
    if not _LIMIT.fullmatch(limit):
        return f"the maxproc field is {limit!r}", "use a number, or - for default_process_limit"
    return None


def _options(arguments: list[Word]) -> tuple[list[Word], list[Word]]:
    """The values of `-o`, and the words from the first one on that is no option: there getopt(3) stops."""
    values: list[Word] = []
    place = 0
    while place < len(arguments):
        word = _unbraced(arguments[place])
        if word.text == "--":
            return values, arguments[place + 1 :]
        if not word.text.startswith("-") or len(word.text) == 1:
            return values, arguments[place:]
        place += 1
        letters = word.text[1:]
        while letters and letters[0] not in _WITH_VALUE:
            letters = letters[1:]
        if not letters:
            continue
        if letters[1:]:
            value = Word(letters[1:], word.index + len(word.text) - len(letters) + 1)
        elif place == len(arguments):
            break
        else:
            value = arguments[place]
            place += 1
        if letters[0] == "o":
            values.append(value)
    return values, []


# The options of the daemons that take a value: getopt "cDi:lm:n:o:s:t:uvVzdS" of the server skeletons.
_WITH_VALUE = "imnost"


def _unbraced(word: Word) -> Word:
    """The word without its outer braces and the white space inside them, as master(8) takes it.

    What is wrong with the braces draws a warning only.
    """
    if not word.text.startswith("{"):
        return word
    inner = unbraced(word.text)
    stripped = inner.text.lstrip(WHITE_SPACE)
    return Word(stripped.rstrip(WHITE_SPACE), word.index + 1 + len(inner.text) - len(stripped))


def _override(source: SourceFile, line: LogicalLine, word: Word) -> Override | None:
    """`name=value` or `{ name = value }`; None for what is neither."""
    inner = _unbraced(word)
    parts = split_name_value(inner.text)
    if isinstance(parts, NoAssignment):
        return None
    token = _token(line, word)
    empty = parts.value_start == parts.value_end
    value_start = inner.index + parts.value_start
    return Override(
        name=inner.text[parts.name_start : parts.name_end],
        value=inner.text[parts.value_start : parts.value_end],
        span=source.span(token.start, token.end),
        start=token.start,
        end=token.end,
        value_start=line.behind(value_start) if empty else line.offset(value_start),
        value_end=line.behind(inner.index + parts.value_end),
        braced=word.text.startswith("{"),
    )
