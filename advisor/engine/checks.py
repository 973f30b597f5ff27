"""The check of an expression when its rule is loaded: names, attributes, arguments, and kinds of value.

It walks the tree once and says what kind of value each part has; where a hint says nothing, neither does it.
"""

import ast
from dataclasses import dataclass, field
from typing import Any

from advisor.engine import hints
from advisor.engine.grammar import ARITHMETIC, COMPARISONS, spoken
from advisor.engine.hints import Hint
from advisor.engine.scope import BUILTINS, OPTIONS, Scope
from advisor.engine.suggest import did_you_mean
from advisor.errors import RuleError
from advisor.facts.registry import Source

_EQUALITY = (ast.Eq, ast.NotEq)
_MEMBERSHIP = (ast.In, ast.NotIn)


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of attributes on a name; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


@dataclass
class Checker:
    """Walks one expression; afterwards `facts` and `sources` say what it hangs on."""

    scope: Scope
    where: str
    facts: set[str] = field(default_factory=set)
    sources: set[Source] = field(default_factory=set)

    def check(self, node: ast.expr) -> Hint:
        """The hint of `node`'s value. Raises RuleError where the expression cannot make sense."""
        match node:
            case ast.Constant(value):
                return type(value)
            case ast.Tuple() | ast.List():
                return tuple
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.BoolOp(values=parts):
                for part in parts:
                    self._truth(part)
                return bool
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self._truth(operand)
                return bool
            case ast.UnaryOp(operand=operand):
                return self._number(operand)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._truth(test)
                return hints.union(self.check(body), self.check(orelse))
            case _:  # the grammar lets nothing else through
                raise RuleError(f"{spoken(node)} is no expression", where=self.where)

    def _name(self, name: str) -> Hint:
        if name == self.scope.variable:
            self.sources.add(Source.SETTINGS)
            return self.scope.element
        if name in self.scope.let:
            self.facts |= self.scope.let[name].facts
            self.sources |= self.scope.let[name].sources
            return self.scope.let[name].hint
        if name == OPTIONS:
            raise self._error("`options` stands alone", "name one of them: options.NAME")
        if name in self.scope.facts or name in BUILTINS:
            raise self._error(f"{name} is a function that is not called", f"write {name}(…)")
        raise self._error(f"nothing is called {name}", did_you_mean(name, self.scope.names))

    def _attribute(self, node: ast.Attribute) -> Hint:
        path = dotted(node)
        if path in self.scope.facts:
            raise self._error(f"{path} is a fact that is not called", f"write {path}(…)")
        if isinstance(node.value, ast.Name) and node.value.id == OPTIONS:
            if node.attr not in self.scope.options:
                raise self._error(
                    f"no option is called {node.attr}", did_you_mean(node.attr, self.scope.options)
                )
            return self.scope.options[node.attr]
        root = path.split(".")[0] if path else ""
        is_fact = root and root not in self.scope.let and root != self.scope.variable
        if is_fact and any(name.startswith(f"{root}.") for name in self.scope.facts):
            raise self._error(f"no fact is called {path}", did_you_mean(path, self.scope.facts))
        owner = self.check(node.value)
        found: list[Hint] = []
        for member in hints.members(owner):
            if member is Any:
                return Any
            known = hints.attributes((hints.classes(member) or (object,))[0])
            if node.attr not in known:
                raise self._error(
                    f"{spoken(node.value)} ({_kind(member)}) has no attribute {node.attr}",
                    did_you_mean(node.attr, known),
                )
            found.append(known[node.attr])
        return hints.union(*found)

    def _call(self, node: ast.Call) -> Hint:
        name = dotted(node.func)
        given = [self.check(argument) for argument in node.args]
        if name in self.scope.facts:
            fact = self.scope.facts[name]
            self.facts.add(name)
            self.sources.add(fact.source)
            self._count(name, len(given), *hints.argument_counts(fact.function))
            return hints.result(fact.function)
        if name not in BUILTINS:
            known = {*self.scope.facts, *BUILTINS}
            raise self._error(f"no fact is called {name or spoken(node.func)}", did_you_mean(name, known))
        builtin = BUILTINS[name]
        self._count(name, len(given), builtin.least, builtin.most)
        for argument, hint in zip(node.args, given, strict=True):
            self._must_be(hint, builtin.takes, argument)
        if builtin.gives:
            return builtin.gives
        return int if name == "round" and len(given) == 1 else hints.union(*given)

    def _count(self, name: str, given: int, least: int, most: int | None) -> None:
        if given < least or (most is not None and given > most):
            wanted = str(least) if least == most else f"{least} to {most}" if most else f"{least} or more"
            raise self._error(f"{name} takes {wanted} arguments, not {given}", "correct the call")

    def _comparison(self, node: ast.Compare) -> Hint:
        left, left_hint = node.left, self.check(node.left)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            right_hint = self.check(right)
            if isinstance(operator, _EQUALITY):
                self._alike(left, left_hint, right, right_hint)
            elif isinstance(operator, _MEMBERSHIP):
                self._must_be(right_hint, BUILTINS["len"].takes, right)
                if isinstance(right, ast.Tuple | ast.List):
                    for item in right.elts:
                        self._alike(left, left_hint, item, self.check(item))
            else:
                for side, hint in ((left, left_hint), (right, right_hint)):
                    self._must_be(hint, (int, float), side, COMPARISONS[type(operator)])
            left, left_hint = right, right_hint
        return bool

    def _alike(self, left: ast.expr, left_hint: Hint, right: ast.expr, right_hint: Hint) -> None:
        for one, other, hint in ((left, right, right_hint), (right, left, left_hint)):
            possible = hints.choices(hint)
            if possible and isinstance(one, ast.Constant) and one.value not in possible:
                cure = did_you_mean(str(one.value), map(str, possible))
                raise self._error(f"{spoken(other)} is never {one.value!r}", cure)
        kinds = [_comparable(left_hint), _comparable(right_hint)]
        if all(kinds) and not set.intersection(*kinds):
            raise self._error(
                f"{spoken(left)} is {_kind(left_hint)}, {spoken(right)} is {_kind(right_hint)}: never equal",
                "compare values of one kind",
            )

    def _arithmetic(self, node: ast.BinOp) -> Hint:
        left, right = self.check(node.left), self.check(node.right)
        symbol = ARITHMETIC[type(node.op)]
        # Strings may be put together, to build a value; every other operator is for numbers.
        allowed = (int, float, str) if isinstance(node.op, ast.Add) else (int, float)
        for side, hint in ((node.left, left), (node.right, right)):
            self._must_be(hint, allowed, side, symbol)
        return float if isinstance(node.op, ast.Div) else hints.union(left, right)

    def _number(self, node: ast.expr) -> Hint:
        hint = self.check(node)
        self._must_be(hint, (int, float), node, "-")
        return hint

    def _truth(self, node: ast.expr) -> None:
        self.must_be_truth(self.check(node), node)

    def must_be_truth(self, hint: Hint, node: ast.expr) -> None:
        """Raises RuleError where `node` surely has a value that is neither true nor false."""
        self._must_be(hint, (bool,), node)

    def _must_be(self, hint: Hint, wanted: tuple[type, ...], node: ast.expr, symbol: str = "") -> None:
        kinds = hints.classes(hint)
        if kinds is None or any(_fits(kind, wanted) for kind in kinds):
            return
        used = f" and cannot stand beside {symbol}" if symbol else ""
        names = " or ".join(sorted({_WORDS.get(each, each.__name__) for each in wanted}))
        raise self._error(f"{spoken(node)} is {_kind(hint)}{used}", f"use {names} here")

    def _error(self, message: str, cure: str) -> RuleError:
        return RuleError(message, where=self.where, cure=cure)


_WORDS: dict[type, str] = {bool: "true or false", str: "a string", int: "a number", float: "a number"}


def _fits(kind: type, wanted: tuple[type, ...]) -> bool:
    # A hint such as Sequence may stand for a tuple.
    if kind.__module__ == "collections.abc" and any(issubclass(each, kind) for each in wanted):
        return True
    # To Python True is the number 1; in a rule it is not.
    return issubclass(kind, wanted) and (kind is not bool or bool in wanted)


def _kind(hint: Hint) -> str:
    kinds = hints.classes(hint)
    if kinds is None:
        return "anything"
    return " or ".join(dict.fromkeys(_WORDS.get(kind, kind.__name__) for kind in kinds))


def _comparable(hint: Hint) -> set[str]:
    """The plain kinds a value may have; empty where another class makes its own equality."""
    possible = hints.choices(hint)
    kinds = tuple(type(value) for value in possible) if possible else hints.classes(hint)
    if kinds is None or not all(issubclass(kind, str | int | float) for kind in kinds):
        return set()
    return {"string" if issubclass(kind, str) else "truth" if kind is bool else "number" for kind in kinds}
