"""A condition in words, read off its tree: "all of: the service is public; its process limit: less than 20".

What a fact or an attribute is called comes from its docstring, so that the words cannot drift from the
condition. `not` is carried inwards (De Morgan's laws hold for three truth values too), so that every
statement is either said or denied.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from advisor.engine import hints
from advisor.engine.checks import dotted
from advisor.engine.expression import Expression
from advisor.engine.grammar import spoken
from advisor.engine.scope import OPTIONS, Scope
from advisor.engine.verdicts import Scalar
from advisor.engine.wording import percent, seconds, written
from advisor.facts.registry import Fact


class Statement(msgspec.Struct, frozen=True):
    """One thing that must hold."""

    text: str


class AllOf(msgspec.Struct, frozen=True):
    """All of these must hold: one that is false settles it, whatever is unknown beside it."""

    parts: tuple["Clause", ...]


class OneOf(msgspec.Struct, frozen=True):
    """One of these must hold: one that is true settles it, whatever is unknown beside it."""

    parts: tuple["Clause", ...]


Clause = Statement | AllOf | OneOf

_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "",
    ast.NotEq: "not ",
    ast.Lt: "less than ",
    ast.LtE: "at most ",
    ast.Gt: "more than ",
    ast.GtE: "at least ",
}
_AMONG_VALUES: dict[type[ast.cmpop], str] = {ast.Eq: "the same as ", ast.NotEq: "other than "}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "plus",
    ast.Sub: "minus",
    ast.Mult: "times",
    ast.Div: "divided by",
    ast.FloorDiv: "divided (without a rest) by",
    ast.Mod: "modulo",
}
_FUNCTIONS = {
    "min": "the smallest of {}",
    "max": "the largest of {}",
    "round": "{}, rounded",
    "ceil": "{}, rounded up",
    "floor": "{}, rounded down",
    "abs": "{}, without its sign",
    "len": "how many there are of: {}",
}


def in_words(condition: Expression, options: Mapping[str, Scalar]) -> Clause:
    """The condition as clauses; `options` are the rule's, with their values."""
    return _Speaker(condition.scope, options).clause(condition.tree, holds=True)


def brief(fact: Fact) -> str:
    """What the fact gives, without the details behind its docstring's first clause."""
    return _head(fact.doc.removeprefix("Whether "))


def one_line(clause: Clause) -> str:
    """The clause as running text."""
    match clause:
        case Statement(text):
            return text
        case AllOf(parts):
            return "; and ".join(map(_bracketed, parts))
        case OneOf(parts):
            return "; or ".join(map(_bracketed, parts))


def mentioned(expression: Expression) -> frozenset[str]:
    """The strings in an expression, and in what its let names stand for."""
    return frozenset(text for text, _ in _strings(expression.tree, expression.scope, holds=True))


def asked_for(condition: Expression) -> frozenset[str]:
    """The strings that a condition asks for, without those that it rules out."""
    return frozenset(text for text, holds in _strings(condition.tree, condition.scope, holds=True) if holds)


def _strings(node: ast.AST, scope: Scope, *, holds: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, holds
    elif isinstance(node, ast.Name) and node.id in scope.let:
        named = scope.let[node.id]
        yield from _strings(named.tree, named.scope, holds=holds)
    denied = (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)) or (
        isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn | ast.NotEq)
    )
    for child in ast.iter_child_nodes(node):
        yield from _strings(child, scope, holds=holds is not denied)


def _bracketed(clause: Clause) -> str:
    return one_line(clause) if isinstance(clause, Statement) else f"({one_line(clause)})"


