"""How a `[[fix]]` of a rule file becomes a change: checked when the rule is loaded, made when it fired."""

import ast
from collections.abc import Mapping
from typing import Any, get_args

from advisor.engine import hints
from advisor.engine.answers import EvaluationError
from advisor.engine.changes import (
    SERVICE_FIELDS,
    AddService,
    Change,
    ChangeElement,
    DropIgnore,
    DropShadowed,
    Fix,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.expression import Expression, Failed, Known, NotKnown, compile_expression
from advisor.engine.hints import plain
from advisor.engine.rule_file import FixTable
from advisor.engine.rules import ChangeKind, FixRecipe
from advisor.engine.scope import Scope
from advisor.engine.suggest import did_you_mean
from advisor.engine.wording import visible
from advisor.errors import RuleError
from advisor.facts.wanted import Add, Assign, Column, Element, Remove, Unignore, Wanted

# What a fix's new value is called in its title, and in the rule's message and effect.
VALUE = "value"

# The keys each kind must have; it may have no other of them. `x_from` stands in for `x`.
_KEYS: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.SET_PARAMETER: ("parameter", "value"),
    ChangeKind.UNSET_PARAMETER: ("parameter",),
    ChangeKind.DROP_SHADOWED: ("parameter",),
    ChangeKind.MOVE_COMMENT: ("parameter",),
    ChangeKind.RENAME_PARAMETER: ("parameter", "new_name"),
    ChangeKind.SERVICE_FIELD: ("field", "value"),
    ChangeKind.SET_OVERRIDE: ("parameter", "value"),
    ChangeKind.TOGETHER: ("changes",),
}
_ALL_KEYS = ("parameter", "field", "new_name", "value", "changes")
# Every change may bring others with it.
_OPTIONAL_KEYS = ("changes",)
# Keys whose text is an expression, and never a literal.
_EXPRESSIONS = ("value", "changes")
_ALWAYS_FOR_SERVICE = (ChangeKind.SERVICE_FIELD, ChangeKind.SET_OVERRIDE)
_NEVER_FOR_SERVICE: Mapping[ChangeKind, str] = {
    ChangeKind.RENAME_PARAMETER: "a parameter is renamed for all",
    ChangeKind.MOVE_COMMENT: "a comment is moved for all",
    ChangeKind.TOGETHER: "each of several changes says itself what it is for",
}


def recipe(table: FixTable, scope: Scope, where: str) -> FixRecipe:
    """The checked recipe of one fix. Raises RuleError."""
    written = {key: _expression(table, key, scope, where) for key in _ALL_KEYS}
    needed = _KEYS[table.change]
    for key in needed:
        if written[key] is None:
            raise RuleError(f"a {table.change} needs {key}", where=where, cure=f"add {key} = …")
    for key, expression in written.items():
        if key not in (*needed, *_OPTIONAL_KEYS) and expression is not None:
            raise RuleError(f"a {table.change} has no {key}", where=where, cure=f"take {key} away")
    if table.field is not None and table.field not in SERVICE_FIELDS:
        raise RuleError(
            f"{table.field} is no column of master.cf that may be set",
            where=f"{where} field",
            cure=did_you_mean(table.field, SERVICE_FIELDS),
        )
    _check_changes(written["changes"], where)
    only_if = None
    if table.only_if is not None:
        only_if = compile_expression(table.only_if, scope, f"{where} only_if", condition=True)
    return FixRecipe(
        title=table.title.strip(),
        applicability=table.applicability,
        requires=table.requires,
        kind=table.change,
        parameter=written["field"] or written["parameter"],
        new_name=written["new_name"],
        value=written["value"],
        changes=written["changes"],
        only_if=only_if,
        for_service=_for_service(table, scope, where),
        untested=table.untested.strip(),
    )


def _expression(table: FixTable, key: str, scope: Scope, where: str) -> Expression | None:
    literal: str | None = getattr(table, key)
    if key in _EXPRESSIONS:
        return None if literal is None else compile_expression(literal, scope, f"{where} {key}")
    computed: str | None = getattr(table, f"{key}_from", None)
    if literal is not None and computed is not None:
        raise RuleError(f"both {key} and {key}_from", where=where, cure="keep one of them")
    if computed is not None:
        return compile_expression(computed, scope, f"{where} {key}_from")
    if literal is None:
        return None
    if not literal.strip():
        raise RuleError(f"{key} is empty", where=where, cure=f"name the {key}")
    return Expression(repr(literal), scope, ast.Constant(literal), str, frozenset(), frozenset())


def _check_changes(expression: Expression | None, where: str) -> None:
    """Raises RuleError where the expression surely gives something else than a tuple of `Wanted`."""
    if expression is None or expression.hint is Any:
        return
    kinds = hints.classes(expression.hint) or ()
    members = [
        member for each in hints.members(expression.hint) for member in get_args(each) if member is not ...
    ]
    if kinds != (tuple,) or any(not set(hints.members(each)) <= set(get_args(Wanted)) for each in members):
        raise RuleError(
            f"{expression.text} gives no changes",
            where=f"{where} changes",
            cure="call a fact that gives a tuple of Wanted, see advisor/facts/wanted.py",
        )


