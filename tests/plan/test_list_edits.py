# ruff: noqa: E501 - a row of a table is easier to read in one line
"""A list is changed element by element, in its own style, and nothing beside the element moves."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.engine.changes import (
    Applicability,
    Change,
    ChangeElement,
    Fix,
    Requires,
    SetParameter,
)
from advisor.engine.verdicts import Confidence, Finding, Severity
from advisor.plan.conflicts import Proposal, without_conflicts
from advisor.plan.edits import apply_changes
from advisor.plan.list_edits import changed_items
from advisor.plan.text_edits import CannotEdit
from advisor.plan.verify import objection
from advisor.settings.instance import Instance
from advisor.settings.values import split_items
from advisor.syntax.source import WHITE_SPACE
from tests.plan.edit_texts import instance

R = "smtpd_recipient_restrictions"
SMTP = "smtp inet n - n - - smtpd"
LONG = f"{R} =\n  permit_mynetworks,\n  # why\n  check_client_access hash:/a,\n\n  reject\n# end\n"


def changed(main: str, *changes: Change, master: str = f"{SMTP}\n") -> Instance:
    after = apply_changes(instance(main, master), changes)
    assert isinstance(after, Instance), after
    return after


def main_after(main: str, *changes: Change) -> str:
    return changed(main, *changes).main_cf.source.text


def of(element: str, *new: str) -> ChangeElement:
    return ChangeElement(R, element, new)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (f"{R} = a, b\n", of("a", "x"), f"{R} = x, b\n"),
        (f"{R} = a, b\n", of("a", "x", "a"), f"{R} = x, a, b\n"),
        (f"{R} = a, b\n", of("b", "b", "x"), f"{R} = a, b, x\n"),
        (f"{R} = a b c\n", of("b", "b", "x y"), f"{R} = a b x y c\n"),
        (f"{R}=a,b,c\n", of("b", "b", "x"), f"{R}=a,b,x,c\n"),
        (f"{R} = a\n", of("a", "a", "x"), f"{R} = a, x\n"),
        (f"{R} = a, b, c\n", of("a"), f"{R} = b, c\n"),
        (f"{R} = a, b, c\n", of("b"), f"{R} = a, c\n"),
        (f"{R} = a, b, c\n", of("c"), f"{R} = a, b\n"),
        (f"{R} = a\n", of("a"), f"{R} =\n"),
        (f"{R} = a,\n  b\n", of("a"), f"{R} =\n  b\n"),
        (f"{R} = a,\n  b\n", of("b"), f"{R} = a\n"),
        (f"{R} = b a b, c\n", of("a b", "a"), f"{R} = b a, c\n"),
        (f"{R} =\n  a,\n  # why\n  b\n", of("a b", "a"), f"{R} =\n  a\n  # why\n"),
        (f"{R} = a,\n  b c,\n  d\n", of("b"), f"{R} = a,\n  c,\n  d\n"),
        (f"{R} =\n  a\n  , b\n  , c\n", of("b", "b", "x"), f"{R} =\n  a\n  , b\n  , x\n  , c\n"),
        (f"{R} =\n  a\n  , b\n  , c\n", of("c"), f"{R} =\n  a\n  , b\n"),
        (LONG, of("permit_mynetworks", "permit_mynetworks", "x"), LONG.replace("  # why", "  x,\n  # why")),
        (LONG, of("check_client_access hash:/a", "x y"), LONG.replace("check_client_access hash:/a", "x y")),
        (LONG, of("check_client_access hash:/a"), LONG.replace("  check_client_access hash:/a,\n", "")),
        (LONG, of("reject"), LONG.replace("hash:/a,", "hash:/a").replace("  reject\n", "")),
        (LONG, of("reject", "x", "reject"), LONG.replace("  reject", "  x,\n  reject")),
        (LONG, of("reject", "reject", "x"), LONG.replace("  reject", "  reject,\n  x")),
        (LONG.replace("\n", "\r\n"), of("reject", "x", "reject"), LONG.replace("  reject", "  x,\n  reject").replace("\n", "\r\n")),
        (LONG, of("absent", "x"), LONG),
        (f"{R} = {{ a, b }} c", of("{ a, b }", "{ d, e }"), f"{R} = {{ d, e }} c"),
        (f"{R} = {{ a, b }} c", of("a", "x"), f"{R} = {{ a, b }} c"),
        (f"{R} = a, b\n", of("b", "b", "c"), f"{R} = a, b, c\n"),
        (f"{R} = a, b, c\n", of("b", "b", "c"), f"{R} = a, b, c\n"),
        (f"{R} = a\n{R} = a, b\n", of("a", "x"), f"{R} = a\n{R} = x, b\n"),
        (f"{R} =\n  a,\n  {{ b,\n# in it\n c }},\n  d\n", of("{ b, c }"), f"{R} =\n  a,\n# in it\n  d\n"),
    ],
)  # fmt: skip
def test_main_cf(before: str, change: ChangeElement, after: str) -> None:
    assert main_after(before, change) == after


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (f"{SMTP} -o {R}=a,b\n", ("b", "b", "x y"), f"{SMTP} -o {R}=a,b,x,y\n"),
        (f"{SMTP} -o {R}=a,b -v\n", ("a",), f"{SMTP} -o {R}=b -v\n"),
        (f"{SMTP} -o {R}=a\n", ("a", "x", "y"), f"{SMTP} -o {R}=x,y\n"),
        (f"{SMTP} -o {R}=a\n", ("a",), f"{SMTP} -o {R}=\n"),
        (f"{SMTP}\n  -o {{ {R} = a,\n   b }}\n", ("b", "x y", "b"), f"{SMTP}\n  -o {{ {R} = a,\n   x y,\n   b }}\n"),
        (f"{SMTP}\n", ("p", "q"), f"{SMTP}\n  -o {{ {R} = q, r }}\n"),
        (f"{SMTP}\n", ("absent", "q"), f"{SMTP}\n"),
    ],
)  # fmt: skip
def test_master_cf(before: str, change: tuple[str, ...], after: str) -> None:
    element, *new = change
    behind = changed(f"{R} = p r\n", ChangeElement(R, element, tuple(new), "smtp/inet"), master=before)
    assert behind.master_cf
    assert behind.master_cf.source.text == after


@pytest.mark.parametrize(
    ("main", "change", "words"),
    [
        ("", of("a", "b"), f"main.cf does not set {R}"),
        (f"{R} = a\0\n", of("a", "b"), "there is a NUL byte"),
        (f"{R} =\n  a\n  b\n", of("a", "#b"), "cannot be changed where it stands"),
        (f"{R} = a\n", of("a", "b\nx = y"), "cannot be written on one line"),
        ("", ChangeElement(R, "a", ("}",), "smtp/inet"), "cannot be changed where it stands"),
    ],
)
def test_what_cannot_be_changed(main: str, change: ChangeElement, words: str) -> None:
    refused = apply_changes(instance(main, f"{SMTP} -o {{ {R} = a b }}\n"), [change])
    assert isinstance(refused, CannotEdit)
    assert words in refused.reason


ELEMENTS = ("a", "b", "check_x hash:/a", "{ c, d }", "${e?{f}:{g}}", "h=i")
separators = st.sampled_from(
    (",", ", ", " ", "\t", ",\n  ", "\n\t", "\n  , ", ",\r\n  ", ",\n  # a comment\n  ", "\n\n# another\n ", ", , ")
)  # fmt: skip


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A value, and its elements."""
    elements = draw(st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=5, unique=True))
    value = draw(st.sampled_from((" ", "", "\n  ", " ,\n "))) + elements[0]
    for element in elements[1:]:
        value += draw(separators) + element
    return value + draw(st.sampled_from(("", "", ",", " ,\n  "))), elements


