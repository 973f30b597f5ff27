"""Conditions in words: the words say what the tree says, for every form an expression may have."""

from dataclasses import dataclass
from itertools import product

import pytest

from advisor.engine.expression import Expression, Scope, compile_expression
from advisor.engine.plain_words import (
    AllOf,
    Clause,
    OneOf,
    Statement,
    asked_for,
    in_words,
    mentioned,
    one_line,
)
from advisor.facts.registry import Fact, Source
from advisor.syntax.source import Span


@dataclass(frozen=True)
class Thing:
    """A thing.

    `is_open`: everybody may come in. `size` is what it holds.
    """

    is_open: bool
    is_blue: bool
    size: int
    name: str
    span: Span

    @property
    def is_far(self) -> bool:
        """Whether it takes long to get there."""
        return False

    @property
    def has_doors(self) -> bool:
        return True


def _fact(name: str, doc: str, function: object, unit: str = "") -> Fact:
    return Fact(name, function, Source.SETTINGS, unit, doc)  # type: ignore[arg-type]


def _seconds(case: object, name: str, thing: Thing) -> int:
    raise NotImplementedError


def _share(case: object) -> float:
    raise NotImplementedError


def _full(case: object, thing: Thing) -> bool:
    raise NotImplementedError


def _kinds(case: object) -> tuple[str, ...]:
    raise NotImplementedError


def _box(case: object) -> Thing:
    raise NotImplementedError


FACTS = {
    "box": _fact("box", "The box.", _box),
    "wait": _fact("wait", "How long `name` waits: the mean.", _seconds, "s"),
    "time": _fact("time", "The time of a thing.", _seconds, "s"),
    "share": _fact("share", "DNS lists' share.", _share, "share"),
    "full": _fact("full", "Whether no room is left, at last.", _full),
    "kinds": _fact("kinds", "All kinds.", _kinds),
}
OPTIONS: dict[str, str | int | float | bool] = {"limit": 90, "part": 0.5, "word": "blue"}


def compiled(text: str) -> Expression:
    scope = Scope("thing", Thing, {name: type(value) for name, value in OPTIONS.items()}, {}, FACTS)
    let = {}
    for name, value in (("delay", "wait('mail', thing)"), ("ready", "full(thing) and thing.is_blue")):
        let[name] = compile_expression(value, scope)
        scope = Scope("thing", Thing, scope.options, dict(let), FACTS)
    return compile_expression(text, scope)


