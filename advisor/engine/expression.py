"""The small language of rule files: Python's expression syntax, cut down, with a third truth value.

    compile_expression("service.process_limit < processes_needed(service, options.headroom)", scope)

What can be wrong with the text is said when the rule is loaded, with a cure; what can be wrong with the
values comes back as an answer. No text and no value gives a traceback.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advisor.engine.answers import Answer, EvaluationError, Failed, Known, NotKnown
from advisor.engine.checks import Checker, dotted
from advisor.engine.grammar import parse, spoken
from advisor.engine.hints import Hint, plain
from advisor.engine.interpreter import Run, Work, compiled
from advisor.engine.scope import OPTIONS, Scope
from advisor.engine.verdicts import Evidence, Scalar
from advisor.facts.registry import Source

__all__ = ["Answer", "Expression", "Failed", "Known", "NotKnown", "Scope", "compile_expression"]


@dataclass(frozen=True)
class Expression:
    """A checked expression.

    `hint` is the type of its value (Any where that is not known). `facts` are the names of all facts it hangs
    on, also by way of let names, and `sources` what those are read from.
    """

    text: str
    scope: Scope
    tree: ast.expr
    hint: Hint
    facts: frozenset[str]
    sources: frozenset[Source]

    def evaluate(self, case: object, variables: Mapping[str, object]) -> Answer:
        """The answer for one element. `variables`: the element, `options`, the let names' answers."""
        return _answer(self._work, Run(case, variables, []))

    def because(self, case: object, variables: Mapping[str, object]) -> tuple[Evidence, ...]:
        """The known values behind the answer: of facts, of attributes, of let names; each once.

        Only parts that were worked out are there; literals and options are not.
        """
        trace: list[tuple[ast.expr, object]] = []
        _answer(self._traced_work, Run(case, variables, trace))
        found: dict[str, Evidence] = {}
        for node, value in trace:
            if isinstance(node, ast.Name) and node.id in self.scope.let:
                named = self.scope.let[node.id]
                for evidence in named.because(case, variables):
                    found.setdefault(evidence.name, evidence)
                if named.is_single:
                    # Its one value stands there already, under a name that says where it is from.
                    continue
            shown = _shown(value)
            if shown is not None and self._is_input(node):
                name = spoken(node)
                found.setdefault(name, Evidence(name, shown, self._unit(node), self._source(node)))
        return tuple(found.values())

    @cached_property
    def is_single(self) -> bool:
        """Whether the whole expression is one fact or one attribute, whose value needs no other name."""
        if isinstance(self.tree, ast.Call):
            return dotted(self.tree.func) in self.scope.facts
        return isinstance(self.tree, ast.Attribute | ast.Name)

    @cached_property
    def _work(self) -> Work:
        return compiled(self.tree, self.scope.facts, traced=False)

    @cached_property
    def _traced_work(self) -> Work:
        return compiled(self.tree, self.scope.facts, traced=True)

    def _is_input(self, node: ast.expr) -> bool:
        """Whether the node brings something in: options are the rule's own, min and max only pick."""
        if isinstance(node, ast.Call):
            return dotted(node.func) in self.scope.facts
        return not (isinstance(node, ast.Attribute) and dotted(node.value) == OPTIONS)

    def _unit(self, node: ast.expr) -> str:
        return self.scope.facts[dotted(node.func)].unit if isinstance(node, ast.Call) else ""

    def _source(self, node: ast.expr) -> Source:
        """What the value comes from; of several sources the one that was measured says most."""
        while isinstance(node, ast.Attribute):
            node = node.value
        sources: frozenset[Source] = frozenset()
        if isinstance(node, ast.Name) and node.id in self.scope.let:
            sources = self.scope.let[node.id].sources
        elif isinstance(node, ast.Call):
            sources = frozenset({self.scope.facts[dotted(node.func)].source})
        return next((each for each in (Source.LOG, Source.MEMORY) if each in sources), Source.SETTINGS)


def compile_expression(text: str, scope: Scope, where: str = "", *, condition: bool = False) -> Expression:
    """The expression behind `text`, checked; `condition`: it must be true or false.

    Raises RuleError, with `where` and a cure, for anything that cannot make sense.
    """
    tree = parse(text, where)
    checker = Checker(scope, where)
    hint = checker.check(tree)
    if condition:
        checker.must_be_truth(hint, tree)
    return Expression(text, scope, tree, hint, frozenset(checker.facts), frozenset(checker.sources))


def _answer(work: Work, run: Run) -> Answer:
    try:
        value = work(run)
    except EvaluationError as error:
        return Failed(str(error))
    return value if isinstance(value, NotKnown) else Known(value)


def _shown(value: object) -> Scalar | tuple[Scalar, ...] | None:
    """`value` as evidence; None for objects, whose attributes are the evidence."""
    value = plain(value)
    if isinstance(value, frozenset | set):
        value = tuple(sorted(value, key=str))
    if isinstance(value, tuple | list):
        items = [plain(item) for item in value]
        scalars = tuple(item for item in items if isinstance(item, str | int | float))
        return scalars if len(scalars) == len(items) else None
    return value if isinstance(value, str | int | float) else None
