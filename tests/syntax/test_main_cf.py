"""`name = value` in main.cf. Each case was tried on Postfix 3.7.11."""

import pytest

from advisor.syntax.main_cf import Junk, MainCf, parse_main_cf
from advisor.syntax.source import SourceFile


def tree(text: str) -> MainCf:
    return parse_main_cf(SourceFile("main.cf", text))


@pytest.mark.parametrize("name", ["x_$y", "9x", "my-param.x", "Biff", "caf\udce9", "{a}", "a#b"])
def test_any_characters_make_a_name(name: str) -> None:
    assert [a.name for a in tree(f"{name} = 1\n").assignments] == [name]


@pytest.mark.parametrize("equals", ["=", " =", "= ", "\t=\t", " \v= \f", "\n = "])
def test_white_space_around_the_equals_sign_is_free(equals: str) -> None:
    assert [(a.name, a.raw_value) for a in tree(f"a{equals}b\n").assignments] == [("a", "b")]


def test_the_first_equals_sign_splits() -> None:
    assert [(a.name, a.raw_value) for a in tree("a = b = c\nd==e\n").assignments] == [
        ("a", "b = c"),
        ("d", "=e"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("smtpd_banner\n", "no '=' behind the parameter name"),
        ("smtpd banner = x\n", "no '=' behind the parameter name"),
        ("smtpd_banner\n  x = y\n", "no '=' behind the parameter name"),
        ("= foo\n", "no parameter name before '='"),
        ("<<<<<<< HEAD\n", "no '=' behind the parameter name"),
    ],
)
def test_lines_that_postfix_refuses(text: str, problem: str) -> None:
    (junk,) = tree(f"# c\nbiff = no\n{text}").junk
    assert junk.fatal
    assert junk.problem == f"{problem}: Postfix refuses to start with such a line"
    assert junk.cure
    assert (junk.span.line, junk.span.column) == (3, 1)


def test_junk_does_not_hide_what_follows() -> None:
    broken = tree("junk\nbiff = no\n")
    assert [a.name for a in broken.assignments] == ["biff"]
    assert isinstance(broken.nodes[0], Junk)


@pytest.mark.parametrize("text", ["relayhost =\n", "relayhost=", "relayhost =  \n", "relayhost =\r\n"])
def test_an_empty_value_is_a_value(text: str) -> None:
    (relayhost,) = tree(text).assignments
    assert relayhost.raw_value == relayhost.value == ""
    assert relayhost.value_start == relayhost.value_end == text.index("=") + 1


def test_of_one_name_both_stay_in_order() -> None:
    assert [a.raw_value for a in tree("biff = yes\nx = 1\nbiff = no\n").assignments if a.name == "biff"] == [
        "yes",
        "no",
    ]


def test_spans_of_name_and_value() -> None:
    (networks,) = tree("\nmynetworks = 127.0.0.0/8\n  # office\n  10.0.0.0/8  \n").assignments
    assert str(networks.span) == "main.cf:2:1"
    assert (networks.span.end_line, networks.span.end_column) == (4, 13)
    assert (networks.value_span.line, networks.value_span.column) == (2, 14)
    assert (networks.value_span.end_line, networks.value_span.end_column) == (4, 13)


def test_a_value_that_begins_on_the_next_line() -> None:
    text = "mynetworks =\n    10.0.0.0/8\n"
    (networks,) = tree(text).assignments
    assert text[networks.value_start : networks.value_end] == "10.0.0.0/8"
    assert networks.raw_value == "10.0.0.0/8"


def test_an_empty_file_is_an_empty_tree() -> None:
    assert tree("").nodes == ()
