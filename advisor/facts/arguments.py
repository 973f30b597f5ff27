"""What stands behind the command of a service and keeps it from running.

Knowledge: getopt(3) and its options in src/master/single_server.c and its like, get_master_ent() in
src/master/master_ent.c for braces, the sanity check of each program's service function ("takes no
command-line arguments"), get_service_attr() in src/smtp/smtp.c. What is fatal was tried with Postfix 3.7.11.
"""

from collections.abc import Sequence

import msgspec

from advisor.settings.macro_text import short
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.braces import unbraced
from advisor.syntax.master_cf import Token

_WITHOUT_ARGUMENTS = frozenset(
    """anvil bounce cleanup discard dnsblog error flush local nqmgr oqmgr pickup postlogd proxymap qmgr qmqpd
    scache showq smtpd tlsmgr tlsproxy trivial-rewrite verify virtual""".split()
)
_WITH_FLAGS = frozenset({"smtp", "lmtp"})
_WITH_ALL = frozenset({"pipe", "spawn", "postscreen"})
_KNOWN = _WITHOUT_ARGUMENTS | _WITH_FLAGS | _WITH_ALL
_LETTERS = "cdDilmnosStuvVz"
_WITH_VALUE = "imnost"
_BRACES = Release(3, 0)
_ENDS = "each process ends with a fatal error"


class ArgumentFault(msgspec.Struct, frozen=True):
    """A word that stops the service; `word` is where it stands. `stops_all`: master(8) does not start."""

    word: Token
    problem: str
    cure: str
    stops_all: bool = False


def argument_fault(service: Service, release: Release) -> ArgumentFault | None:
    """The first word behind the command with which a program of Postfix, or master(8), does not run."""
    words = service.entry.arguments
    if release >= _BRACES:
        for word in words:
            if word.text.startswith("{") and (problem := unbraced(word.text).problem):
                what = "has no '}'" if problem.startswith("missing") else "goes on behind its '}'"
                return ArgumentFault(
                    word,
                    f"{short(word.text)} of {service.key} {what}: Postfix does not start",
                    "close the brace, with white space behind it",
                    stops_all=True,
                )
    return _of_options(service, words) if service.command in _KNOWN else None


def breaks_off(service: Service) -> bool:
    """Whether a word stands behind the options that the program does not take: part of a value, as a rule."""
    command, operands = service.command, service.entry.operands
    if command in _WITH_FLAGS:
        return any(not word.text.startswith("flags=") for word in operands)
    return bool(operands) and command in _WITHOUT_ARGUMENTS


def _of_options(service: Service, words: tuple[Token, ...]) -> ArgumentFault | None:
    """getopt(3): options up to the first word that is none, then arguments."""
    key, rest = service.key, iter(words)
    before = ""
    for word in rest:
        text = _bare(word)
        if text == "--":
            return _of_arguments(service, tuple(rest), before)
        if not text.startswith("-") or text == "-":
            return _of_arguments(service, (word, *rest), before)
        letters = text[1:]
        while letters and letters[0] not in _WITH_VALUE:
            if letters[0] not in _LETTERS:
                return ArgumentFault(
                    word, f"{service.command} of {key} has no option -{letters[0]}: {_ENDS}", "take it out"
                )
            letters = letters[1:]
        if not letters:
            continue
        value = word if letters[1:] else next(rest, None)
        if value is None:
            return ArgumentFault(
                word,
                f"nothing follows the last -{letters[0]} of {key}: {_ENDS}",
                "write -o name=value, or take it out",
            )
        before = letters[1:] or _bare(value)
        if letters[0] == "o" and (not before.partition("=")[0].strip() or "=" not in before):
            return ArgumentFault(
                value,
                f"{short(f'-o {before}')} of {key} has no '=' behind a name: {_ENDS}",
                "write -o name=value, without blanks around the '='",
            )
    return None


def _of_arguments(service: Service, words: Sequence[Token], before: str) -> ArgumentFault | None:
    """Of the words behind the options, the first that the program does not take."""
    if service.command in _WITH_ALL:
        return None
    has_flags = service.command in _WITH_FLAGS
    word = next((each for each in words if not (has_flags and each.text.startswith("flags="))), None)
    if word is None:
        return None
    text = _bare(word)
    if text.startswith("#"):
        cure = "write the comment on a line of its own, in front of the service"
    elif text == "\\":
        cure = "take it out: white space at the begin of a line is what continues the one before"
    elif before:
        cure = "leave out the blanks behind -o, or write braces: -o { name = value with blanks }"
    else:
        cure = "take it out, or write -o in front"
    problem = f"{service.command} takes no such argument as {short(text)} of {service.key}: {_ENDS}"
    return ArgumentFault(word, problem, cure)


def _bare(word: Token) -> str:
    return unbraced(word.text).text.strip() if word.text.startswith("{") else word.text
