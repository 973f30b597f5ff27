"""The reference in docs/api.md is what advisor.api offers. `make golden` writes it anew."""

import inspect
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from advisor import api
from advisor.errors import AdvisorError

PAGE = Path(__file__).parent.parent.parent / "docs" / "api.md"
BEGIN, END = "<!-- reference -->\n", "<!-- /reference -->\n"

# In the order in which a reader meets them.
SECTIONS = {
    "Functions": (
        *("advise", "advise_all", "write_json", "write_sarif", "write_gitlab", "write_github", "write_junit"),
        *("write_markdown", "visible", "settler", "read_baseline"),
    ),
    "The request": (
        *("Request", "Selection", "Amendment", "Floor", "AskedTime", "Wanted", "LogText", "Journal"),
        *("Baseline", "Choices", "Search"),
    ),
    "The report": ("Report", "Reports", "NotJudged", "Proven", "NotApplied", "LogicalLine"),
    "Findings": (
        *("Finding", "Severity", "Confidence", "Evidence", "Source", "Span"),
        *("Suppressed", "Suppression", "SuppressedBy"),
    ),
    "Fixes": (
        *("Fix", "Applicability", "Requires", "Change", "SetParameter", "UnsetParameter", "DropShadowed"),
        *("ChangeElement", "MoveComment", "DropIgnore", "RenameParameter"),
        *("SetServiceField", "SetServiceOverride", "AddService"),
    ),
    "Errors": (
        *("AdvisorError", "InputError", "SettingsError", "RuleError", "PolicyError", "UsageError"),
        *("NothingToCheck", "NothingLogged"),
    ),
}
NONE = inspect.Parameter.empty
PUBLIC = {name: getattr(api, name) for name in api.__all__}


class _Internal(Exception):  # noqa: N818 - no error: the hint names what advisor.api does not offer
    pass


def shown(hint: Any) -> str:
    """A type hint in names that a program may use. Raises _Internal where it needs others."""
    for name, value in PUBLIC.items():
        if hint is value or (get_origin(value) in (Union, UnionType) and hint == value):
            return name
    if hint in (None, NoneType, ...):
        return "..." if hint is ... else "None"
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " | ".join(map(shown, arguments))
    if isinstance(origin, type):
        if arguments and isinstance(arguments[0], list):
            return f"Callable[[{', '.join(map(shown, arguments[0]))}], {shown(arguments[1])}]"
        return f"{origin.__name__}[{', '.join(map(shown, arguments))}]"
    if isinstance(hint, type) and not hint.__module__.startswith("advisor."):
        return hint.__name__
    raise _Internal


def hints(owner: Any) -> dict[str, Any]:
    """Its hints; a type that is imported for the type checker alone stays text, and text is internal."""
    try:
        return get_type_hints(owner)
    except NameError:
        return inspect.get_annotations(owner)


def code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`"


def paragraphs(owner: Any) -> str:
    return inspect.getdoc(owner) or ""


def one_line(owner: Any) -> str:
    return " ".join(paragraphs(owner).partition("\n\n")[0].split()).replace("|", "\\|")


def fields(owner: type) -> Mapping[str, Any]:
    """The fields of a class with their defaults where they have one."""
    if issubclass(owner, msgspec.Struct):
        names, defaults = owner.__struct_fields__, owner.__struct_defaults__
        return {
            **dict.fromkeys(names, NONE),
            **dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)),
        }
    return {name: each.default for name, each in inspect.signature(owner).parameters.items()}


def default(value: Any) -> str:
    if value in (NONE, msgspec.NODEFAULT):
        return ""
    if isinstance(value, Enum):
        return code(f"{type(value).__name__}.{value.name}")
    if factory := getattr(value, "factory", None):
        return code(f"{factory.__name__}()")
    return code(repr(value))


def rows(owner: type) -> Iterator[tuple[str, str, str]]:
    """Each field that is public: its name, type and default."""
    types = hints(owner)
    for name, value in fields(owner).items():
        with suppress(_Internal):
            yield name, code(shown(types[name])), default(value)


def signature(name: str, function: Any) -> str:
    types = hints(function)
    parameters = list(inspect.signature(function).parameters.values())
    arguments = [
        f"{each.name}: {shown(types[each.name])}{'' if each.default is each.empty else ' = …'}"
        for each in parameters
        if each.name in types
    ]
    return f"{name}({', '.join(arguments)}) -> {shown(types['return'])}"


def members(owner: type) -> Iterator[tuple[str, Any]]:
    """Each property and method that is public, with its head."""
    for name, member in vars(owner).items():
        function = getattr(member, "fget", None) or getattr(member, "__func__", member)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        with suppress(_Internal):
            if isinstance(member, property):
                yield f"{name}: {shown(hints(function)['return'])}", function
            else:
                owned = f"{owner.__name__}.{name}" if isinstance(member, classmethod) else name
                yield signature(owned, function), function


def entry(name: str) -> str:
    value = PUBLIC[name]
    if get_origin(value) is UnionType:
        return f"### {name}\n\nOne of {', '.join(code(shown(each)) for each in get_args(value))}.\n"
    if inspect.isfunction(value):
        return f"### {name}\n\n```\n{signature(name, value)}\n```\n\n{paragraphs(value)}\n"
    text = f"### {name}\n\n{paragraphs(value)}\n"
    if issubclass(value, Enum):
        return text + "\nValues: " + ", ".join(code(str(each.value)) for each in value) + ".\n"
    if issubclass(value, AdvisorError):
        return f"{text}\nExit code {value.exit_code}.\n" if value.exit_code != 2 else text
    if table := list(rows(value)):
        text += "\n| field | type | default |\n|---|---|---|\n"
        text += "".join(f"| {code(field)} | {kind} | {said} |\n" for field, kind, said in table)
    if found := list(members(value)):
        text += "\n" + "".join(f"- {code(head)}: {one_line(function)}\n" for head, function in found)
    return text


def reference() -> str:
    parts = []
    for title, names in SECTIONS.items():
        parts += [f"## {title}\n", *map(entry, names)]
    return "\n".join(parts)


def test_the_reference() -> None:
    text = PAGE.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    expected = f"{before}{BEGIN}\n{reference()}\n{END}{after}"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        PAGE.write_text(expected)
    assert PAGE.read_text() == expected, "docs/api.md is behind advisor.api: make golden"


def test_everything_public_has_its_entry_once() -> None:
    named = [name for names in SECTIONS.values() for name in names]
    assert sorted(named) == sorted(api.__all__)


def test_nothing_is_public_by_accident() -> None:
    found = {
        name
        for name, value in vars(api).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert found == set(api.__all__)