changes = st.sampled_from((("x",), ("x", "y z"), (), ("x", None), (None, "x"), ("x", None, "y z")))


def new_for(element: str, change: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(element if each is None else each for each in change)


def comments(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.lstrip(WHITE_SPACE).startswith("#")]


@given(lists(), changes, st.data())
def test_the_list_is_what_was_asked_and_its_file_as_it_was(
    written: tuple[str, list[str]], change: tuple[str | None, ...], data: st.DataObject
) -> None:
    value, elements = written
    element = data.draw(st.sampled_from(elements))
    front, back = "# first\nbiff = no\r\n", data.draw(st.sampled_from(("\n# last\nx_y = 1", "\r\n", "\n")))
    text = f"{front}{R} ={value}{back}"
    asked = of(element, *new_for(element, change))
    behind = main_after(text, asked)
    wanted = changed_items(split_items(instance(text).setting(R).text), element, asked.new)
    assert split_items(instance(behind).setting(R).text) == wanted
    assert behind.startswith(front)
    assert behind.endswith(back.lstrip("\r"))
    assert comments(behind) == comments(text)
    assert main_after(behind, asked) == behind


@given(lists(), st.data())
def test_an_element_added_and_taken_away_again(written: tuple[str, list[str]], data: st.DataObject) -> None:
    value, elements = written
    element = data.draw(st.sampled_from(elements))
    text = f"{R} ={value}\n"
    there = main_after(
        text, data.draw(st.sampled_from((of(element, element, "new"), of(element, "new", element))))
    )
    back = main_after(there, of("new"))
    assert split_items(instance(back).setting(R).text) == split_items(instance(text).setting(R).text)
    if "\n" not in value and ", ," not in value:
        assert back == text


@given(lists(), changes, st.data())
def test_changes_of_two_elements_stand_together(
    written: tuple[str, list[str]], change: tuple[str | None, ...], data: st.DataObject
) -> None:
    value, elements = written
    assume(len(elements) > 1)
    one, other = data.draw(st.permutations(elements))[:2]
    both = of(one, *new_for(one, change)), of(other, "other")
    text = f"{R} ={value}\n"
    orders = {main_after(text, *order) for order in (both, both[::-1])}
    assert len({split_items(instance(each).setting(R).text) for each in orders}) == 1


def proposal(rule: str, *changes: Change) -> Proposal:
    fix = Fix("", Applicability.UNSAFE, Requires.RELOAD, changes)
    place = instance("").main_cf.source.end_span
    return Proposal(Finding(rule, Severity.LOW, Confidence.HIGH, rule, place, None, (), (fix,), ""), fix)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (of("a", "x"), of("b", "y"), False),
        (of("a"), of("c", "c", "x"), False),
        (of("a", "x"), of("a", "x"), False),
        (of("a", "x"), of("a", "y"), True),
        (of("a b", "x"), of("b", "y"), True),
        (of("a", "x"), SetParameter(R, "z"), True),
        (of("a", "x"), ChangeElement(R, "a", ("y",), "smtp/inet"), False),
        (ChangeElement(R, "a", ("x",), "smtp/inet"), ChangeElement(R, "a", ("y",), "smtp/inet"), True),
    ],
)  # fmt: skip
def test_two_rules_clash_where_they_want_one_element(one: Change, other: Change, *, clash: bool) -> None:
    wanted = [proposal("one", one), proposal("other", other)]
    kept, conflicts, _ = without_conflicts(wanted, instance(f"{R} = a, b, c\n"))
    assert (len(kept), len(conflicts)) == ((0, 1) if clash else (2, 0))


