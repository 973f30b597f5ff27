"""Ignore comments as they are read, and what Postfix reads beside them."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.syntax.ignore_comments import IgnoreComment, Lines, Nowhere, WholeFile, ignore_comments
from advisor.syntax.main_cf import MainCf, parse_main_cf
from advisor.syntax.master_cf import MasterCf, parse_master_cf
from advisor.syntax.source import SourceFile
from tests.syntax.texts import main_cf_texts, master_cf_texts


def of_main(text: str) -> tuple[IgnoreComment, ...]:
    return ignore_comments(parse_main_cf(SourceFile("main.cf", text)))


def one(text: str) -> IgnoreComment:
    (found,) = of_main(text)
    return found


def test_all_that_can_be_said() -> None:
    found = one("biff = no\n# advisor: ignore[a-b, c] until=2027-03-01 -- hall 3, OPS-1412\nrelayhost =\n")
    assert [name.text for name in found.names] == ["a-b", "c"]
    assert [str(name.span) for name in found.names] == ["main.cf:2:19", "main.cf:2:24"]
    assert (found.until, found.reason, found.problem) == (date(2027, 3, 1), "hall 3, OPS-1412", "")
    assert found.reach == Lines(3, 3, 3, 3, "relayhost")
    assert str(found.span) == "main.cf:2:1"


@pytest.mark.parametrize(
    "text",
    [
        "#advisor:ignore[a]",
        "## advisor: ignore [a]",
        "   # advisor: ignore[a,]\r",
        "# Advisor: Ignore[ a ]",
        "# advisor: ignore[a] --",
        "# advisor: ignore[a]--x",
    ],
)
def test_forms_that_are_read(text: str) -> None:
    found = one(f"{text}\nbiff = no\n")
    assert ([name.text for name in found.names], found.problem) == (["a"], "")


@pytest.mark.parametrize(
    "text",
    [
        "# advisor: ignored, since it is old",
        "# see advisor: ignore[a]",
        "# advisor: run it daily",
        "# ignore[a]",
    ],
)
def test_comments_of_another_kind(text: str) -> None:
    assert of_main(f"{text}\nbiff = no\n") == ()


def test_what_stands_behind_a_value_is_no_comment() -> None:
    assert of_main("biff = no # advisor: ignore[a]\n") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# advisor: ignore", "it names no rules in brackets"),
        ("# advisor: ignore this host", "it names no rules in brackets"),
        ("# advisor: ignore-fil[a]", "it names no rules in brackets"),
        ("# advisor: ignore[a", "it names no rules in brackets"),
        ("# advisor: ignore[]", "it names no rule;"),
        ("# advisor: ignore[ , ]", "it names no rule;"),
        ("# advisor: ignore[a] until=tomorrow", "'until=tomorrow' names no day"),
        ("# advisor: ignore[a] until=2027-02-30", "'until=2027-02-30' names no day"),
        ("# advisor: ignore[a] until=20270301", "names no day"),
        ("# advisor: ignore[a] untill=2027-03-01", "'untill=2027-03-01' is not known there"),
        ("# advisor: ignore[a] until=2027-03-01 please", "'please' is not known there"),
        ("# advisor: ignore[a] \N{EN DASH} hall 3", "is not known there"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, words: str) -> None:
    found = one(f"{text}\nbiff = no\n")
    assert words in found.problem
    assert found.names == ()


def test_comments_alone_may_stand_between() -> None:
    text = "# advisor: ignore[a]\n# why\n# advisor: ignore[b]\nbiff = no\n"
    assert [each.reach for each in of_main(text)] == [Lines(4, 4, 4, 4, "biff")] * 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# advisor: ignore[a]\n\nbiff = no\n", "a blank line"),
        ("biff = no\n# advisor: ignore[a]\n", "no line of a setting"),
        ("# advisor: ignore[a]", "no line of a setting"),
        ("mynetworks =\n  a\n  # advisor: ignore[a]\n\n  b\n", "a blank line"),
    ],
)
def test_a_comment_that_is_for_nothing(text: str, words: str) -> None:
    reach = one(text).reach
    assert isinstance(reach, Nowhere)
    assert words in reach.reason


def test_above_and_between() -> None:
    text = "# advisor: ignore[a]\nmynetworks =\n  a\n# advisor: ignore[b]\n  # c\n  d # e\n\n  f\nbiff = no\n"
    assert [each.reach for each in of_main(text)] == [
        Lines(2, 8, 2, 8, "mynetworks"),
        Lines(6, 6, 2, 8, "mynetworks: d # e"),
    ]


def test_behind_a_continued_value_it_is_for_the_next_line() -> None:
    assert one("mynetworks =\n  a\n# advisor: ignore[b]\nbiff = no\n").reach == Lines(4, 4, 4, 4, "biff")


def test_the_whole_file() -> None:
    assert one("biff = no\n\n# advisor: ignore-file[a]\n").reach == WholeFile()


def test_in_master_cf() -> None:
    text = "# advisor: ignore[a]\nsmtp inet n - n - - smtpd\n  # advisor: ignore[b]\n  -o a=b\nbroken\n"
    tree = parse_master_cf(SourceFile("master.cf", text))
    assert [each.reach for each in ignore_comments(tree)] == [
        Lines(2, 4, 2, 4, "smtp/inet"),
        Lines(4, 4, 2, 4, "smtp/inet: -o a=b"),
    ]


COMMENTS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "  ", "\t"]),
    st.sampled_from(["# advisor: ignore", "# advisor: ignore-file", "#advisor: ignore", "# advisor:"]),
    st.sampled_from(["[a]", "[a, b-c]", "[]", "", "[\x1b, \udcff]", "[a"]),
    st.sampled_from(["", " until=2027-03-01", " -- why", " until=x -- why\r", " #"]),
)


def with_comment(text: str, comment: str, place: int) -> str:
    """The comment in front of one of the lines of the text."""
    lines = text.split("\n")
    place %= len(lines)
    return "\n".join([*lines[:place], comment, *lines[place:]])


def read_main(tree: MainCf) -> list[tuple[str, str]]:
    return [(line.name, line.raw_value) for line in tree.assignments]


def read_master(tree: MasterCf) -> list[tuple[object, ...]]:
    return [
        (
            each.key,
            [word.text for word in (*each.fields, *each.arguments)],
            [(o.name, o.value) for o in each.overrides],
        )
        for each in tree.entries
    ]


@given(main_cf_texts, COMMENTS, st.integers(0, 50))
def test_a_comment_changes_nothing_that_postfix_reads_in_main_cf(text: str, comment: str, place: int) -> None:
    before, after = (
        parse_main_cf(SourceFile("main.cf", each)) for each in (text, with_comment(text, comment, place))
    )
    assert read_main(after) == read_main(before)


@given(master_cf_texts, COMMENTS, st.integers(0, 50))
def test_a_comment_changes_nothing_that_postfix_reads_in_master_cf(
    text: str, comment: str, place: int
) -> None:
    before, after = (
        parse_master_cf(SourceFile("master.cf", each)) for each in (text, with_comment(text, comment, place))
    )
    assert read_master(after) == read_master(before)


@given(
    st.one_of(main_cf_texts, master_cf_texts), st.lists(st.tuples(COMMENTS, st.integers(0, 50)), max_size=4)
)
def test_each_comment_stands_where_it_says(text: str, comments: list[tuple[str, int]]) -> None:
    for comment, place in comments:
        text = with_comment(text, comment, place)
    trees = parse_main_cf(SourceFile("f", text)), parse_master_cf(SourceFile("f", text))
    for found in (each for tree in trees for each in ignore_comments(tree)):
        assert text[found.start : found.end] == found.text
        assert "\n" not in found.text
        for name in found.names:
            assert text[name.start : name.end] == name.text
            assert found.start < name.start < name.end < found.end
        assert bool(found.names) is not bool(found.problem)
        if isinstance(found.reach, Lines):
            assert found.reach.begin <= found.reach.first <= found.reach.last <= found.reach.end
            assert found.span.line < found.reach.first


@given(main_cf_texts, st.integers(0, 50))
def test_a_comment_in_front_of_a_line_is_found(text: str, place: int) -> None:
    assume("#" not in text)
    after = with_comment(text, "# advisor: ignore[a] -- why", place)
    (found,) = of_main(after)
    assert (found.text, found.reason) == ("# advisor: ignore[a] -- why", "why")
