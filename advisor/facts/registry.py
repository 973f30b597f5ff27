"""Named facts: what a rule may speak of.

A fact is a pure function of the case (and of what the rule hands it) with a name, a type and a docstring. Its
name is the function's, or `observed.NAME` for what was measured. A fact that cannot be known returns Missing,
which the expression language carries on as *unknown*; it never guesses.

A collection is a fact without arguments that gives the things a rule is asked for, one by one (`for_each`).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar, cast

import msgspec

from advisor.missing import Missing


class Source(StrEnum):
    """What a fact is read from. TEXT: what only the files show, and no output of postconf(1): comments, lines
    that Postfix does not read, earlier ones of the same name, the last newline. VERDICTS: what the rules say
    that do not read these themselves, and so are judged first.
    """

    SETTINGS = "configuration"
    TEXT = "text"
    LOG = "log"
    MEMORY = "memory"
    VERDICTS = "verdicts"


class Fact(msgspec.Struct, frozen=True):
    """A registered function; `function(case, *arguments)` gives its value or Missing."""

    name: str
    function: Callable[..., Any]
    source: Source
    unit: str
    doc: str


class Collection(msgspec.Struct, frozen=True):
    """A registered collection: `function(case)` gives its elements, each of type `element`.

    A rule calls the element `variable`; `locate(element)` gives the Span a finding about it points to. With
    Source.TEXT there may be elements that printed text does not show.
    """

    name: str
    function: Callable[..., Any]
    element: type
    variable: str
    locate: Callable[[Any], Any]
    doc: str
    source: Source = Source.SETTINGS


_Function = TypeVar("_Function", bound=Callable[..., Any])
_Value = TypeVar("_Value")


class _NotKnown(Exception):  # noqa: N818 - no error: the way out of a fact whose input is missing
    def __init__(self, missing: Missing) -> None:
        self.missing = missing


def known(value: "_Value | Missing") -> _Value:
    """The value, inside a fact; if it is Missing, that is what the fact gives."""
    if isinstance(value, Missing):
        raise _NotKnown(value)
    return value


_facts: dict[str, Fact] = {}
_collections: dict[str, Collection] = {}

FACTS: Mapping[str, Fact] = MappingProxyType(_facts)
COLLECTIONS: Mapping[str, Collection] = MappingProxyType(_collections)


def fact(
    *, source: Source = Source.SETTINGS, unit: str = "", name: str = ""
) -> Callable[[_Function], _Function]:
    """Registers the decorated function as a fact; `unit` is that of its value, for the evidence line.

    In it, `known(…)` turns what may be Missing into a value.
    """

    def register(function: _Function) -> _Function:
        @wraps(function)
        def answer(*arguments: Any) -> Any:
            try:
                return function(*arguments)
            except _NotKnown as reason:
                return reason.missing

        key = name or function.__name__
        if key in _facts:
            raise ValueError(f"two facts are called {key}")
        _facts[key] = Fact(key, answer, source, unit, _summary(function))
        return cast("_Function", answer)

    return register


def observed(*, unit: str = "") -> Callable[[_Function], _Function]:
    """Registers a fact of what the log showed, as `observed.NAME`."""

    def register(function: _Function) -> _Function:
        return fact(source=Source.LOG, unit=unit, name=f"observed.{function.__name__}")(function)

    return register


def collection(
    *, element: type, variable: str, locate: Callable[[Any], Any], source: Source = Source.SETTINGS
) -> Callable[[_Function], _Function]:
    """Registers the decorated function as a collection of `element`s, called `variable` in a rule."""

    def register(function: _Function) -> _Function:
        name = function.__name__
        if name in _collections:
            raise ValueError(f"two collections are called {name}")
        _collections[name] = Collection(name, function, element, variable, locate, _summary(function), source)
        return function

    return register


def _summary(function: Callable[..., Any]) -> str:
    if not function.__doc__:
        raise ValueError(f"the fact {function.__name__} has no docstring")
    return " ".join(function.__doc__.strip().partition("\n\n")[0].split())