def test_what_moves_around_an_element_waits_for_what_replaces_it() -> None:
    wanted = [proposal("moves", of("a", "x", "a")), proposal("replaces", of("a", "y"))]
    kept, conflicts, held = without_conflicts(wanted, instance(f"{R} = a, b, c\n"))
    assert [each.finding.rule for each in kept] == ["replaces"]
    assert conflicts == []
    assert [(each.finding.rule, each.is_choice) for each in held] == [("moves", True)]


def test_the_same_changes_of_a_list_do_not_clash() -> None:
    both = (of("a", "x", "a"), of("a x", "a"))
    wanted = [proposal("one", *both), proposal("other", *both)]
    kept, conflicts, _ = without_conflicts(wanted, instance(f"{R} = a, x\n"))
    assert (len(kept), conflicts) == (2, [])


def test_the_proof_knows_the_list_that_was_asked_for() -> None:
    before = instance(f"{R} = a, b, c\nbiff = no\n", f"{SMTP}\nx unix - - n - - smtpd -o {R}=a\n")
    wanted = [proposal("one", of("a")), proposal("other", of("c", "c", "d"))]
    after = apply_changes(before, [change for each in wanted for change in each.fix.changes])
    assert isinstance(after, Instance)
    assert objection(before, after, wanted, [], []) == ""
    for text in (f"{R} = b, c\nbiff = no\n", f"{R} = b, c, d\nbiff = yes\n"):
        wrong = before.with_text(main=instance(text).main_cf.source)
        assert "would" in objection(before, wrong, wanted, [], [])
