"""Damaged logs by seed: lines as they are, flipped, cut, spliced, torn, stretched, of other writers.

No hypothesis here: a campaign wants millions of lines a minute, and a seed is enough to see one again.
"""

from collections.abc import Callable
from random import Random

_HEADERS = (
    b"<22>1 2026-11-03T04:05:06Z mx postfix/smtpd 12 - - ",
    b"mail-1  | Nov  3 04:05:06 mx postfix/smtpd[12]: ",
    b"Nov 03 04:05:06 mx postfix/smtpd[12]: ",
    b"2026-02-30T04:05:06 mx postfix/smtpd[12]: ",
    b"Feb 29 23:59:60 mx postfix-in/submission/smtpd[99999999999]: ",
    b'{"MESSAGE":"connect from a[b]","SYSLOG_IDENTIFIER":"postfix/smtpd"} ',
    b"",
)
_BYTES = (
    b"\0",
    b"\xff",
    b"\xc3\x28",
    b"\r",
    b"\x1b[2J",
    b"\x85",
    b"\xe2\x80\xa8",
    b"[",
    b"]: ",
    b" ",
    b"\x0b",
)
_LONG = 17_000  # more than the longest line that is read
Mutation = Callable[[Random, bytes, bytes], bytes]


def _flip(random: Random, line: bytes, _: bytes) -> bytes:
    at = random.randrange(len(line) + 1)
    return line[:at] + bytes([random.randrange(256)]).replace(b"\n", b"") + line[at + 1 :]


def _cut(random: Random, line: bytes, _: bytes) -> bytes:
    return line[: random.randrange(len(line) + 1)]


def _behead(random: Random, line: bytes, _: bytes) -> bytes:
    return line[random.randrange(len(line) + 1) :]


def _splice(random: Random, line: bytes, other: bytes) -> bytes:
    return line[: random.randrange(len(line) + 1)] + other[random.randrange(len(other) + 1) :]


def _insert(random: Random, line: bytes, _: bytes) -> bytes:
    at = random.randrange(len(line) + 1)
    return line[:at] + random.choice(_BYTES) * random.randrange(1, 4) + line[at:]


def _double(random: Random, line: bytes, _: bytes) -> bytes:
    at, end = sorted(random.randrange(len(line) + 1) for _ in range(2))
    return line[:end] + line[at:]


def _digit(random: Random, line: bytes, _: bytes) -> bytes:
    places = [at for at, byte in enumerate(line) if 48 <= byte <= 57]
    if not places:
        return line
    at = random.choice(places)
    return line[:at] + str(random.choice((0, 9, 99, 10**12))).encode() + line[at + 1 :]


def _header(random: Random, line: bytes, _: bytes) -> bytes:
    return random.choice(_HEADERS) + line.partition(b"]: ")[2]


def _carriage_return(random: Random, line: bytes, _: bytes) -> bytes:
    return line + b"\r" * random.randrange(1, 3)


def _stretch(random: Random, line: bytes, _: bytes) -> bytes:
    at = random.randrange(len(line) + 1)
    return (
        line[:at] + random.choice((b"x", b" ", b"a=1 ", b"[", b"0")) * random.randrange(1, _LONG) + line[at:]
    )


_USUAL: tuple[Mutation, ...] = (
    _flip,
    _cut,
    _behead,
    _splice,
    _insert,
    _double,
    _digit,
    _header,
    _carriage_return,
)
_STRETCHED = 0.002  # long lines are few, or they would be all of the bytes


def mutated(random: Random, lines: list[bytes], number: int) -> bytes:
    """A log of so many lines, half of them damaged; the last one may lack its end."""
    begin = random.randrange(len(lines))
    out = []
    for at in range(number):
        line = lines[(begin + at) % len(lines)]
        while random.random() < 0.35:
            change = _stretch if random.random() < _STRETCHED else random.choice(_USUAL)
            line = change(random, line, random.choice(lines))
        out.append(line.replace(b"\n", b""))
    return b"\n".join(out) + random.choice((b"\n", b"", b"\n\n"))
