"""TOML text -> a struct, and the words for text that strays from its form."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from advisor.engine.suggest import did_you_mean

T = TypeVar("T")

# The way to a value: names of keys, and places in arrays, which count from 0 here and from 1 for people.
Steps = tuple[str | int, ...]


class FormError(Exception):
    """What is wrong and what to do, with the `steps` to the value, or the `place`: line, and column if known.
    Both are empty where it is the text as a whole.
    """

    def __init__(self, message: str, cure: str, *, steps: Steps = (), place: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.steps = steps
        self.place = place


_MESSAGE: Final = re.compile(r"(?P<what>.*?)(?: - at (?:key in )?`\$(?P<path>[^`]*)`)?", re.DOTALL)
_STEP: Final = re.compile(r"\[(?P<index>\d+|\.\.\.)\]|\.(?P<key>[^.\[]+)")
_TOML_PLACE: Final = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_AGAIN: Final = "say each key once: what stands in a list and in [[tables]] of its name goes into the list"
_WORDS: Final = {"str": "a string", "int": "a whole number", "float": "a number", "bool": "true or false"} | {
    "array": "a list",
    "object": "a table",
    "date": "a date such as 2027-03-01",
}


def in_words(steps: Steps) -> str:
    """`fix 1 applicability`: the way to a value, as people count."""
    return " ".join(str(step + 1) if isinstance(step, int) else step for step in steps)


def parse(data: bytes) -> dict[str, Any]:
    """The table that the text says. Raises FormError for what is no TOML."""
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormError("not UTF-8", "save the file as UTF-8", place=(line,)) from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error)) from error
    except RecursionError as error:
        raise FormError("nested too deeply", "nothing here needs nested values") from error


def convert(table: Mapping[str, Any], kind: type[T]) -> T:
    """The table as a `kind`. Raises FormError for another form."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise _form_error(table, kind, str(error)) from error


def _syntax_error(message: str) -> FormError:
    place = _TOML_PLACE.search(message)
    what = _TOML_PLACE.sub("", message)
    is_again = what.startswith("Cannot ")  # declare twice, overwrite, mutate
    cure = _AGAIN if is_again else "correct the file's syntax there"
    if place and place[1]:
        return FormError(f"not TOML: {what}", cure, place=(int(place[1]), int(place[2])))
    return FormError(f"not TOML: {what}" if is_again else f"not TOML: the file ends too early: {what}", cure)


def _form_error(table: object, kind: object, message: str) -> FormError:
    """What msgspec says, in an administrator's words."""
    found = _MESSAGE.fullmatch(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    steps, types = _way(table, kind, path)
    quoted = re.findall(r"`([^`]*)`|'([^']*)'", what)
    words = [first or second for first, second in quoted]
    if "unknown field" in what:
        cure = did_you_mean(words[0], _keys(types))
        return FormError(f"there is no key {words[0]}", cure, steps=(*steps, words[0]))
    if "missing required field" in what:
        return FormError(f"the key {words[0]} is missing", f"add {words[0]} = …", steps=steps)
    if "Invalid enum value" in what:
        key = next(each for each in reversed(steps) if isinstance(each, str))
        return FormError(f"{words[0]} is no {key}", did_you_mean(words[0], _values(types)), steps=steps)
    if what.startswith("Expected") and len(words) > 1:
        wanted = " or ".join(_WORDS.get(each, each) for each in words[0].split(" | ") if each != "null")
        return FormError(f"this is {_WORDS.get(words[1], words[1])}", f"it must be {wanted}", steps=steps)
    return FormError(what, "correct the value", steps=steps)


def _way(value: Any, kind: object, path: str) -> tuple[Steps, tuple[object, ...]]:
    """The steps of a path of msgspec's, and the types that may stand at its end."""
    steps: list[str | int] = []
    types = tuple(_alternatives(kind))
    for step in _STEP.finditer(path):
        inner = tuple(_inner(types, step["key"]))
        if step["key"]:
            at: str | int = step["key"]
        elif step["index"] == "...":  # msgspec does not say which key: it is the first that does not fit
            at = next(key for key, each in value.items() if not _fits(each, inner))
        else:
            at = int(step["index"])
        steps.append(at)
        value, types = value[at], inner
    return tuple(steps), types


def _inner(types: Iterable[object], key: str | None) -> Iterator[object]:
    """The types of the field `key`, or where that is None of the values of lists and tables."""
    for kind in types:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            names = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
            if key in names:
                yield from _alternatives(get_type_hints(kind)[names[key]])
        elif key is None and get_args(kind):
            arguments = get_args(kind)
            yield from _alternatives(arguments[1] if get_origin(kind) is dict else arguments[0])


def _alternatives(kind: object) -> Iterator[object]:
    if get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from _alternatives(each)
    else:
        yield kind


def _fits(value: object, types: tuple[object, ...]) -> bool:
    try:
        msgspec.convert(value, Union[types])  # noqa: UP007 - the types are known at run time only
    except msgspec.ValidationError:
        return False
    return True


def _keys(types: Iterable[object]) -> Iterator[str]:
    for kind in types:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield from kind.__struct_encode_fields__


def _values(types: Iterable[object]) -> Iterator[str]:
    for kind in types:
        if isinstance(kind, type) and issubclass(kind, Enum):
            yield from (str(member.value) for member in kind)
        elif get_origin(kind) is Literal:
            yield from map(str, get_args(kind))
