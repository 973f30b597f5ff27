"""docs/facts.md: what a rule may speak of, as the registry has it."""

import inspect
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import advisor.facts as _register  # noqa: F401 - fills the registry
from advisor.engine import hints
from advisor.engine.grammar import ARITHMETIC, COMPARISONS
from advisor.engine.scope import BUILTINS
from advisor.facts.registry import COLLECTIONS, FACTS, Fact, Source
from advisor.facts.wanted import Wanted
from advisor.missing import Missing

OF_ALL = "The configuration and the log as a whole"
CHANGES = get_args(Wanted)
WORDS: dict[Any, str] = {
    **dict.fromkeys(CHANGES, "change"),
    str: "text",
    int: "number",
    float: "number",
    bool: "yes or no",
}
HEAD = """# What a rule may speak of

For whoever writes rules: [own-rules.md](own-rules.md) begins at the beginning. A rule is asked for each
element of its collection (`for_each`), and calls it by the name that is given here. Its expressions (`when`,
`let`, `value` and their like) are made of the element's attributes and of facts.

Expressions are written as in Python: names, attributes, numbers, texts, lists; OPERATORS;
`and`, `or`, `not`; `x if y else z`; and calls of facts and of FUNCTIONS. There is
nothing else: no loop, no assignment, no method. A fact that cannot be known makes a term unknown; `unknown
and false` is false, and a rule that ends unknown says what was missing. A *change* is for the `changes` of a
fix.

"""


def page() -> str:
    """The page, with a newline behind it."""
    operators = ", ".join(f"`{each}`" for each in (*ARITHMETIC.values(), *COMPARISONS.values()))
    functions = ", ".join(f"`{name}`" for name in BUILTINS)
    head = HEAD.replace("OPERATORS", operators).replace("FUNCTIONS", functions)
    return "".join((head, *_collections(), *_facts(), *_types()))


def _collections() -> Iterator[str]:
    yield "## Collections\n\n| `for_each` | its elements | the rule calls one | type |\n|---|---|---|---|\n"
    for each in sorted(COLLECTIONS.values(), key=lambda each: each.name):
        text = " Reads what only the files show." if each.source is Source.TEXT else ""
        yield f"| `{each.name}` | {_cell(each.doc)}{text} | `{each.variable}` | {_link(each.element)} |\n"


def _facts() -> Iterator[str]:
    """The facts by what they are told of: an element's type, or nothing."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for each in FACTS.values():
        groups[next((kind.__name__ for kind in _taken(each)), OF_ALL)].append(each)
    for title in (OF_ALL, *sorted(groups.keys() - {OF_ALL})):
        head = title if title == OF_ALL else f"Of {title}"
        yield f"\n## {head}\n\n| fact | gives | unit | read from | what it is |\n|---|---|---|---|---|\n"
        for each in sorted(groups[title], key=lambda each: each.name):
            cells = (f"`{_call(each)}`", _shown(hints.result(each.function)), each.unit, each.source.value)
            yield f"| {' | '.join(cells)} | {_cell(each.doc)} |\n"


def _types() -> Iterator[str]:
    """Each class that an element or the value of a fact may be, with what a rule may see of it."""
    yield "\n## Types\n"
    for kind in sorted(_listed(), key=lambda kind: kind.__name__):
        yield f"\n### {kind.__name__}\n\n{_prose(kind)}\n\n| attribute | type | |\n|---|---|---|\n"
        for name, hint in hints.attributes(kind).items():
            yield f"| `{name}` | {_shown(hint)} | {_cell(_said(kind, name))} |\n"


def _taken(fact: Fact) -> Iterator[type]:
    """The classes of ours that the fact is told of, beside the case."""
    function = inspect.unwrap(fact.function)
    types = get_type_hints(function)
    for name in list(inspect.signature(function).parameters)[1:]:
        yield from _classes(types.get(name))


def _call(fact: Fact) -> str:
    parameters = list(inspect.signature(inspect.unwrap(fact.function)).parameters.values())[1:]
    arguments = ", ".join(each.name if each.default is each.empty else f"{each.name}?" for each in parameters)
    return f"{fact.name}({arguments})"


def _classes(hint: Any) -> Iterator[type]:
    """The classes of ours in a hint."""
    for member in (*get_args(hint), hint):
        if isinstance(member, type) and member.__module__.startswith("advisor.") and member is not Missing:
            yield member
        elif member is not hint:
            yield from _classes(member)


def _shown(hint: Any) -> str:
    """A hint in words; what may be Missing is not told, since everything may."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if set(arguments) <= set(CHANGES):
            return "change"
        return " or ".join(dict.fromkeys(_shown(each) for each in arguments if each is not Missing))
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin in (tuple, frozenset, set, list):
        return f"list of {_shown(arguments[0])}" if arguments else "list"
    if hint in (None, NoneType):
        return "nothing"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{each.value}`" for each in hint)
    words = dict.fromkeys(CHANGES, "change") | {
        str: "text",
        int: "number",
        float: "number",
        bool: "yes or no",
    }
    if hint in words:
        return words[hint]
    return _link(hint) if isinstance(hint, type) and origin is None else "a value"


def _link(kind: type) -> str:
    return f"[{kind.__name__}](#{kind.__name__.lower()})" if kind in _listed() else kind.__name__


@cache
def _listed() -> frozenset[type]:
    """The classes of elements, and of what facts give."""
    kinds = {each.element for each in COLLECTIONS.values()}
    for fact in FACTS.values():
        kinds.update(_classes(hints.result(fact.function)))
    return frozenset(kind for kind in kinds if not issubclass(kind, Enum) and kind not in CHANGES)


def _said(kind: type, name: str) -> str:
    """What a property says of itself; a field is told of in the class's own words."""
    member = inspect.getattr_static(kind, name, None)
    function = getattr(member, "fget", None) or (member.func if isinstance(member, cached_property) else None)
    return (inspect.getdoc(function) or "").partition("\n\n")[0] if function else ""


def _prose(kind: type) -> str:
    return inspect.getdoc(kind) or ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
