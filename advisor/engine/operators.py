"""What the operators of the rule language do with values that are known.

Strings may be put together, numbers are bounded, and true is not the number 1. Everything else is an error
that names the part of the expression.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from advisor.engine import hints
from advisor.engine.answers import EvaluationError
from advisor.engine.grammar import ARITHMETIC, spoken

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


def arithmetic(node: ast.BinOp) -> Callable[[object, object], object]:
    """The function that works out the operation. Raises EvaluationError."""
    symbol = ARITHMETIC[type(node.op)]
    function = _FUNCTIONS[symbol]

    def work_out(left: object, right: object) -> object:
        if symbol == "+" and isinstance(left, str) and isinstance(right, str):
            if len(left) + len(right) > _LONGEST:
                raise EvaluationError(f"{spoken(node)} is a string of more than {_LONGEST} characters")
            return left + right
        try:
            result = function(number(node.left, left), number(node.right, right))
        except ArithmeticError as error:
            raise EvaluationError(f"{spoken(node)}: {error}") from error
        if not isfinite(result) or abs(result) > _LARGEST:
            raise EvaluationError(f"{spoken(node)} is out of range")
        return result

    return work_out


def comparison(left_node: ast.expr, symbol: str, right_node: ast.expr) -> Callable[[object, object], bool]:
    """The function that says whether the comparison holds. It raises EvaluationError."""
    if symbol in {"in", "not in"}:
        wanted = symbol == "in"

        def is_in(left: object, right: object) -> bool:
            if not isinstance(right, _CONTAINERS):
                raise EvaluationError(f"{spoken(right_node)} is {shown(right)}, nothing can be in it")
            try:
                return (hints.plain(left) in right) is wanted
            except TypeError as error:
                raise EvaluationError(f"{spoken(left_node)} in {spoken(right_node)}: {error}") from error

        return is_in
    function = _FUNCTIONS[symbol]
    if symbol in {"==", "!="}:
        return lambda left, right: bool(function(hints.plain(left), hints.plain(right)))
    return lambda left, right: bool(function(number(left_node, left), number(right_node, right)))


def number(node: ast.expr, value: object) -> int | float:
    """The value of `node`, which must be a number. Raises EvaluationError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvaluationError(f"{spoken(node)} is {shown(value)}, not a number")
    return value


def shown(value: object) -> str:
    """What an error says of a value."""
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:60]}…"
