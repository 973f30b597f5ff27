"""What each postconf(1) command printed, as far as it tells something of a host: -n, -M, -d and -m."""

import re

import msgspec

from advisor.errors import InputError, UsageError
from advisor.inputs.pasted import ASSIGNMENT, SERVICE, Pasted, Said, read_pasted
from advisor.settings.release import Release
from advisor.syntax.main_cf import parse_main_cf
from advisor.syntax.source import SourceFile

_UNUSED = re.compile(r".*main\.cf: unused parameter: ([^\s=]+)\s*=\s*(.*)")
_OVERRIDDEN = re.compile(r".*main\.cf, line \d+: overriding earlier entry: ([^\s=]+)\s*=\s*(.*)")
_VERSION = re.compile(r"mail_version\s*=\s*(\S+)\s*")
_TABLE_TYPE = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)


class PrintedMain(msgspec.Struct, frozen=True):
    """The text behind `postconf -n`. `unread`: what it warned of as unused. `mail_version`: empty where it
    is not told.
    """

    source: SourceFile
    unread: frozenset[str]
    mail_version: str


def printed_main(name: str, data: bytes) -> PrintedMain:
    """What `postconf -n` printed.

    The lines that it left out and warned of are put back, where the warning stands: one that nothing reads,
    and one that a later line overrides. Raises what read_pasted does, UsageError for the output of a plain
    `postconf`.
    """
    pasted = read_pasted(name, data, ASSIGNMENT, "postconf -n")
    lines = list(pasted.lines)
    version = ""
    for index, line in enumerate(lines):
        if line.startswith("process_id "):
            raise UsageError(
                "has the defaults in it, as 'postconf' and 'postconf -d' print them",
                where=name,
                cure="give the output of 'postconf -n'; that of 'postconf -d' belongs to --defaults",
            )
        if found := _VERSION.fullmatch(line):
            version, lines[index] = found[1], ""
    unread = _put_back(lines, pasted.said)
    return PrintedMain(SourceFile(name, _text(lines)), unread, version)


def printed_master(name: str, data: bytes) -> SourceFile:
    """The entries that `postconf -M` printed, or those of a master.cf. Raises what read_pasted does."""
    return SourceFile(name, _text(read_pasted(name, data, SERVICE, "postconf -M").lines))


def printed_defaults(name: str, data: bytes) -> dict[str, str]:
    """The defaults that `postconf -d` printed, unexpanded.

    Raises what read_pasted does, and InputError if it is not the output of `postconf -d`.
    """
    pasted = read_pasted(name, data, ASSIGNMENT, "postconf -d")
    tree = parse_main_cf(SourceFile(name, _text(pasted.lines)))
    defaults = {line.name: line.value for line in tree.assignments}
    if "mail_version" not in defaults:
        raise InputError(
            "has no mail_version, so it is not all that 'postconf -d' prints",
            where=name,
            cure="give its whole output",
        )
    Release.parse(defaults["mail_version"])
    return defaults


def printed_table_types(name: str, data: bytes) -> frozenset[str]:
    """The table types that `postconf -m` printed. Raises what read_pasted does."""
    pasted = read_pasted(name, data, _TABLE_TYPE, "postconf -m")
    return frozenset(line.strip() for line in pasted.lines if line.strip())


def _text(lines: "list[str] | tuple[str, ...]") -> str:
    return Pasted(tuple(lines), ()).text


def _put_back(lines: list[str], said: tuple[Said, ...]) -> frozenset[str]:
    """Puts what was left out back into `lines`; gives the names that nothing reads.

    postconf may read main.cf more than once, and then takes its own last entry for an earlier one: only a
    value that differs from the printed one, in front of it, was really overridden.
    """
    tree = parse_main_cf(SourceFile("", _text(lines)))
    printed = {line.name: line for line in tree.assignments}
    unread: set[str] = set()
    done: set[tuple[str, str]] = set()
    for each in said:
        unused, overridden = _UNUSED.fullmatch(each.text), _OVERRIDDEN.fullmatch(each.text)
        found = unused or overridden
        if found is None or (found[1], found[2]) in done:
            continue
        name, value = found[1], found[2].rstrip()
        winner = printed.get(name)
        if unused:
            unread.add(name)
        elif winner and (winner.value == value or winner.span.line < each.number):
            continue
        # Standard error may break into a folded value, whose rest must not fall to another line.
        if (not unused and not winner) or _goes_on(lines, each.number):
            continue
        done.add((found[1], found[2]))
        lines[each.number - 1] = f"{name} = {value}"
    return frozenset(unread)


def _goes_on(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number:] if line), "")
    return following.startswith((" ", "\t"))
