"""Laws of the language: Kleene's logic, no traceback from any text, no look behind a public name."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.answers import Failed, Known, NotKnown
from advisor.engine.expression import Expression, Scope, compile_expression
from advisor.errors import RuleError
from advisor.facts.registry import Fact, Source
from advisor.missing import Missing

_MISSING = {name: Missing(f"{name} is missing", "") for name in "pqr"}
Values = dict[str, Any]


def _truth(name: str) -> Fact:
    def function(case: Values) -> Any:
        return case[name]

    return Fact(name, function, Source.LOG, "", "A truth.")


def _number(name: str) -> Fact:
    def function(case: Values) -> Any:
        return case[name]

    return Fact(name, function, Source.LOG, "", "A number.")


FACTS = {name: _truth(name) for name in "pqr"} | {name: _number(name) for name in "mn"}
SCOPE = Scope("service", object, {"headroom": float}, {}, FACTS)

truths = st.sampled_from([True, False, None])
numbers = st.none() | st.integers(-3, 3)


def formulas() -> st.SearchStrategy[str]:
    terms = st.recursive(
        st.sampled_from(["m()", "n()", "0", "1", "2"]),
        lambda inner: (
            st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner)
            | st.builds("max({}, {})".format, inner, inner)
            | st.builds("(-{})".format, inner)
        ),
        max_leaves=4,
    )
    compared = st.builds(
        "({} {} {} {} {})".format,
        terms,
        st.sampled_from(["<", "==", "!=", ">="]),
        terms,
        st.sampled_from(["<=", ">", "=="]),
        terms,
    )
    return st.recursive(
        st.sampled_from(["p()", "q()", "r()", "True", "False"]) | compared,
        lambda inner: (
            st.builds("({} and {})".format, inner, inner)
            | st.builds("({} or {})".format, inner, inner)
            | st.builds("(not {})".format, inner)
            | st.builds("({} if {} else {})".format, inner, inner, inner)
        ),
        max_leaves=8,
    )


def case_of(values: dict[str, Any]) -> Values:
    return {
        name: Missing(f"{name} is missing", "") if value is None else value for name, value in values.items()
    }


def answer(text: str, values: dict[str, Any]) -> object:
    return compile_expression(text, SCOPE).evaluate(case_of(values), {})


def logical(text: str, values: dict[str, Any]) -> bool | None:
    """The answer without its reasons: None is Kleene's third value."""
    found = answer(text, values)
    if isinstance(found, Known):
        assert isinstance(found.value, bool)
        return found.value
    assert isinstance(found, NotKnown)
    return None


cases = st.fixed_dictionaries({"p": truths, "q": truths, "r": truths, "m": numbers, "n": numbers})


@pytest.mark.parametrize(("p", "q"), list(product([True, False, None], repeat=2)))
def test_kleenes_tables(p: bool | None, q: bool | None) -> None:  # noqa: FBT001 - the truth values themselves
    values = {"p": p, "q": q}
    order = {False: 0, None: 1, True: 2}
    back = {place: value for value, place in order.items()}
    assert logical("p() and q()", values) is back[min(order[p], order[q])]
    assert logical("p() or q()", values) is back[max(order[p], order[q])]
    assert logical("not p()", values) is back[2 - order[p]]
    assert logical("not (p() and q())", values) is logical("not p() or not q()", values)
    assert logical("not (p() or q())", values) is logical("not p() and not q()", values)


@given(st.data(), cases)
def test_de_morgan_holds_for_any_two_formulas(data: st.DataObject, values: dict[str, Any]) -> None:
    one, other = data.draw(formulas()), data.draw(formulas())
    left = answer(f"not ({one} and {other})", values)
    right = answer(f"not {one} or not {other}", values)
    assert type(left) is type(right)
    if not isinstance(left, Failed):
        assert left == right


@given(formulas(), cases, cases)
def test_knowing_more_never_changes_a_known_answer(
    text: str, values: dict[str, Any], others: dict[str, Any]
) -> None:
    before = answer(text, values)
    filled = {name: others[name] if value is None else value for name, value in values.items()}
    if isinstance(before, Known):
        assert answer(text, filled) == before


@given(formulas(), cases)
def test_the_reasons_are_those_of_missing_inputs_and_each_once(text: str, values: dict[str, Any]) -> None:
    found = answer(text, values)
    if isinstance(found, NotKnown):
        names = [reason.what.split()[0] for reason in found.missing]
        assert names
        assert len(names) == len(set(names))
        assert all(values[name] is None for name in names)


_PIECES = st.sampled_from(
    "p() q() m() n() p service service.name service._x _x options.headroom options . , ( ) [ ] and or not in "
    "if else < == + - * / // % ** 1 0 1e9 'a' \" ' { } : := lambda for x is None True \\ \n # @ ; __class__ "
    "max( min( len( round( f' b' await yield ~ \u200b \uff3fx".split(" ")
)
texts = st.text() | st.lists(_PIECES, max_size=12).map(" ".join) | st.lists(_PIECES, max_size=12).map("".join)


class Watched:
    """Notes every name that is looked up on it."""

    asked: list[str]
    name: str

    def __init__(self) -> None:
        object.__setattr__(self, "asked", [])

    def __getattribute__(self, name: str) -> Any:
        object.__getattribute__(self, "asked").append(name)
        return "smtp" if name == "name" else object.__getattribute__(self, name)


@given(texts, cases)
def test_any_text_is_an_expression_or_a_rule_error(text: str, values: dict[str, Any]) -> None:
    try:
        expression = compile_expression(text, SCOPE_ANY)
    except RuleError:
        return
    assert isinstance(expression, Expression)
    watched = Watched()
    found = expression.evaluate(case_of(values), {"service": watched, "options": {"headroom": 1.0}})
    assert isinstance(found, Known | NotKnown | Failed)
    # The interpreter asks for the class to see what it may show; a rule never gets to it.
    asked = [name for name in object.__getattribute__(watched, "asked") if name.startswith("_")]
    assert set(asked) <= {"__class__"}


SCOPE_ANY = Scope("service", Any, {"headroom": float}, {}, FACTS)


@given(st.from_regex(r"_[a-z_]{0,10}", fullmatch=True))
def test_no_private_attribute_is_ever_asked_for(name: str) -> None:
    for text in (f"service.{name}", name, f"service.name.{name}", f"{name}(service)", f"p().{name}"):
        with pytest.raises(RuleError):
            compile_expression(text, SCOPE_ANY)


@dataclass(frozen=True)
class Holder:
    inner: Any


def test_an_attribute_of_an_untyped_value_is_checked_when_it_is_asked() -> None:
    expression = compile_expression("service.inner.format", Scope("service", Holder, {}, {}, FACTS))
    found = expression.evaluate({}, {"service": Holder("text"), "options": {}})
    assert found == Failed("service.inner is 'text' and has no attribute format")
