"""What rules say, in Jinja2: sandboxed, strict about names, and safe to print.

This module is imported only when there is something to say: a run without findings does not pay for Jinja2.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from advisor.engine import hints
from advisor.engine.hints import Hint
from advisor.engine.suggest import did_you_mean
from advisor.engine.wording import number, percent, seconds, short, visible, written
from advisor.errors import RuleError
from advisor.missing import Missing

_OPTIONS = "options"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Public attributes of values, filters, and nothing that can be called."""

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 - Jinja2's signature
        return False


def render(text: str, values: Mapping[str, object], where: str = "") -> str:
    """`text` with `values` filled in, without white space around it. Raises RuleError where that fails."""
    try:
        rendered = _template(text).render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise RuleError(
            f"cannot be written out: {error}", where=where, cure="correct the template"
        ) from error
    # The rule's own line breaks are its layout; everything else unprintable in its text is not.
    return "\n".join(visible(line) for line in rendered.strip().split("\n"))


def verify(text: str, names: Mapping[str, Hint], options: Mapping[str, type], where: str) -> None:
    """Raises RuleError unless `text` is a template of `names`, `options`, and their attributes alone."""
    environment = _environment()
    try:
        environment.compile(text)
        tree = environment.parse(text)
    except TemplateSyntaxError as error:
        raise RuleError(
            f"not a template, at line {error.lineno}: {error.message}", where=where, cure="correct it"
        ) from error
    for name in sorted(meta.find_undeclared_variables(tree) - {*names, _OPTIONS}):
        raise RuleError(f"nothing is called {name}", where=where, cure=did_you_mean(name, {*names, _OPTIONS}))
    for used in tree.find_all(nodes.Filter):
        if used.name not in environment.filters:
            cure = did_you_mean(used.name, environment.filters)
            raise RuleError(f"no filter is called {used.name}", where=where, cure=cure)
    for call in tree.find_all(nodes.Call):
        raise RuleError(
            "a template calls a function",
            where=where,
            cure=f"name the value in [let], see line {call.lineno}",
        )
    for attribute in tree.find_all(nodes.Getattr):
        _attribute_hint(attribute, names, options, where)


def _attribute_hint(
    node: nodes.Getattr, names: Mapping[str, Hint], options: Mapping[str, type], where: str
) -> Hint:
    if isinstance(node.node, nodes.Name):
        if node.node.name == _OPTIONS:
            known: Mapping[str, Hint] = options
            owner: Hint = _OPTIONS
        else:
            owner = names.get(node.node.name, Any)
            known = _known_attributes(owner)
    elif isinstance(node.node, nodes.Getattr):
        owner = _attribute_hint(node.node, names, options, where)
        known = _known_attributes(owner)
    else:
        return Any
    if hints.classes(owner) is None and owner != _OPTIONS:
        return Any
    if node.attr not in known:
        raise RuleError(
            f"there is no attribute {node.attr}", where=where, cure=did_you_mean(node.attr, known)
        )
    return known[node.attr]


def _known_attributes(hint: Hint) -> Mapping[str, Hint]:
    return {name: kind for each in hints.classes(hint) or () for name, kind in hints.attributes(each).items()}


def _finalized(value: object) -> object:
    # Jinja2 itself complains of a name without a value, with the name, when it comes to write it.
    return value if isinstance(value, StrictUndefined) else written(value)


@cache
def _environment() -> _Sandbox:
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False, finalize=_finalized)
    environment.globals.clear()
    environment.filters.update(seconds=seconds, number=number, percent=percent, short=short)
    environment.tests["known"] = lambda value: not isinstance(value, Missing)
    return environment


@cache
def _template(text: str) -> Template:
    return _environment().from_string(text)
