"""What postconf(1) printed, as people paste it: with a shell prompt, mail quoting, an indentation, CR, a BOM
and the warnings in between.

Line N of what comes out is line N of what was given, so that a place in it can be found; what is no part of
postconf's output is an empty line. A line that cannot be told is an error: a wrapped value that lost its end
would open a relay on paper.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.engine.wording import visible
from advisor.errors import InputError, NothingToCheck, SettingsError

ASSIGNMENT = re.compile(r"[ \t]*[^\s=#>$%\[][^\s=]*[ \t]*=")
SERVICE = re.compile(r"[ \t]*[^\s#>$%]\S*[ \t]+(?:inet|unix-dgram|unix|fifo|pass)[ \t]+[yn-][ \t]")

_QUOTE = re.compile(r" {0,3}>[ ]?")
_SAID = re.compile(r"[ \t]*(?:\S*/)?postconf: (warning|error|fatal|panic): (.*)")
# What a terminal, a forum or a mail adds: the command itself behind a prompt or as a heading, a prompt alone,
# the end of a session, a fence.
_AROUND = re.compile(
    r"""\s*(?:
      .*[#$%>]\s*(?:(?:sudo|doas)\s+)?(?:\S*/)?postconf\b.*
    | (?:\S+\s+){0,3}(?:\S*/)?postconf(?:\s+-\S+)*\s*:?
    | [^\s=]+@[^=]*[#$%>]\s*(?:exit|logout)?
    | \[[^\]=]*\][#$%]\s*(?:exit|logout)?
    | [$%>]
    | exit | logout | Connection\ to\ \S+\ closed\.?
    | ```.* | ~~~.* | \[/?code\] | </?(?:pre|code)>
    )\s*""",
    re.VERBOSE,
)
_SIGNATURE = re.compile(r"--[ ]?")


class Said(msgspec.Struct, frozen=True):
    """A warning that stood among the lines, `number` from 1."""

    number: int
    text: str


class Pasted(msgspec.Struct, frozen=True):
    """The text as postconf printed it, and its warnings."""

    lines: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "".join(f"{line}\n" for line in self.lines)


def read_pasted(name: str, data: bytes, line: re.Pattern[str], command: str) -> Pasted:
    """The output of `command` in `data`, whose lines begin as `line` says.

    Raises NothingToCheck where there is none, SettingsError where postconf itself gave up, InputError for a
    line that is neither that nor what usually stands around it.
    """
    given = _without_signature([_unquoted(each) for each in _lines(data)])
    indents = [len(each) - len(each.lstrip()) for each in given if _is_output(each, line)]
    if not indents:
        if any(said and said[1] in ("fatal", "panic") for said in map(_SAID.match, given)):
            indents = [0]
        else:
            raise NothingToCheck(
                f"not a line of what '{command}' prints", where=name, cure=f"give the output of '{command}'"
            )
    said: list[Said] = []
    lines = tuple(_taken(name, given, min(indents), line, command, said))
    return Pasted(lines, tuple(said))


def _lines(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # PowerShell's `>` writes UTF-16
        text = data.decode("utf-16", "replace")
    else:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]


def _unquoted(line: str) -> str:
    while quote := _QUOTE.match(line):
        line = line[quote.end() :]
    return line


def _without_signature(lines: list[str]) -> list[str]:
    """The lines of a mail as they are, those of its signature empty."""
    end = next((at for at, line in enumerate(lines) if _SIGNATURE.fullmatch(line)), len(lines))
    return lines[:end] + [""] * (len(lines) - end)


def _is_output(text: str, line: re.Pattern[str]) -> bool:
    return line.match(text) is not None and _SAID.match(text) is None


def _taken(
    name: str, given: list[str], indent: int, line: re.Pattern[str], command: str, said: list[Said]
) -> Iterator[str]:
    """Each line of the output without the indentation of the whole; the others empty."""
    started = False
    for number, raw in enumerate(given, start=1):
        if found := _SAID.match(raw):
            if found[1] in ("fatal", "panic"):
                raise SettingsError(
                    f"postconf itself gave up there: {visible(found[2])}",
                    where=f"{name}:{number}",
                    cure="Postfix does not run with this configuration either; correct it first",
                )
            said.append(Said(number, found[2]))
            yield ""
            continue
        text = raw[indent:] if not raw[:indent].strip() else raw.lstrip()
        if line.match(text) and not text[0].isspace():
            started = True
            yield text
        elif not text.strip() or _AROUND.fullmatch(text):
            yield ""
        elif text[0] == "#" or (started and text[0].isspace()):
            yield text
        elif started or line.match(text):
            raise InputError(
                f"is no line of what '{command}' prints: {visible(text[:60])!r}",
                where=f"{name}:{number}",
                cure="if it is the end of the line before it, join the two; else take it away",
            )
        else:
            yield ""
