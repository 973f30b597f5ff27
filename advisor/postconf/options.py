"""The command line of postconf(1), read as it reads its own.

Knowledge: main(), pcf_check_exclusive_options() and pcf_check_compat_options() in src/postconf/postconf.c;
getopt(3), told to stop at the first argument.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

import msgspec

from advisor.errors import UsageError
from advisor.postconf.names import Class
from advisor.postconf.stderr import Fatal
from advisor.settings.release import Release

_LETTERS: Final = "aAbc:C:deEfFhHlmMno:pPtT:vxX#"
# In the order in which postconf(1) names them.
_FLAGS: Final = "aAbCdefFhHlmMnopPtTxX#"
_MODES: Final = "aAbtlmpMFPT"
_EXCLUSIVE: Final = (_MODES, "den#X", "fe#X", "xe#X", "ode#X", "heH#X")
_GOES_WITH: Final = {
    **dict.fromkeys("aAbtlmT", ""),
    "p": "eX#fhCxdnoH",
    "M": "eX#fox",
    "F": "efhoxH",
    "P": "eXfhoxH",
}
_EDITS: Final = "eX#"
_QUIET_SINCE: Final = Release(3, 9)
_USAGE: Final = (
    "usage: postconf [-a (server SASL types)] [-A (client SASL types)] [-b (bounce templates)]"
    " [-c config_dir] [-c param_class] [-d (parameter defaults)] [-e (edit configuration)] [-f (fold lines)]"
    " [-F (master.cf fields)] [-h (no names)] [-H (no values)] [-l (lock types)] [-m (map types)]"
    " [-M (master.cf)] [-n (non-default parameters)] [-o name=value (override parameter value)]"
    " [-p (main.cf, default)] [-P (master.cf parameters)] [-t (bounce templates)]"
    " [-T compile-version|run-version|public-key-algorithms] [-v (verbose)] [-x (expand parameter values)]"
    " [-X (exclude)] [-# (comment-out)] [name...]"
)


class Show(Enum):
    """What is printed: main.cf's parameters, or master.cf's entries, fields or options."""

    MAIN = "p"
    ENTRIES = "M"
    FIELDS = "F"
    PARAMETERS = "P"


class Options(msgspec.Struct, frozen=True):
    """`folder` is None without -c. `names` are the arguments: parameters, or patterns of services."""

    show: Show
    folder: str | None
    defaults: bool
    explicit: bool
    fold: bool
    expand: bool
    hide_names: bool
    hide_values: bool
    quiet: bool
    classes: frozenset[Class]
    overrides: tuple[str, ...]
    names: tuple[str, ...]


class BadOption(Fatal):
    """getopt(3) refuses the command line: it says so itself, and then the usage is shown."""

    def __init__(self, complaint: str) -> None:
        super().__init__(_USAGE)
        self.complaint = complaint


def parse(argv: Sequence[str], release: Release) -> Options:
    """The options and arguments behind the command's name.

    Raises Fatal for what postconf(1) refuses, and UsageError for what it does besides printing settings.
    """
    given: set[str] = set()
    folder: str | None = None
    classes = frozenset({Class.BUILTIN, Class.SERVICE, Class.USER})
    overrides: list[str] = []
    words = list(argv)
    for letter, value in _getopt(words, release):
        if letter == "c":
            folder = value
        elif letter == "C":
            classes = _classes(value)
        elif letter == "o":
            overrides.append(value)
        elif letter in "bt" and given & {"b", "t"}:
            raise Fatal("specify one of -b and -t")
        elif letter == "T" and letter in given:
            raise Fatal("At most one -T <mode> option may be specified")
        if letter not in "cCvE":
            given.add(letter)
    if not given & set(_MODES):
        given.add("p")
        is_default_mode = True
    else:
        is_default_mode = False
    if given & set("pMFP") and words and "=" in words[0]:
        given.add("e")
    _check(given, is_default_mode=is_default_mode)
    _refuse_what_is_no_printing(given)
    return Options(
        show=next(show for show in Show if show.value in given),
        folder=folder,
        defaults="d" in given,
        explicit="n" in given,
        fold="f" in given,
        expand="x" in given,
        hide_names="h" in given,
        hide_values="H" in given,
        quiet="q" in given,
        classes=classes,
        overrides=tuple(overrides),
        names=tuple(words),
    )


def _getopt(words: list[str], release: Release) -> Iterator[tuple[str, str]]:
    """The options, with their values; they are taken off `words`."""
    letters = _LETTERS + ("q" if release >= _QUIET_SINCE else "")
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            return
        rest = word[1:]
        while rest:
            letter, rest = rest[0], rest[1:]
            place = letters.find(letter)
            if place < 0 or letter == ":":
                raise BadOption(f"postconf: invalid option -- '{letter}'")
            if letters[place + 1 : place + 2] != ":":
                yield letter, ""
                continue
            if not rest and not words:
                raise BadOption(f"postconf: option requires an argument -- '{letter}'")
            yield letter, rest or words.pop(0)
            rest = ""


def _classes(text: str) -> frozenset[Class]:
    found: set[Class] = set()
    listed = (Class.BUILTIN, Class.SERVICE, Class.USER)
    for word in text.translate(dict.fromkeys(map(ord, ",\t\r\n"), " ")).split(" "):
        matching = [each for each in listed if word.lower() in (each.value, "all")]
        if word and not matching:
            raise Fatal(f'unknown -C option value "{word}" in "{text}"')
        found.update(matching)
    return frozenset(found)


def _check(given: set[str], *, is_default_mode: bool) -> None:
    for group in _EXCLUSIVE:
        both = given & set(group)
        if len(both) > 1:
            raise Fatal(f"specify one of {_named(both)}")
    chosen = given - {"q"} - ({"p"} if is_default_mode else set())
    for mode, partners in _GOES_WITH.items():
        excess = chosen - {mode} - set(partners)
        if mode in chosen and excess:
            raise Fatal(f"with option -{mode}, do not specify {_named(excess)}")


def _named(letters: set[str]) -> str:
    return " ".join(f"-{letter}" for letter in _FLAGS if letter in letters)


def _refuse_what_is_no_printing(given: set[str]) -> None:
    if edits := given & set(_EDITS):
        raise UsageError(
            "advisor postconf reads, and changes nothing",
            where=_named(edits),
            cure="run 'advisor check --diff' for a patch that has been proven, or postconf itself",
        )
    if others := given & set("aAbtlmT"):
        raise UsageError(
            "only the installed programs can tell this",
            where=_named(others),
            cure="ask postconf on the mail server itself",
        )
