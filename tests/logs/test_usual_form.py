"""Headers written anew in the usual form: they say what they said."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from advisor.logs.columns import LONGEST_LINE
from advisor.logs.headers import HeaderReader
from advisor.logs.usual_form import in_usual_form
from tests.logs.drawn import REFERENCE
from tests.logs.test_usual_lines import two_ways

STAMPS = [
    "Feb 28 08:00:00 ",
    "Nov 03 23:59:59 ",
    "2026-11-03T10:00:56.123456789Z ",
    "2026-11-03T10:00:56+0100 ",
]
ODD_STAMPS = [
    "Feb 30 08:00:00 ",
    "Nov  3 24:00:00 ",
    "2026-13-45T10:00:56Z ",
    "Nov  3 2026 10:00:00 ",
    "mars 21 08:00:00 ",
]
BEFORE = [
    "",
    "mail-1  | ",
    "[pod/mail-0/postfix] ",
    "mail.log:",
    "/var/log/mail.log:17:",
    "<22>",
    "mail-1 | <22>",
    "mail.log:<22>",
]
ODD_BEFORE = ["<22>mail-1 | ", "a:b:", " ", "<22> ", "<22>1 ", "1 ", "\x1b[33m", "x | y | ", "- "]
BETWEEN = ["", "stdout F ", "stderr P ", "stdout F stdout F ", " ", "Mon ", "<22>"]
HOSTS = [
    "mx ",
    "",
    "mx.example ",
    "mail.info ",
    "INFO ",
    "<mail.info> ",
    "mx  ",
    "2001 ",
    "mx mail.info ",
    "Feb 28 ",
    "std ",
]
TAGS = [
    "postfix/smtpd[7]: ",
    "postfix/qmgr: ",
    "postfix/smtpd 7 - - ",
    "postfix/smtpd - - - ",
    "postfix/smtpd 7 ID47 - ",
    'postfix/smtpd 7 - [a b="c"] ',
]
TEXTS = ["connect from a.example[192.0.2.1]", "", " x", "[ID 197553 mail.info] x", "\ufeffx", "warning: x: 1"]


def some(*choices: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([each for listed in choices for each in listed])


LINES = st.builds(
    lambda *parts: "".join(parts),
    some(BEFORE, ODD_BEFORE),
    some(STAMPS, STAMPS, ODD_STAMPS),
    some(["", ""], BETWEEN),
    some(["", ""], STAMPS, ODD_STAMPS),
    some(["mx "], HOSTS),
    some(TAGS),
    some(TEXTS),
)


def said(line: str) -> tuple[object, ...] | None:
    header = HeaderReader(REFERENCE).read(line)
    return header and (*header[:-1], line[header.text :])


@settings(max_examples=3000)
@given(LINES)
@example("mail-1 | <22>1 2026-11-03T10:00:56Z mx postfix/smtpd 7 - - connect from a.example[192.0.2.1]")
def test_a_header_says_what_it_said(line: str) -> None:
    anew = in_usual_form(line.encode() + b"\n").decode()
    assert said(anew.removesuffix("\n")) == said(line)


@settings(max_examples=400)
@given(st.lists(LINES, max_size=30))
def test_columns_tell_what_the_grammar_tells(lines: list[str]) -> None:
    assert two_ways("\n".join([*lines, ""]).encode()) == {}


@pytest.mark.parametrize(
    ("before", "stamp"),
    [
        ("mail-1  | Feb 28 08:00:00 mx postfix/smtpd[7]: ", "Feb 28 08:00:00"),
        ("/var/log/mail.log:17:Feb 28 08:00:00 mx postfix/smtpd[7]: ", "Feb 28 08:00:00"),
        ("2026-11-03T10:00:56.1Z stdout F Nov  3 11:00:56 mx postfix/smtpd[7]: ", "2026-11-03T10:00:56.1Z"),
        ("<22>1 2026-11-03T10:00:56.1Z mx postfix/smtpd 7 - - ", "2026-11-03T10:00:56.1Z"),
    ],
)
def test_the_usual_form(before: str, stamp: str) -> None:
    text = "connect from a.example[192.0.2.1]"
    assert in_usual_form(f"{before}{text}".encode()) == f"{stamp} mx postfix/smtpd[7]: {text}".encode()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_is_as_long_as_it_was(ending: str) -> None:
    header = "<22>Feb 28 08:00:00 mx postfix/smtpd[7]: warning: "
    lines = [header + "x" * (LONGEST_LINE - len(header) + more) for more in range(-6, 7)]
    assert two_ways("".join(line + ending for line in lines).encode()) == {}
