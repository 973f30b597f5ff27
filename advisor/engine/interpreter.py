"""Makes of an expression's tree a function that works it out, with Kleene's three-valued logic.

`false` decides an `and`, `true` an `or`, whatever is not known beside them and whatever fails there: the
answer does not hang on it. Every other operation on something not known is not known. So a missing input can
only ever turn an answer into "not known", never into another answer.

An expression is worked out for many elements of many cases, so what can be known from the tree is found out
once: each part becomes a function of the run, which calls those of its parts.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from advisor.engine import hints
from advisor.engine.answers import EvaluationError, Failed, Known, NotKnown, both
from advisor.engine.checks import dotted
from advisor.engine.grammar import COMPARISONS, spoken
from advisor.engine.operators import arithmetic, comparison, number, shown
from advisor.engine.scope import BUILTINS, OPTIONS
from advisor.errors import AdvisorError
from advisor.facts.registry import Fact
from advisor.missing import Missing


class Run(msgspec.Struct):
    """One case and one set of variables; `trace` collects each named part's value, in order, where the
    expression was compiled for that.
    """

    case: object
    variables: Mapping[str, object]
    trace: list[tuple[ast.expr, object]]


# The value of a part, or a NotKnown. Raises EvaluationError.
Work = Callable[[Run], object]


def compiled(node: ast.expr, facts: Mapping[str, Fact], *, traced: bool) -> Work:
    """The function that works out `node`; `facts` are those it may call. `traced`: it fills the trace."""
    return _Compiler(facts, traced).work(node)


class _Compiler(msgspec.Struct, frozen=True):
    facts: Mapping[str, Fact]
    traced: bool

    def work(self, node: ast.expr) -> Work:
        match node:
            case ast.Constant(value):
                return lambda _: value
            case ast.Tuple(elts=items) | ast.List(elts=items):
                parts = [self.work(item) for item in items]
                return lambda run: tuple(part(run) for part in parts)
            case ast.Name(id=name):
                return self._told(node, _variable(name))
            case ast.Attribute(value=ast.Name(id=name), attr=option) if name == OPTIONS:
                return self._told(node, _option(option))
            case ast.Attribute(value=owner):
                return self._told(node, _attribute(node, self.work(owner)))
            case ast.Call():
                return self._told(node, self._call(node))
            case ast.BoolOp(op=op, values=values):
                return _decide([self._truth(part) for part in values], decisive=isinstance(op, ast.Or))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _negation(self._truth(operand))
            case ast.UnaryOp(operand=operand):
                return _minus(operand, self.work(operand))
            case ast.BinOp(left=left, right=right):
                return _of_both(arithmetic(node), self.work(left), self.work(right))
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return _choose(self._truth(test), self.work(body), self.work(orelse))
            case _:  # the grammar lets nothing else through
                raise EvaluationError(f"{spoken(node)} is no expression")

    def _told(self, node: ast.expr, work: Work) -> Work:
        """The work, which also tells the trace of its value if somebody wants to know."""
        return _traced(node, work) if self.traced else work

    def _truth(self, node: ast.expr) -> Work:
        """The value of `node`, which must be true, false, or a NotKnown."""
        work = self.work(node)

        def truth(run: Run) -> object:
            value = work(run)
            if value is True or value is False or isinstance(value, NotKnown):
                return value
            raise EvaluationError(f"{spoken(node)} is {shown(value)}, neither true nor false")

        return truth

    def _call(self, node: ast.Call) -> Work:
        parts = [self.work(argument) for argument in node.args]
        name = dotted(node.func)
        if name in self.facts:
            return _fact(node, self.facts[name].function, parts)
        return _builtin(node, name, parts)

    def _compare(self, node: ast.Compare) -> Work:
        """`a < b < c` is `a < b and b < c`, with b worked out once."""
        sides = [node.left, *node.comparators]
        first, *others = (self.work(side) for side in sides)
        holds = [
            comparison(left, COMPARISONS[type(op)], right)
            for left, op, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        steps = list(zip(holds, others, strict=True))

        def compare(run: Run) -> object:
            obstacles: list[object] = []
            left = _tried(first, run)
            for holds, work in steps:
                right = _tried(work, run)
                if isinstance(left, _OBSTACLES):
                    obstacles.append(left)
                elif isinstance(right, _OBSTACLES):
                    obstacles.append(right)
                else:
                    try:
                        if not holds(left, right):
                            return False
                    except EvaluationError as error:
                        obstacles.append(error)
                left = right
            return _settled(obstacles, otherwise=True) if obstacles else True

        return compare


_OBSTACLES = (NotKnown, EvaluationError)


def _tried(work: Work, run: Run) -> object:
    """The value, a NotKnown, or the EvaluationError it ended in."""
    try:
        return work(run)
    except EvaluationError as error:
        return error


def _settled(obstacles: Sequence[object], *, otherwise: object) -> object:
    """`otherwise` where nothing stands in the way. What is unknown may yet decide, so it comes first."""
    unknown = [each for each in obstacles if isinstance(each, NotKnown)]
    if unknown:
        return both(*unknown)
    for each in obstacles:
        if isinstance(each, EvaluationError):
            raise each
    return otherwise


def _traced(node: ast.expr, work: Work) -> Work:
    def traced(run: Run) -> object:
        value = work(run)
        run.trace.append((node, value))
        return value

    return traced


def _variable(name: str) -> Work:
    def variable(run: Run) -> object:
        value = run.variables[name]
        if isinstance(value, Known):
            return value.value
        if isinstance(value, Failed):
            raise EvaluationError(f"{name}: {value.error}")
        return _lifted(value)

    return variable


def _option(name: str) -> Work:
    def option(run: Run) -> object:
        options = run.variables[OPTIONS]
        assert isinstance(options, Mapping)  # noqa: S101 - the judge makes it
        return options[name]

    return option


def _attribute(node: ast.Attribute, work: Work) -> Work:
    name = node.attr

    def attribute(run: Run) -> object:
        owner: Any = work(run)
        if isinstance(owner, NotKnown):
            return owner
        # Asked again of the class at hand: a hint may have said Any, or a base class.
        if name not in hints.attributes(owner.__class__):
            raise EvaluationError(f"{spoken(node.value)} is {shown(owner)} and has no attribute {name}")
        return _guarded(node, getattr, owner, name)

    return attribute


def _fact(node: ast.Call, function: Callable[..., object], parts: Sequence[Work]) -> Work:
    def fact(run: Run) -> object:
        arguments = [part(run) for part in parts]
        return _unknown(arguments) or _guarded(node, function, run.case, *arguments)

    return fact


def _builtin(node: ast.Call, name: str, parts: Sequence[Work]) -> Work:
    builtin = BUILTINS[name]

    def call(run: Run) -> object:
        arguments = [part(run) for part in parts]
        if unknown := _unknown(arguments):
            return unknown
        for argument in arguments:
            if not isinstance(argument, builtin.takes) or isinstance(argument, bool):
                raise EvaluationError(f"{spoken(node)}: {name} of {shown(argument)}")
        return _guarded(node, builtin.function, *arguments)

    return call


def _unknown(values: Sequence[object]) -> NotKnown | None:
    """What is not known of the values; None where all are."""
    unknown = [value for value in values if isinstance(value, NotKnown)]
    return both(*unknown) if unknown else None


def _guarded(node: ast.expr, function: Callable[..., object], *arguments: object) -> object:
    try:
        return _lifted(function(*arguments))
    except AdvisorError as error:
        raise EvaluationError(f"{spoken(node)}: {error}") from error
    except Exception as error:  # a fact is other people's code: one that fails must break one rule, not all
        raise EvaluationError(f"{spoken(node)}: {type(error).__name__}: {error}") from error


def _decide(parts: Sequence[Work], *, decisive: bool) -> Work:
    """`or` where `decisive` is True, `and` where it is False: the value that settles it alone."""

    def decide(run: Run) -> object:
        obstacles: list[object] = []
        for part in parts:
            try:
                value = part(run)
            except EvaluationError as error:
                value = error
            if value is decisive:
                return decisive
            if isinstance(value, _OBSTACLES):
                obstacles.append(value)
        return _settled(obstacles, otherwise=not decisive) if obstacles else not decisive

    return decide


def _negation(truth: Work) -> Work:
    def negation(run: Run) -> object:
        value = truth(run)
        return value if isinstance(value, NotKnown) else not value

    return negation


def _minus(node: ast.expr, work: Work) -> Work:
    def minus(run: Run) -> object:
        value = work(run)
        return value if isinstance(value, NotKnown) else -number(node, value)

    return minus


def _choose(test: Work, body: Work, orelse: Work) -> Work:
    def choose(run: Run) -> object:
        chosen = _tried(test, run)
        if isinstance(chosen, bool):
            return (body if chosen else orelse)(run)
        one, other = _tried(body, run), _tried(orelse, run)
        if isinstance(one, str | int | float) and type(one) is type(other) and one == other:
            return one
        # Which of the two fails matters only where it would have been chosen.
        return _settled(
            [chosen, *(each for each in (one, other) if isinstance(each, NotKnown))], otherwise=None
        )

    return choose


def _of_both(function: Callable[[object, object], object], left_work: Work, right_work: Work) -> Work:
    def of_both(run: Run) -> object:
        left, right = left_work(run), right_work(run)
        return _unknown((left, right)) or function(left, right)

    return of_both


def _lifted(value: object) -> object:
    return NotKnown((value,)) if isinstance(value, Missing) else value