def words(text: str) -> str:
    return one_line(in_words(compiled(text), OPTIONS))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("full(thing)", "no room is left, at last"),
        ("not full(thing)", "not: no room is left, at last"),
        ("thing.is_open", "everybody may come in"),
        ("thing.is_far", "it takes long to get there"),
        ("thing.is_blue", "the thing is blue"),
        ("not thing.is_blue", "the thing is not blue"),
        ("thing.has_doors", "the has doors of the thing: yes"),
        ("not thing.has_doors", "the has doors of the thing: no"),
        ("thing.size > 3", "the size of the thing: more than 3"),
        ("not thing.size > 3", "the size of the thing: at most 3"),
        ("3 < thing.size", "the size of the thing: more than 3"),
        ("-3 <= thing.size", "the size of the thing: at least minus 3"),
        (
            "0 < thing.size < thing.span.line",
            (
                "the size of the thing: more than 0; and "
                "the size of the thing: less than the line of the span of the thing"
            ),
        ),
        ("not 0 < thing.size < 9", "the size of the thing: at most 0; or the size of the thing: at least 9"),
        ("thing.name == ''", "the name of the thing: empty"),
        ("thing.name != ''", "the name of the thing: not empty"),
        ("thing.name == 'a'", "the name of the thing: a"),
        ("thing.name != options.word", "the name of the thing: not blue (options.word)"),
        (
            "thing.size == thing.span.line",
            ("the size of the thing: the same as the line of the span of the thing"),
        ),
        (
            "thing.size != thing.span.line",
            ("the size of the thing: other than the line of the span of the thing"),
        ),
        ("wait('mail', thing) > options.limit", "how long mail waits: more than 1 min 30 s (options.limit)"),
        ("time('mail', thing) > 5", "the time of a thing (mail): more than 5 s"),
        ("delay > 5", "how long mail waits: more than 5 s"),
        ("share() >= options.part", "DNS lists' share: at least 50 % (options.part)"),
        ("ready", "no room is left, at last; and the thing is blue"),
        ("not ready", "not: no room is left, at last; or the thing is not blue"),
        ("'a' in kinds()", "all kinds: a among them"),
        ("'a' not in kinds()", "all kinds: a not among them"),
        ("thing.name in ('a', 'b', 'c')", "the name of the thing: a, b or c"),
        ("thing.name not in ('a', 'b')", "the name of the thing: neither a nor b"),
        ("thing.name not in ['a']", "the name of the thing: not a"),
        ("thing in kinds()", "all kinds: thing among them"),
        ("len(kinds()) > 0", "how many there are of: all kinds: more than 0"),
        (
            "min(thing.size, 2) + 1 < ceil(share() / 3)",
            (
                "the smallest of the size of the thing and 2 plus 1: less than "
                "DNS lists' share divided by 3, rounded up"
            ),
        ),
        ("box().is_open", "everybody may come in"),
        ("kinds() == ('a', 'b')", "all kinds: the same as a and b"),
        ("True", "always"),
        ("not True", "never"),
        (
            "thing.is_blue if full(thing) else thing.is_open",
            (
                "(no room is left, at last; and the thing is blue); or "
                "(not: no room is left, at last; and everybody may come in)"
            ),
        ),
        (
            "(1 if thing.is_blue else 2) == thing.size",
            ("1 if the thing is blue, else 2: the same as the size of the thing"),
        ),
    ],
)
def test_what_is_said(text: str, said: str) -> None:
    assert words(text) == said


def test_clauses_of_one_kind_are_one() -> None:
    three = in_words(compiled("thing.is_blue and (thing.is_open and full(thing))"), OPTIONS)
    assert isinstance(three, AllOf)
    assert len(three.parts) == 3
    one_of = in_words(compiled("not (thing.is_blue and thing.is_open) or full(thing)"), OPTIONS)
    assert isinstance(one_of, OneOf)
    assert len(one_of.parts) == 3


def _true(clause: Clause, facts: dict[str, bool]) -> bool:
    match clause:
        case Statement(text):
            return not facts[text.removeprefix("not: ")] if text.startswith("not: ") else facts[text]
        case AllOf(parts):
            return all(_true(part, facts) for part in parts)
        case OneOf(parts):
            return any(_true(part, facts) for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "not (full(thing) and not (thing.is_open or thing.is_far))",
        "thing.is_open if full(thing) else not thing.is_far",
        "not (thing.is_open if full(thing) else thing.is_far)",
        "not (not full(thing) or thing.is_open) and thing.is_far",
    ],
)
def test_the_words_are_true_where_the_condition_is(text: str) -> None:
    clause = in_words(compiled(text), OPTIONS)
    for full, is_open, is_far in product((True, False), repeat=3):
        value = (
            text.replace("full(thing)", str(full))
            .replace("thing.is_open", str(is_open))
            .replace("thing.is_far", str(is_far))
        )
        said = {
            "no room is left, at last": full,
            "everybody may come in": is_open,
            "it takes long to get there": is_far,
        }
        expected = eval(value)  # noqa: S307 - our own text, to have Python's word for it
        assert _true(clause, said) is expected


def test_strings_that_are_asked_for_or_ruled_out() -> None:
    condition = compiled(
        "thing.name == 'a' and not (thing.name in ('b', 'c') or 'd' not in kinds()) and delay > 1"
    )
    assert asked_for(condition) == {"a", "d", "mail"}
    assert mentioned(condition) == {"a", "b", "c", "d", "mail"}