def _for_service(table: FixTable, scope: Scope, where: str) -> bool:
    has_key = any("key" in hints.attributes(each) for each in hints.classes(scope.element) or ())
    must = table.change in _ALWAYS_FOR_SERVICE
    wanted = table.for_service
    if wanted is None:
        wanted = must or (has_key and table.change not in _NEVER_FOR_SERVICE)
    if must and not wanted:
        raise RuleError(
            f"a {table.change} is always for a service", where=where, cure="take for_service away"
        )
    if wanted and table.change in _NEVER_FOR_SERVICE:
        raise RuleError(_NEVER_FOR_SERVICE[table.change], where=where, cure="take for_service away")
    if wanted and not has_key:
        raise RuleError(
            f"{scope.variable} is no service: it has no key",
            where=where,
            cure="choose a collection of services for for_each, or for_service = false",
        )
    return wanted


def prepare(
    made: FixRecipe, element: Any, case: object, variables: Mapping[str, object], names: Mapping[str, object]
) -> tuple[Fix, object] | None:
    """The fix for one element and its new value (None where it has none); None where it does not apply.

    A fix whose condition or value is not known is not offered. Raises EvaluationError where it cannot be
    made, RuleError where its title cannot be written.
    """
    from advisor.engine import prose  # noqa: PLC0415 - Jinja2 only when there is something to say

    if made.only_if is not None and _value(made.only_if, case, variables) is not True:
        return None
    wanted = () if made.changes is None else _value(made.changes, case, variables)
    parameter = () if made.parameter is None else _value(made.parameter, case, variables)
    new_name = "" if made.new_name is None else _value(made.new_name, case, variables)
    value = "" if made.value is None else _value(made.value, case, variables)
    if any(isinstance(each, NotKnown) for each in (wanted, parameter, new_name, value)):
        return None
    texts = (postfix_text(new_name), postfix_text(value))
    parameters = parameter if isinstance(parameter, tuple) else (parameter,)
    own = (_own_change(made, postfix_text(each), texts, element) for each in parameters)
    changes = (*own, *map(_change, _checked(wanted)))
    if not changes:
        return None
    if made.kind is ChangeKind.TOGETHER:
        shown: object = tuple(map(str, _checked(wanted)))
    else:
        shown = None if made.value is None else simplified(value)
    known = names if shown is None else {**names, VALUE: shown}
    title = prose.render(made.title, known, "a fix's title")
    untested = prose.render(made.untested, known, "a fix's untested")
    return Fix(title, made.applicability, made.requires, changes, untested), shown


def _own_change(made: FixRecipe, parameter: str, texts: tuple[str, str], element: Any) -> Change:
    """The change of the recipe's own keys, for one parameter; a change `together` has none."""
    new_name, value = texts
    # What a rule is asked for may belong to a service or to none: then the change is for all.
    service: str | None = element.key if made.for_service else None
    match made.kind:
        case ChangeKind.SET_PARAMETER:
            return SetParameter(parameter, value, service)
        case ChangeKind.UNSET_PARAMETER:
            return UnsetParameter(parameter, service)
        case ChangeKind.DROP_SHADOWED:
            return DropShadowed(parameter, service)
        case ChangeKind.MOVE_COMMENT:
            return MoveComment(parameter)
        case ChangeKind.RENAME_PARAMETER:
            return RenameParameter(parameter, new_name)
        case ChangeKind.SERVICE_FIELD:
            return SetServiceField(service or "", parameter, value)
        case ChangeKind.SET_OVERRIDE:
            return SetServiceOverride(service or "", parameter, value)
        case ChangeKind.TOGETHER:  # it has no parameter, so this is never asked
            raise EvaluationError("several changes together have no parameter of their own")


def _checked(wanted: object) -> tuple[Wanted, ...]:
    if not isinstance(wanted, tuple) or not all(
        isinstance(each, Assign | Remove | Column | Element | Add | Unignore) for each in wanted
    ):
        raise EvaluationError(f"{wanted!r} is no tuple of changes")
    return wanted


def _change(wanted: Wanted) -> Change:
    match wanted:
        case Assign(name, value, None):
            return SetParameter(name, postfix_text(value))
        case Assign(name, value, service):
            return SetServiceOverride(service or "", name, postfix_text(value))
        case Remove(name, service):
            return UnsetParameter(name, service)
        case Column(service, field, value):
            return SetServiceField(service, field, postfix_text(value))
        case Element(name, element, new, service):
            return ChangeElement(name, element, tuple(map(postfix_text, new)), service)
        case Add(service, command, fields):
            return AddService(service, command, fields)
        case Unignore(file, line, rule):
            return DropIgnore(file, line, rule)


def _value(expression: Expression, case: object, variables: Mapping[str, object]) -> object:
    match expression.evaluate(case, variables):
        case Known(value):
            return value
        case NotKnown() as unknown:
            return unknown
        case Failed(error):
            raise EvaluationError(error)


def simplified(value: object) -> object:
    """A whole number without its fraction; everything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def postfix_text(value: object) -> str:
    """`value` as Postfix writes it: yes and no, whole numbers, lists with commas. Raises EvaluationError."""
    value = simplified(plain(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple | list):
        return ", ".join(postfix_text(item) for item in value)
    if isinstance(value, float):
        raise EvaluationError(f"Postfix takes whole numbers, not {value}: use ceil or floor")
    if not isinstance(value, str):
        raise EvaluationError(f"a {type(value).__name__} cannot be a value in Postfix's configuration")
    # A line break in a value would be another setting: a value that came out of a log must not make one.
    if not value.isprintable():
        raise EvaluationError(f"the value {visible(value)} has characters that are not printable")
    return value