class _Speaker(msgspec.Struct, frozen=True):
    scope: Scope
    options: Mapping[str, Scalar]

    def _within(self, named: Expression) -> "_Speaker":
        """The speaker for what a let name stands for: it sees only the names above it."""
        return _Speaker(named.scope, self.options)

    def clause(self, node: ast.expr, *, holds: bool) -> Clause:
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [self.clause(value, holds=holds) for value in values]
                return _joined(parts, AllOf if isinstance(op, ast.And) is holds else OneOf)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.clause(operand, holds=not holds)
            case ast.Compare():
                return self._comparison(node, holds=holds)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                taken = _joined((self.clause(test, holds=True), self.clause(body, holds=holds)), AllOf)
                other = _joined((self.clause(test, holds=False), self.clause(orelse, holds=holds)), AllOf)
                return OneOf((taken, other))
            case ast.Name(id=name) if name in self.scope.let:
                named = self.scope.let[name]
                return self._within(named).clause(named.tree, holds=holds)
            case ast.Constant(value=bool(value)):
                return Statement("always" if value is holds else "never")
            case _:
                return Statement(self._truth(node, holds=holds))

    def _truth(self, node: ast.expr, *, holds: bool) -> str:
        """A fact or an attribute that is itself true or false."""
        said = self._said(node)
        if said:
            return said if holds else f"not: {said}"
        if isinstance(node, ast.Attribute) and node.attr.startswith("is_"):
            what = node.attr.removeprefix("is_").replace("_", " ")
            return f"the {self.phrase(node.value)} is {'' if holds else 'not '}{what}"
        return f"{self.phrase(node)}: {written(holds)}"

    def _said(self, node: ast.expr) -> str:
        """What it says when it is true, where its docstring begins with "Whether"."""
        if isinstance(node, ast.Call):
            doc = self._filled(self.scope.facts[dotted(node.func)], node)
        elif isinstance(node, ast.Attribute):
            doc = self._documented(node)
        else:
            return ""
        return doc.removeprefix("Whether ").rstrip(".") if doc.startswith("Whether ") else ""

    def _comparison(self, node: ast.Compare, *, holds: bool) -> Clause:
        operands = [node.left, *node.comparators]
        pairs = zip(operands, node.ops, operands[1:], strict=False)
        parts = [Statement(self._pair(left, type(op), right, holds=holds)) for left, op, right in pairs]
        return _joined(parts, AllOf if holds else OneOf)

    def _pair(self, left: ast.expr, op: type[ast.cmpop], right: ast.expr, *, holds: bool) -> str:
        op = op if holds else _NEGATED[op]
        if op in (ast.In, ast.NotIn):
            return self._membership(left, right, inside=op is ast.In)
        if self._is_fixed(left) and not self._is_fixed(right):
            left, op, right = right, _MIRRORED[op], left
        if isinstance(right, ast.Constant) and right.value == "":
            return f"{self.phrase(left)}: {'empty' if op is ast.Eq else 'not empty'}"
        compared = _COMPARED[op] if self._is_fixed(right) else _AMONG_VALUES.get(op, _COMPARED[op])
        return f"{self.phrase(left)}: {compared}{self._value(right, beside=left)}"

    def _membership(self, left: ast.expr, right: ast.expr, *, inside: bool) -> str:
        if isinstance(right, ast.Tuple | ast.List):
            choices = [self._value(item, beside=left) for item in right.elts]
            listed = _listed(choices, "or" if inside else "nor")
            return (
                f"{self.phrase(left)}: {'' if inside else 'neither ' if len(choices) > 1 else 'not '}{listed}"
            )
        return f"{self.phrase(right)}: {self._value(left, beside=right)} {'' if inside else 'not '}among them"

    def _is_fixed(self, node: ast.expr) -> bool:
        """Whether it is a literal or an option: what others are compared with."""
        if isinstance(node, ast.UnaryOp):
            return self._is_fixed(node.operand)
        return isinstance(node, ast.Constant) or dotted(node).startswith(f"{OPTIONS}.")

    def _value(self, node: ast.expr, *, beside: ast.expr) -> str:
        """A phrase, with numbers in the unit of what they are compared with."""
        return self.phrase(node, self._unit(beside))

    def _unit(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and node.id in self.scope.let:
            named = self.scope.let[node.id]
            return self._within(named)._unit(named.tree)
        if isinstance(node, ast.Call) and (fact := self.scope.facts.get(dotted(node.func))):
            return fact.unit
        return ""

    def phrase(self, node: ast.expr, unit: str = "") -> str:
        match node:
            case ast.Constant(value):
                return _literal(value, unit)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return _listed([self.phrase(item, unit) for item in items], "and")
            case ast.Name(id=name) if name in self.scope.let:
                named = self.scope.let[name]
                return self._within(named).phrase(named.tree, unit)
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id="options"), attr=name):
                return f"{_literal(self.options[name], unit)} (options.{name})"
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node, unit)
            case ast.BinOp(left=left, op=op, right=right):
                return f"{self.phrase(left, unit)} {_ARITHMETIC[type(op)]} {self.phrase(right, unit)}"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"minus {self.phrase(operand, unit)}"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = one_line(self.clause(test, holds=True))
                return f"{self.phrase(body, unit)} if {condition}, else {self.phrase(orelse, unit)}"
            case _:
                return spoken(node)

    def _attribute(self, node: ast.Attribute) -> str:
        owner = self.phrase(node.value)
        return f"the {node.attr.replace('_', ' ')} of {'' if owner.startswith('the ') else 'the '}{owner}"

    def _call(self, node: ast.Call, unit: str) -> str:
        name = dotted(node.func)
        if name in self.scope.facts:
            return _head(self._filled(self.scope.facts[name], node))
        return _FUNCTIONS[name].format(_listed([self.phrase(each, unit) for each in node.args], "and"))

    def _filled(self, fact: Fact, node: ast.Call) -> str:
        """The fact's docstring with the arguments for their names in backticks; what it does not name, and is
        no element of the rule, is added in brackets.
        """
        doc = fact.doc
        left_over = []
        for name, argument in zip(_parameters(fact.function), node.args, strict=False):
            text = self.phrase(argument)
            if f"`{name}`" in doc:
                doc = doc.replace(f"`{name}`", text)
            elif not (isinstance(argument, ast.Name) and argument.id == self.scope.variable):
                left_over.append(text)
        return f"{doc.rstrip('.')} ({', '.join(left_over)})" if left_over else doc

    def _documented(self, node: ast.Attribute) -> str:
        """What a class says of an attribute that is true or false: its property's docstring, or what stands
        behind `name`: in its own.
        """
        owner = self._hint(node.value)
        for kind in hints.classes(owner) or ():
            member = getattr(kind, node.attr, None)
            if isinstance(member, property) and member.__doc__:
                return " ".join(member.__doc__.partition("\n\n")[0].split())
            truth = hints.classes(hints.attributes(kind).get(node.attr, object)) == (bool,)
            found = re.search(rf"`{node.attr}`: ([^.;]+)", inspect.getdoc(kind) or "") if truth else None
            if found:
                return f"Whether {' '.join(found[1].split())}"
        return ""

    def _hint(self, node: ast.expr) -> hints.Hint:
        if isinstance(node, ast.Name):
            if node.id == self.scope.variable:
                return self.scope.element
            return self.scope.let[node.id].hint if node.id in self.scope.let else object
        if isinstance(node, ast.Attribute):
            owners = hints.classes(self._hint(node.value)) or ()
            return hints.union(*(hints.attributes(owner).get(node.attr, object) for owner in owners))
        if isinstance(node, ast.Call) and (fact := self.scope.facts.get(dotted(node.func))):
            return hints.result(fact.function)
        return object


def _joined(parts: Iterable[Clause], kind: type[AllOf] | type[OneOf]) -> Clause:
    """One clause of the parts: those of the same kind are taken in, a single one stands for itself."""
    flat: list[Clause] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _head(doc: str) -> str:
    """A docstring's first clause, to stand within a sentence."""
    head = re.split(r"(?<!unknown): |\.$|\. |; ", doc, maxsplit=1)[0].rstrip(".")
    return head if head[:2].isupper() else head[:1].lower() + head[1:]


def _literal(value: object, unit: str) -> str:
    if isinstance(value, str):
        return written(value) or "empty"
    if isinstance(value, bool):
        return written(value)
    if unit == "share":
        return percent(value)
    return seconds(value) if unit == "s" else written(value)


def _listed(items: list[str], word: str) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def _parameters(function: Callable[..., object]) -> list[str]:
    """The names of a fact's arguments behind the case."""
    return list(inspect.signature(function).parameters)[1:]
