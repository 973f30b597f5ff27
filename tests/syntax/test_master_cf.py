"""Services in master.cf. Each case was tried on Postfix 3.7.11."""

import pytest

from advisor.syntax.main_cf import Junk
from advisor.syntax.master_cf import MasterCf, ServiceEntry, parse_master_cf
from advisor.syntax.source import SourceFile

SMTPD = "smtp inet n - - - - smtpd"


def tree(text: str) -> MasterCf:
    return parse_master_cf(SourceFile("master.cf", text))


def entry(text: str) -> ServiceEntry:
    (node,) = tree(text).nodes
    assert isinstance(node, ServiceEntry)
    return node


def junk(text: str) -> Junk:
    (node,) = tree(text).nodes
    assert isinstance(node, Junk)
    return node


def overrides(arguments: str) -> list[tuple[str, str]]:
    return [(o.name, o.value) for o in entry(f"{SMTPD} {arguments}\n").overrides]


def test_eight_fields() -> None:
    service = entry("smtp\tinet  n - y 60? 100 smtpd -v\r\n")
    assert (service.name, service.type, service.key) == ("smtp", "inet", "smtp/inet")
    assert (service.private, service.unpriv, service.chroot) == ("n", "-", "y")
    assert (service.wakeup, service.process_limit, service.command) == ("60?", "100", "smtpd")
    assert [token.text for token in service.arguments] == ["-v"]


def test_too_few_fields_are_fatal_at_the_first_line_of_the_entry() -> None:
    broken = junk("smtp inet n\n # c\n - - -\n")
    assert broken.fatal
    assert (broken.span.line, broken.span.column) == (1, 1)


def test_a_service_may_be_split_anywhere() -> None:
    service = entry("smtp\n inet n\n# c\n - - -\n\n - smtpd\n -o\n biff=no\n")
    assert service.command == "smtpd"
    assert [(o.name, o.value) for o in service.overrides] == [("biff", "no")]


def test_vertical_tab_and_form_feed_continue_a_line_but_separate_no_words() -> None:
    assert entry(f"{SMTPD}\n\vfoo\n").command == "smtpd\vfoo"


@pytest.mark.parametrize("kind", ["inet", "unix", "unix-dgram", "fifo", "pass"])
def test_types(kind: str) -> None:
    assert entry(f"x {kind} - - - - - smtpd").type == kind


@pytest.mark.parametrize(
    "line",
    [
        "x UNIX - - - - - smtpd",
        "x tcp - - - - - smtpd",
        "x unix Y - - - - smtpd",
        "x unix - yes - - - smtpd",
        "x unix - - no - - smtpd",
        "x unix - - - 60?x - smtpd",
        "x unix - - - -1 - smtpd",
        "x unix - - - \u0663 - smtpd",
        "x unix - - - - -1 smtpd",
        "x unix - - - - many smtpd",
        "x unix - - - - \u0663 smtpd",
    ],
)
def test_fields_that_postfix_refuses(line: str) -> None:
    broken = junk(line)
    assert broken.fatal
    assert broken.cure


@pytest.mark.parametrize("wakeup", ["-", "0", "60", "60?"])
def test_wakeup(wakeup: str) -> None:
    assert entry(f"x unix - - - {wakeup} - smtpd").wakeup == wakeup


@pytest.mark.parametrize("wakeup", ["?", "-?"])
def test_wakeup_that_postconf_lets_pass_and_master_refuses(wakeup: str) -> None:
    assert junk(f"x unix - - - {wakeup} - smtpd").fatal


@pytest.mark.parametrize("limit", ["-", "0", "1", "1000"])
def test_process_limit(limit: str) -> None:
    assert entry(f"x unix - - - - {limit} smtpd").process_limit == limit


@pytest.mark.parametrize(
    "name", ["smtp", "25", "127.0.0.1:smtp", "[::1]:25", "localhost:10025", ":26", "*:27", "[v6]:submission"]
)
def test_names_are_kept_as_written(name: str) -> None:
    assert entry(f"{name} inet n - - - - smtpd").key == f"{name}/inet"


def test_of_one_service_both_stay() -> None:
    assert [e.process_limit for e in tree(f"{SMTPD}\nsmtp inet n - - - 7 smtpd\n").entries] == ["-", "7"]


@pytest.mark.parametrize(
    "arguments",
    [
        "-o biff=no",
        "-obiff=no",
        "-vo biff=no",
        "-v -o biff=no",
        "-vvobiff=no",
        "-D -o biff=no",
        "{-o} biff=no",
    ],
)
def test_spellings_of_an_override(arguments: str) -> None:
    assert overrides(arguments) == [("biff", "no")]


def test_a_blank_behind_the_equals_sign_ends_the_value() -> None:
    assert overrides("-o a= b -o c=d") == [("a", "")]


def test_quotes_are_ordinary() -> None:
    assert overrides('-o smtpd_banner="a b"') == [("smtpd_banner", '"a')]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("-o { n = a  b }", ("n", "a  b")),
        ("-o {n=a b}", ("n", "a b")),
        ("-o { n = }", ("n", "")),
        ("-o {n=}", ("n", "")),
        ("-o { n = { a, b } }", ("n", "{ a, b }")),
        ("-o {n = a\n   b}", ("n", "a   b")),
        ("-o { n = \v a }", ("n", "a")),
        ("-o \vn=a", ("n", "a")),
        ("-o { n = a", ("n", "a")),
        ("-o {n = a}b", ("n", "a")),
    ],
)
def test_braces(arguments: str, expected: tuple[str, str]) -> None:
    assert overrides(arguments) == [expected]


@pytest.mark.parametrize("arguments", ["-o foo", "-o", "-o =x", "-o { foo }", "-o {a b = c}"])
def test_what_is_no_override(arguments: str) -> None:
    assert overrides(arguments) == []


def test_an_option_without_a_parameter_does_not_stop_the_next() -> None:
    assert overrides("-o foo -o biff=no") == [("biff", "no")]


def test_one_name_twice() -> None:
    assert overrides("-o biff=yes -o biff=no") == [("biff", "yes"), ("biff", "no")]


@pytest.mark.parametrize("stop", ["# hello", "hello", "-- ", "- "])
def test_the_first_word_that_is_no_option_stops(stop: str) -> None:
    assert overrides(f"-o a=b {stop} -o x=y") == [("a", "b")]


def test_other_options_take_their_value_along() -> None:
    assert overrides("-s 5 -o biff=no") == [("biff", "no")]
    assert overrides("-s5 -o biff=no") == [("biff", "no")]


def test_the_command_of_pipe_is_no_option() -> None:
    service = entry(
        "x unix - n n - - pipe -o biff=no flags=R user=y argv=/bin/z -o x=y ${recipient} {echo a  b}\n"
    )
    assert [o.name for o in service.overrides] == ["biff"]
    assert service.arguments[-1].text == "{echo a  b}"


def test_places_of_an_override() -> None:
    text = f"{SMTPD}\n  -o biff=no\n  -o {{ x = a\n b }}\n  -o y=\n"
    biff, x, y = entry(text).overrides
    assert str(biff.span) == "master.cf:2:6"
    assert text[biff.start : biff.end] == "biff=no"
    assert text[biff.value_start : biff.value_end] == "no"
    assert x.braced
    assert text[x.value_start : x.value_end] == "a\n b"
    assert text[x.start : x.end] == "{ x = a\n b }"
    assert y.value_start == y.value_end == text.index("y=") + 2
