"""What type hints say: the attributes of a class, the members of a union, the arguments of a fact.

`Any` stands for "nothing is known", and everything may be done with it. What a rule may see of an object is
decided here, for the check at load time and again when the expression is worked out: public fields and
properties, and nothing else.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache, cached_property
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, NewType, Union, get_args, get_origin

from advisor.missing import Missing

Hint = Any


def members(hint: Hint) -> tuple[Hint, ...]:
    """The alternatives of a union, without None and Missing; `(Any,)` where nothing is known."""
    origin: object = get_origin(hint)
    # To Python 3.11 and later Any is a class; `object` promises just as little.
    if hint in (Any, object):
        return (Any,)
    if origin is Annotated:
        return members(get_args(hint)[0])
    if origin in (Union, UnionType):
        found = tuple(member for part in get_args(hint) for member in members(part))
        return (Any,) if Any in found else tuple(dict.fromkeys(found))
    if isinstance(hint, NewType):
        return members(hint.__supertype__)
    if hint is None or hint in (NoneType, Missing):
        return ()
    if origin is Literal or isinstance(hint, type) or isinstance(origin, type):
        return (hint,)
    return (Any,)


def union(*hints: Hint) -> Hint:
    """The hint of a value that has one of these."""
    found = tuple(dict.fromkeys(member for hint in hints for member in members(hint)))
    if not found or Any in found:
        return Any
    return Union[found] if len(found) > 1 else found[0]  # noqa: UP007 - built from a tuple


def classes(hint: Hint) -> tuple[type, ...] | None:
    """The classes a value of this hint may have; None where nothing is known."""
    found: list[type] = []
    for member in members(hint):
        if member is Any:
            return None
        if _is_literal(member):
            found += [type(value) for value in get_args(member)]
        elif isinstance(member, type) and get_origin(member) is None:
            found.append(member)
        elif isinstance(get_origin(member), type):
            found.append(typing.cast("type", get_origin(member)))
        else:
            return None
    return tuple(dict.fromkeys(found)) or None


def choices(hint: Hint) -> frozenset[object] | None:
    """All values there can be, where the hint is made of enumerations and Literals alone; else None."""
    found: set[object] = set()
    for member in members(hint):
        if _is_literal(member):
            found.update(plain(value) for value in get_args(member))
        elif isinstance(member, type) and issubclass(member, Enum):
            found.update(each.value for each in member)
        else:
            return None
    return frozenset(found) or None


def plain(value: object) -> object:
    """A member of an enumeration as the value it stands for; everything else as it is."""
    return value.value if isinstance(value, Enum) else value


@cache
def attributes(owner: type) -> Mapping[str, Hint]:
    """The public fields and properties of a class, each with its hint. Methods are not for rules."""
    found: dict[str, Hint] = {}
    for base in reversed(owner.__mro__):
        # Built-in classes have no fields of their own, and what they offer (str.format, …) is not for rules.
        if base.__module__ in {"builtins", "enum", "abc", "typing"}:
            continue
        hints = _resolved(base)
        for name in inspect.get_annotations(base):
            hint: object = hints.get(name, Any)
            if hint is not ClassVar and get_origin(hint) is not ClassVar:
                found[name] = hint
        for name, member in vars(base).items():
            if isinstance(member, property | cached_property):
                getter = member.fget if isinstance(member, property) else member.func
                found[name] = result(getter) if getter is not None else Any
    return MappingProxyType({name: hint for name, hint in found.items() if not name.startswith("_")})


def result(function: Callable[..., Any]) -> Hint:
    """What a function says it returns; Any where it does not say, or names a type that is not imported."""
    return _resolved(inspect.unwrap(function)).get("return", Any)


@cache
def argument_counts(function: Callable[..., Any]) -> tuple[int, int | None]:
    """How many arguments a fact takes behind the case: at least, and at most (None: any number)."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    positional = [
        each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    least = sum(each.default is each.empty for each in positional)
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return least, None
    return least, len(positional)


def _is_literal(hint: Hint) -> bool:
    origin: object = get_origin(hint)
    return origin is Literal


def _resolved(owner: Any) -> Mapping[str, Hint]:
    try:
        return typing.get_type_hints(owner)
    except NameError:
        # A type imported for the type checker alone: that one hint is not known, the others are.
        raw = inspect.get_annotations(owner)
        return {name: Any if isinstance(hint, str) else hint for name, hint in raw.items()}
