"""What is known of a value before any is there."""

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NewType, TypeVar

import pytest

from advisor.engine import hints
from advisor.missing import Missing

if TYPE_CHECKING:
    from pathlib import Path

Seconds = NewType("Seconds", int)
Value = TypeVar("Value")


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@pytest.mark.parametrize(
    ("hint", "members", "classes"),
    [
        (int | None, (int,), (int,)),
        (int | Missing | str, (int, str), (int, str)),
        (Annotated[int, "seconds"], (int,), (int,)),
        (Seconds, (int,), (int,)),
        (Any, (Any,), None),
        (object, (Any,), None),
        (int | Any, (Any,), None),
        (None, (), None),
        (Value, (Any,), None),
        (tuple[int, ...], (tuple[int, ...],), (tuple,)),
        (Literal["a", 1], (Literal["a", 1],), (str, int)),
        (Size, (Size,), (Size,)),
    ],
)
def test_what_a_value_may_be(hint: object, members: tuple[object, ...], classes: object) -> None:
    assert hints.members(hint) == members
    assert hints.classes(hint) == classes


@pytest.mark.parametrize(
    ("hint", "choices"),
    [
        (Literal["a", "b"] | None, {"a", "b"}),
        (Size | Literal["none"], {"small", "large", "none"}),
        (Literal[Size.SMALL], {"small"}),
        (Size | str, None),
        (None, None),
    ],
)
def test_all_values_there_can_be(hint: object, choices: set[object] | None) -> None:
    assert hints.choices(hint) == choices


def test_the_hint_of_one_of_several() -> None:
    assert hints.union(int, int) is int
    assert hints.union(int, str | None) == int | str
    assert hints.union(int, Any) is Any
    assert hints.union() is Any


class Owner:
    kind: ClassVar[str] = ""
    size: "int"
    where: "Path"
    _hidden: int

    @property
    def name(self) -> str:
        return ""

    @cached_property
    def found(self) -> bool:
        return True

    nobody_reads = property()

    def method(self) -> str:
        return ""


def test_the_attributes_of_a_class() -> None:
    # `where` has a type that is imported for the type checker alone: then no text is resolved.
    assert dict(hints.attributes(Owner)) == {
        "size": Any,
        "where": Any,
        "name": str,
        "found": bool,
        "nobody_reads": Any,
    }
    assert dict(hints.attributes(str)) == {}


def test_how_many_arguments_a_fact_takes() -> None:
    def one(case: object, first: int, second: int = 0) -> None: ...

    def many(case: object, *rest: int) -> None: ...

    assert hints.argument_counts(one) == (1, 2)
    assert hints.argument_counts(many) == (0, None)
