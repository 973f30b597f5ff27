"""A fix's value as Postfix writes it, and each kind of change."""

from collections.abc import Callable
from typing import Any

import pytest
from packaging.version import Version

from advisor.engine.answers import EvaluationError
from advisor.engine.changes import (
    AddService,
    Change,
    ChangeElement,
    DropShadowed,
    MoveComment,
    RenameParameter,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.judge import judge
from advisor.engine.recipes import _change, postfix_text
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Fired
from advisor.facts.wanted import Add, Element


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (3.0, "3"),
        (7, "7"),
        (("a", 2, True), "a, 2, yes"),
        (["a"], "a"),
        ("a  b", "a  b"),
    ],
)
def test_a_value_as_postfix_writes_it(value: object, text: str) -> None:
    assert postfix_text(value) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2.5, "use ceil or floor"),
        ({"a": 1}, "a dict cannot be a value"),
        (None, "a NoneType cannot be a value"),
        ("a\nb = c", "not printable"),
        (("a", "b\x1b"), "not printable"),
    ],
)
def test_what_is_no_value(value: object, words: str) -> None:
    with pytest.raises(EvaluationError, match=words):
        postfix_text(value)


@pytest.mark.parametrize(
    ("fix", "change"),
    [
        ("change = 'unset-parameter'\nparameter = 'p'", UnsetParameter("p", "smtp/inet")),
        ("change = 'drop-shadowed'\nparameter = 'p'", DropShadowed("p", "smtp/inet")),
        ("change = 'move-comment'\nparameter = 'p'\nfor_service = false", MoveComment("p")),
        ("change = 'rename-parameter'\nparameter = 'p'\nnew_name = 'q'", RenameParameter("p", "q")),
        (
            "change = 'set-override'\nparameter = 'p'\nvalue = '4'",
            SetServiceOverride("smtp/inet", "p", "4"),
        ),
    ],
)
def test_each_kind_becomes_its_change(
    load: Callable[..., Rule], rule_text: str, new_case: Any, fix: str, change: Change
) -> None:
    start, end = rule_text.index("[[fix]]"), rule_text.index("[[example]]")
    block = f"[[fix]]\ntitle = 'Change it'\napplicability = 'unsafe'\n{fix}\n"
    rule = load(rule_text[:start] + block + rule_text[end:])
    fired = judge([rule], new_case(), Version("3.7.11"))[0].verdict
    assert isinstance(fired, Fired)
    assert [each for fix in fired.findings[0].fixes for each in fix.changes] == [change]


def test_an_element_of_a_list() -> None:
    wanted = Element("r", "a b", ("c", "a b"), "smtp/inet")
    assert _change(wanted) == ChangeElement("r", "a b", ("c", "a b"), "smtp/inet")
    assert str(wanted) == "r: c, a b in place of a b for smtp/inet"
    with pytest.raises(EvaluationError, match="not printable"):
        _change(Element("r", "a", ("b\n",)))


def test_a_fact_may_ask_for_a_new_service() -> None:
    wanted = Add("anvil/unix", "anvil", (("process_limit", "1"),))
    assert _change(wanted) == AddService("anvil/unix", "anvil", (("process_limit", "1"),))
    assert str(wanted) == "add anvil/unix, run by anvil"
