"""Physical lines to logical ones, as readlline.c does it. Each case was tried on Postfix 3.7.11."""

import pytest

from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.main_cf import Assignment, Blank, Comment, Junk, parse_main_cf
from advisor.syntax.source import SourceFile


def stored(text: str) -> list[tuple[str, str]]:
    return [(a.name, a.raw_value) for a in parse_main_cf(SourceFile("main.cf", text)).assignments]


def printed(text: str) -> list[tuple[str, str]]:
    return [(a.name, a.value) for a in parse_main_cf(SourceFile("main.cf", text)).assignments]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("relay_domains = a\n   \t\n\n b\n", "a b"),
        ("relay_domains = a\n# c\n b\n", "a b"),
        ("relay_domains = a\n    # an indented comment\n b\n", "a b"),
        ("relay_domains = a\n\n# c\n\n   b\n", "a   b"),
    ],
)
def test_comments_and_blanks_do_not_end_a_value(text: str, value: str) -> None:
    assert stored(text) == [("relay_domains", value)]


def test_an_indented_line_behind_a_comment_belongs_to_the_parameter_before() -> None:
    assert printed("biff = no\n# c\n   yes\n") == [("biff", "no yes")]


def test_trailing_comments_belong_to_nobody() -> None:
    tree = parse_main_cf(SourceFile("main.cf", "biff = no\n# c\n\nx = y\n"))
    assert [type(node) for node in tree.nodes] == [Assignment, Comment, Blank, Assignment]


@pytest.mark.parametrize("indent", [" ", "\t", "\r", "\v", "\f", " \t "])
def test_any_white_space_continues_and_is_kept(indent: str) -> None:
    assert stored(f"x = a\n{indent}b\n") == [("x", f"a{indent}b")]


@pytest.mark.parametrize("start", ["\u00a0", "\ufeff", "\x85", "\u2028"])
def test_other_blanks_do_not_continue(start: str) -> None:
    assert stored(f"x = a\n{start}b = c\n") == [("x", "a"), (f"{start}b", "c")]


def test_printed_value_has_one_blank_where_the_stored_has_many() -> None:
    assert stored('x = "hello   world"\t\tb\n') == [("x", '"hello   world"\t\tb')]
    assert printed('x = "hello   world"\t\tb\n') == [("x", '"hello world" b')]


def test_vertical_tab_and_form_feed_are_not_collapsed_in_print() -> None:
    assert printed("x = a\v\v\f b\n") == [("x", "a\v\v\f b")]


@pytest.mark.parametrize("text", [" biff = no\n", "# c\n\n\tbiff = no\n", " biff = no"])
def test_a_first_line_with_white_space_in_front_is_ignored(text: str) -> None:
    tree = parse_main_cf(SourceFile("main.cf", text))
    (junk,) = tree.junk
    assert not junk.fatal
    assert not list(tree.assignments)
    assert (junk.span.line, junk.span.column) == (text.count("\n", 0, text.index("b")) + 1, 2)


def test_an_ignored_first_line_takes_its_continuations_along() -> None:
    tree = parse_main_cf(SourceFile("main.cf", " a = b\n c\nbiff = no\n"))
    assert [type(node) for node in tree.nodes] == [Junk, Assignment]


def test_a_backslash_and_quotes_are_ordinary() -> None:
    assert stored('x = a \\\ny = "b\n') == [("x", "a \\"), ("y", '"b')]


def test_a_comment_behind_a_value_is_part_of_it() -> None:
    assert stored("biff = no # really\n") == [("biff", "no # really")]


def test_no_newline_at_the_end() -> None:
    assert stored("a = b\nbiff = no") == [("a", "b"), ("biff", "no")]
    assert stored("biff =") == [("biff", "")]


def test_crlf_is_white_space() -> None:
    assert stored("a = b\r\n\r\n c\r\nbiff = no\r\n") == [("a", "b\r c"), ("biff", "no")]
    assert printed("a = b\r\n c\r\n") == [("a", "b c")]


def test_a_lone_carriage_return_ends_no_line() -> None:
    assert printed("biff = no\rrelayhost = x") == [("biff", "no relayhost = x")]


def test_text_behind_a_nul_is_dropped_up_to_the_end_of_the_logical_line() -> None:
    tree = parse_main_cf(SourceFile("main.cf", "biff = no\0yes\n  more\nx = y\n"))
    biff, x = tree.assignments
    assert (biff.raw_value, biff.cut) == ("no", len("\0yes  more"))
    assert (x.raw_value, x.cut) == ("y", 0)


def test_a_nul_at_the_start_leaves_a_line_without_a_name() -> None:
    (junk,) = parse_main_cf(SourceFile("main.cf", "\0biff = no\n")).junk
    assert junk.fatal


def test_an_empty_value_before_a_nul_stands_behind_the_equals_sign() -> None:
    text = "x =\n \0\n"
    (x,) = parse_main_cf(SourceFile("main.cf", text)).assignments
    assert x.value_start == x.value_end == text.index("=") + 1


def test_a_byte_order_mark_is_glued_to_the_first_name() -> None:
    assert stored(SourceFile.from_bytes("main.cf", b"\xef\xbb\xbfbiff = no\n").text) == [("\ufeffbiff", "no")]


def test_a_byte_order_mark_before_a_comment_is_fatal() -> None:
    (junk,) = parse_main_cf(SourceFile.from_bytes("main.cf", b"\xef\xbb\xbf# main.cf\n")).junk
    assert junk.fatal


def test_bytes_that_are_no_utf8_pass() -> None:
    source = SourceFile.from_bytes("main.cf", b"x = caf\xe9\n")
    (x,) = parse_main_cf(source).assignments
    assert x.raw_value.encode("utf-8", "surrogateescape") == b"caf\xe9"
    assert source.encode() == b"x = caf\xe9\n"


def test_a_line_may_be_of_any_length() -> None:
    assert stored(f"x = {'a' * 300_000}\n") == [("x", "a" * 300_000)]


def test_offsets_of_a_line_with_comments_inside() -> None:
    text = "x = a\n# c\n  b\n"
    (line,) = logical_lines(SourceFile("main.cf", text))
    assert isinstance(line, LogicalLine)
    assert line.text == "x = a  b"
    assert [text[line.offset(index)] for index in range(8)] == list("x = a  b")
    assert line.offset(8) == line.behind(8) == text.index("b") + 1
    assert line.behind(5) == text.index("\n")
