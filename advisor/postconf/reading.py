"""main.cf as postconf(1) reads it, with what it says on the way.

Knowledge: dict_load_fp() in src/util/dict.c, src/util/readlline.c, src/util/split_nameval.c,
pcf_set_config_dir() and pcf_set_parameters() in src/postconf.
"""

from collections.abc import Mapping
from typing import Final

from advisor.postconf.checks import NUL, OVERRIDING
from advisor.postconf.stderr import Fatal, Stderr, beginning
from advisor.settings.release import Release
from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.main_cf import Assignment
from advisor.syntax.name_value import NoAssignment, split_name_value
from advisor.syntax.source import WHITE_SPACE, SourceFile, Span

# How much of an ignored line a warning shows.
_SHOWN: Final = 30


def read_pairs(
    source: SourceFile, release: Release, stderr: Stderr, preset: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The value of each name that the file sets; `preset` has what was set before. Raises Fatal."""
    values = dict(preset or {})
    for line in logical_lines(source):
        if not isinstance(line, LogicalLine):
            continue
        if is_ignored(source, line, release, stderr):
            continue
        place = f"{source.name}, line {source.position(line.start)[0]}"
        name, value = _split(line.text, place)
        if values.get(name, value) != value and release >= OVERRIDING:
            stderr.warn(f"{place}: overriding earlier entry: {name}={values[name]}")
        values[name] = value
    return values


def override(text: str) -> tuple[str, str]:
    """The name and value of `-o name=value`. Raises Fatal."""
    parts = split_name_value(text)
    if isinstance(parts, NoAssignment):
        raise Fatal(f"invalid parameter override: {text}: {_missing(text)}")
    return text[parts.name_start : parts.name_end], text[parts.value_start : parts.value_end]


def assignment(name: str, value: str) -> Assignment:
    """An assignment that stands in no file."""
    nowhere = Span("", 1, 1, 1, 1)
    return Assignment(name, value, "", nowhere, nowhere, 0, 0, 0, 0)


def is_ignored(source: SourceFile, line: LogicalLine, release: Release, stderr: Stderr) -> bool:
    """Whether Postfix passes over the logical line, of main.cf or master.cf; says what is wrong with it."""
    if line.cut and release >= NUL:
        place = f"{source.name}, line {source.position(line.start)[0]}{_last_line(source, line)}"
        stderr.warn(f"{place}: text after null byte may be ignored")
    if not line.text.startswith(tuple(WHITE_SPACE)):
        return False
    shown = beginning(line.text, _SHOWN)
    dots = "..." if len(line.text.encode("utf-8", "surrogateescape")) + line.cut > _SHOWN else ""
    stderr.warn(f'{source.name}: logical line must not start with whitespace: "{shown}{dots}"')
    return True


def _last_line(source: SourceFile, line: LogicalLine) -> str:
    first, last = source.position(line.start)[0], source.position(line.end - 1)[0]
    return "" if first == last else f"-{last}"


def _split(text: str, place: str) -> tuple[str, str]:
    parts = split_name_value(text)
    if isinstance(parts, NoAssignment):
        raise Fatal(f'{place}: {_missing(text)}: "{text}"')
    return text[parts.name_start : parts.name_end], text[parts.value_start : parts.value_end]


def _missing(text: str) -> str:
    is_nameless = text.lstrip(WHITE_SPACE)[:1] in ("", "=")
    return "missing attribute name" if is_nameless else "missing '=' after attribute name"
