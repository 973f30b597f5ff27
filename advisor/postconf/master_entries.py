"""master.cf as postconf(1) reads it: words in its own normal form, and the options that it understands.

It reads less strictly than master(8), whose reading is that of advisor.syntax.master_cf: any field may be a
group in braces, `-?` is a wakeup time, of the options it knows `-o` alone to take a value, and it splits an
option word at each `o`. Knowledge: src/postconf/postconf_master.c; register_user_parameters() in
src/postconf/postconf_user.c.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from advisor.postconf.reading import is_ignored
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.release import Release
from advisor.syntax.braces import unbraced
from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.master_cf import SERVICE_TYPES, MasterCf, Override, ServiceEntry, split_words
from advisor.syntax.name_value import NoAssignment, split_name_value
from advisor.syntax.source import WHITE_SPACE, SourceFile, Span

FIELDS: Final = ("service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command")
_COUNT: Final = len(FIELDS)
_DIGITS: Final = "0123456789"
# The release since which a `{ … }` group is one word.
_GROUPS: Final = Release(3, 0)
_NOWHERE: Final = Span("", 1, 1, 1, 1)


class Entry(msgspec.Struct, frozen=True):
    """One service: `words` are its fields, then its arguments in normal form.

    `parameters` has what its `-o` options set; entries of one name and type share it, and of one parameter
    the last value counts. It is None as long as no entry up to this one has any. `program` is what
    $process_name stands for.
    """

    words: tuple[str, ...]
    parameters: Mapping[str, str] | None
    program: str

    @property
    def name(self) -> str:
        """The first field."""
        return self.words[0]

    @property
    def type(self) -> str:
        """The second field."""
        return self.words[1]

    @property
    def key(self) -> str:
        """Name and type: `smtp/inet`."""
        return f"{self.name}/{self.type}"

    def as_service_entry(self) -> ServiceEntry:
        """The same, for the search of names in advisor.settings; its places are nowhere."""
        name, kind, private, unpriv, chroot, wakeup, limit, command = self.words[:_COUNT]
        overrides = (
            Override(option, value, _NOWHERE, 0, 0, 0, 0, braced=False)
            for option, value in (self.parameters or {}).items()
        )
        return ServiceEntry(
            name=name,
            type=kind,
            private=private,
            unpriv=unpriv,
            chroot=chroot,
            wakeup=wakeup,
            process_limit=limit,
            command=command,
            arguments=(),
            overrides=tuple(overrides),
            fields=(),
            text="",
            span=_NOWHERE,
            start=0,
            end=0,
        )


def as_master_cf(entries: Sequence[Entry]) -> MasterCf:
    """The entries as the tree of a file without text, for the search of names in advisor.settings."""
    return MasterCf(SourceFile("", ""), tuple(entry.as_service_entry() for entry in entries))


def read_entries(source: SourceFile, release: Release, stderr: Stderr) -> tuple[Entry, ...]:
    """The entries of a master.cf in file order. Raises Fatal."""
    entries = [
        _words(source, line, stderr, has_groups=release >= _GROUPS)
        for line in logical_lines(source)
        if isinstance(line, LogicalLine) and not is_ignored(source, line, release, stderr)
    ]
    spaces: dict[tuple[str, str], dict[str, str]] = {}
    read = []
    for words in entries:
        key = words[0], words[1]
        if set_here := dict(_parameters(words)):
            spaces.setdefault(key, {}).update(set_here)
        read.append(Entry(tuple(words), spaces.get(key), words[_COUNT - 1].rpartition("/")[2]))
    return tuple(read)


def takes_value(option: str) -> bool:
    """Whether the next word belongs to that option. A lone `-` is taken for one (strchr(3) finds its end)."""
    return option[1:2] in ("", "o")


def is_option(word: str) -> bool:
    """Whether the word is an option, and not the first argument behind them."""
    return word.startswith("-") and word != "--"


def _words(source: SourceFile, line: LogicalLine, stderr: Stderr, *, has_groups: bool) -> list[str]:
    words = [word.text for word in split_words(line.text, grouped_from=0 if has_groups else len(line.text))]
    if len(words) < _COUNT:
        raise Fatal(f"file {source.name}: line {source.position(line.start)[0]}: bad field count")
    if field := _bad_field(words):
        raise Fatal(f'invalid {field} field "{words[FIELDS.index(field)]}" in "{line.text}"')
    _split_options(words)
    if has_groups:
        _take_braces_off(words, stderr)
    return words


def _bad_field(words: list[str]) -> str | None:
    """pcf_check_master_entry(): the name of the first field that it refuses."""
    _, kind, *flags, wakeup, limit, _ = words[:_COUNT]
    if kind not in SERVICE_TYPES:
        return "type"
    for name, flag in zip(FIELDS[2:5], flags, strict=True):
        if flag not in ("y", "n", "-"):
            return name
    seconds = wakeup.removesuffix("?")
    if seconds != "-" and seconds.strip(_DIGITS):
        return "wakeup"
    return "process_limit" if limit != "-" and limit.strip(_DIGITS) else None


def _split_options(words: list[str]) -> None:
    """pcf_normalize_daemon_args(): `-va=b` stays, `-vob=c` becomes `-v`, `-o`, `b=c`; any `o` divides."""
    index = _COUNT
    while index < len(words) and is_option(words[index]):
        option = words[index]
        split = option.find("o", 2)
        if split > 0:
            words[index : index + 1] = [option[:split], f"-{option[split:]}"]
            option = words[index]
        if takes_value(option) and option[2:]:
            words[index : index + 1] = [option[:2], option[2:]]
        index += 2 if takes_value(option) else 1


def _take_braces_off(words: list[str], stderr: Stderr) -> None:
    """pcf_normalize_daemon_args(): from values and arguments; of an `-o`, `{ n = v }` becomes `n=v`."""
    index, are_options = _COUNT, True
    while index < len(words):
        are_options = are_options and is_option(words[index])
        has_value = are_options and takes_value(words[index])
        place = index + has_value
        if (has_value or not are_options) and words[place : place + 1] and words[place].startswith("{"):
            inner = _without_braces(words[place], stderr)
            words[place] = _name_value(inner, stderr) if has_value and words[index] == "-o" else inner
        index = place + 1


def _without_braces(word: str, stderr: Stderr) -> str:
    inner = unbraced(word)
    if inner.problem:
        stderr.warn(f"master.cf: {inner.problem}")
    return inner.text.strip(WHITE_SPACE)


def _name_value(text: str, stderr: Stderr) -> str:
    parts = split_name_value(text)
    if isinstance(parts, NoAssignment):
        missing = "attribute name" if not text or text.startswith("=") else "'=' after attribute name"
        stderr.warn(f'master.cf: missing {missing}: "{text}"')
        return text
    return f"{text[parts.name_start : parts.name_end]}={text[parts.value_start : parts.value_end]}"


def _parameters(words: list[str]) -> Iterator[tuple[str, str]]:
    index = _COUNT
    while index + 1 < len(words) and is_option(words[index]):
        if not takes_value(words[index]):
            index += 1
            continue
        parts = split_name_value(words[index + 1])
        if words[index] == "-o" and not isinstance(parts, NoAssignment):
            text = words[index + 1]
            yield text[parts.name_start : parts.name_end], text[parts.value_start : parts.value_end]
        index += 2
