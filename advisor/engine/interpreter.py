"""Works out an expression, with Kleene's three-valued logic: true, false, not known.

`false` decides an `and`, `true` an `or`, whatever is not known beside them and whatever fails there: the
answer does not hang on it. Every other operation on something not known is not known. So a missing input can
only ever turn an answer into "not known", never into another answer.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import msgspec

from advisor.engine import hints
from advisor.engine.answers import Failed, Known, NotKnown, both
from advisor.engine.checks import dotted
from advisor.engine.grammar import ARITHMETIC, COMPARISONS, spoken
from advisor.engine.scope import BUILTINS, OPTIONS
from advisor.errors import AdvisorError
from advisor.facts.registry import Fact
from advisor.missing import Missing

# Beyond what any count of bytes or messages reaches; it keeps products of large numbers from growing on.
_LARGEST = 10**30
_LONGEST = 100_000
_CONTAINERS = (str, tuple, list, set, frozenset, Mapping)
_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class EvaluationError(Exception):
    """The expression cannot be worked out with these values."""


class Interpreter(msgspec.Struct, frozen=True):
    """Works out trees for one case and one set of variables; `trace` collects each part's value, in order."""

    case: object
    variables: Mapping[str, object]
    facts: Mapping[str, Fact]
    trace: list[tuple[ast.expr, object]] | None = None

    def value(self, node: ast.expr) -> object:
        """The value of `node`, or a NotKnown. Raises EvaluationError."""
        match node:
            case ast.Constant(value):
                return value
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return tuple(self.value(item) for item in items)
            case ast.Name(id=name):
                return self._seen(node, self._variable(name))
            case ast.Attribute():
                return self._seen(node, self._attribute(node))
            case ast.Call():
                return self._seen(node, self._call(node))
            case ast.BoolOp(op=op, values=values):
                return self._decide(values, decisive=isinstance(op, ast.Or))
            case ast.UnaryOp(op=op, operand=operand):
                return self._unary(op, operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(node, self.value(left), ARITHMETIC[type(op)], self.value(right))
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self._choose(node)
            case _:
                raise EvaluationError(f"{spoken(node)} is no expression")

    def _seen(self, node: ast.expr, value: object) -> object:
        if self.trace is not None:
            self.trace.append((node, value))
        return value

    def _variable(self, name: str) -> object:
        value = self.variables[name]
        match value:
            case Failed(error):
                raise EvaluationError(f"{name}: {error}")
            case Known(known):
                return known
            case _:
                return _lifted(value)

    def _attribute(self, node: ast.Attribute) -> object:
        if isinstance(node.value, ast.Name) and node.value.id == OPTIONS:
            options = self.variables[OPTIONS]
            assert isinstance(options, Mapping)  # noqa: S101 - the judge makes it
            return options[node.attr]
        owner: Any = self.value(node.value)
        if isinstance(owner, NotKnown):
            return owner
        # Asked again of the class at hand: a hint may have said Any, or a base class.
        if node.attr not in hints.attributes(owner.__class__):
            raise EvaluationError(f"{spoken(node.value)} is {_shown(owner)} and has no attribute {node.attr}")
        return self._guarded(node, lambda: getattr(owner, node.attr))

    def _call(self, node: ast.Call) -> object:
        arguments = [self.value(argument) for argument in node.args]
        unknown = [argument for argument in arguments if isinstance(argument, NotKnown)]
        if unknown:
            return both(*unknown)
        name = dotted(node.func)
        if name in self.facts:
            return self._guarded(node, lambda: self.facts[name].function(self.case, *arguments))
        builtin = BUILTINS[name]
        for argument in arguments:
            if not isinstance(argument, builtin.takes) or isinstance(argument, bool):
                raise EvaluationError(f"{spoken(node)}: {name} of {_shown(argument)}")
        return self._guarded(node, lambda: builtin.function(*arguments))

    def _guarded(self, node: ast.expr, work: Callable[[], object]) -> object:
        try:
            return _lifted(work())
        except AdvisorError as error:
            raise EvaluationError(f"{spoken(node)}: {error}") from error
        except (
            Exception
        ) as error:  # a fact is other people's code: one that fails must break one rule, not all
            raise EvaluationError(f"{spoken(node)}: {type(error).__name__}: {error}") from error

    def _decide(self, parts: list[ast.expr], *, decisive: bool) -> object:
        """`or` where `decisive` is True, `and` where it is False: the value that settles it alone."""
        settled = _Settling()
        for part in parts:
            value = self._tried(part, truth=True)
            if value is decisive:
                return decisive
            settled.note(value)
        return settled.outcome(otherwise=not decisive)

    def _tried(self, node: ast.expr, *, truth: bool = False) -> object:
        """The value of `node`, a NotKnown, or the EvaluationError it ended in."""
        try:
            value = self.value(node)
            return value if isinstance(value, NotKnown) or not truth else _truth(node, value)
        except EvaluationError as error:
            return error

    def _unary(self, op: ast.unaryop, operand: ast.expr) -> object:
        value = self.value(operand)
        if isinstance(value, NotKnown):
            return value
        if isinstance(op, ast.Not):
            return not _truth(operand, value)
        return -_number(operand, value)

    def _choose(self, node: ast.IfExp) -> object:
        test = self._tried(node.test, truth=True)
        if isinstance(test, bool):
            return self.value(node.body if test else node.orelse)
        one, other = self._tried(node.body), self._tried(node.orelse)
        if isinstance(one, str | int | float) and type(one) is type(other) and one == other:
            return one
        settled = _Settling()
        for value in (test, one, other):
            # Which of the two fails matters only where it would have been chosen.
            if value is test or isinstance(value, NotKnown):
                settled.note(value)
        return settled.outcome(otherwise=None)

    def _arithmetic(self, node: ast.BinOp, left: object, symbol: str, right: object) -> object:
        unknown = [side for side in (left, right) if isinstance(side, NotKnown)]
        if unknown:
            return both(*unknown)
        if symbol == "+" and isinstance(left, str) and isinstance(right, str):
            if len(left) + len(right) > _LONGEST:
                raise EvaluationError(f"{spoken(node)} is a string of more than {_LONGEST} characters")
            return left + right
        try:
            result = _FUNCTIONS[symbol](_number(node.left, left), _number(node.right, right))
        except ArithmeticError as error:
            raise EvaluationError(f"{spoken(node)}: {error}") from error
        if not isfinite(result) or abs(result) > _LARGEST:
            raise EvaluationError(f"{spoken(node)} is out of range")
        return result

    def _compare(self, node: ast.Compare) -> object:
        """`a < b < c` is `a < b and b < c`, with b worked out once."""
        settled = _Settling()
        left_node, left = node.left, self._tried(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self._tried(right_node)
            if not settled.note(left) and not settled.note(right):
                try:
                    if not _holds(left_node, left, COMPARISONS[type(op)], right_node, right):
                        return False
                except EvaluationError as error:
                    settled.note(error)
            left_node, left = right_node, right
        return settled.outcome(otherwise=True)


class _Settling:
    """What stands in the way of an answer, while its parts are looked at."""

    def __init__(self) -> None:
        self._unknown: list[NotKnown] = []
        self._error: EvaluationError | None = None

    def note(self, value: object) -> bool:
        """Whether `value` stands in the way."""
        if isinstance(value, NotKnown):
            self._unknown.append(value)
        elif isinstance(value, EvaluationError):
            self._error = self._error or value
        return isinstance(value, NotKnown | EvaluationError)

    def outcome(self, *, otherwise: object) -> object:
        """`otherwise` where nothing stands in the way. What is unknown may yet decide, so it comes first."""
        if self._unknown:
            return both(*self._unknown)
        if self._error is not None:
            raise self._error
        return otherwise


def _truth(node: ast.expr, value: object) -> bool:
    if not isinstance(value, bool):
        raise EvaluationError(f"{spoken(node)} is {_shown(value)}, neither true nor false")
    return value


def _holds(left_node: ast.expr, left: object, symbol: str, right_node: ast.expr, right: object) -> bool:
    if symbol in {"in", "not in"}:
        if not isinstance(right, _CONTAINERS):
            raise EvaluationError(f"{spoken(right_node)} is {_shown(right)}, nothing can be in it")
        try:
            inside = hints.plain(left) in right
        except TypeError as error:
            raise EvaluationError(f"{spoken(left_node)} in {spoken(right_node)}: {error}") from error
        return inside is (symbol == "in")
    if symbol in {"==", "!="}:
        return bool(_FUNCTIONS[symbol](hints.plain(left), hints.plain(right)))
    return bool(_FUNCTIONS[symbol](_number(left_node, left), _number(right_node, right)))


def _lifted(value: object) -> object:
    return NotKnown((value,)) if isinstance(value, Missing) else value


def _number(node: ast.expr, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvaluationError(f"{spoken(node)} is {_shown(value)}, not a number")
    return value


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:60]}…"
