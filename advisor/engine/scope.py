"""What an expression may speak of: the element the rule is asked for, options, let names, and facts."""

from collections.abc import Callable, Mapping
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import msgspec

from advisor.facts.registry import FACTS, Fact

if TYPE_CHECKING:
    from advisor.engine.expression import Expression
    from advisor.engine.hints import Hint

OPTIONS = "options"


class Builtin(msgspec.Struct, frozen=True):
    """A function every rule may call: pure arithmetic. `takes` are the classes each argument may have."""

    function: Callable[..., Any]
    least: int
    most: int | None
    takes: tuple[type, ...]
    gives: type | None


_NUMBERS = (int, float)
BUILTINS: Mapping[str, Builtin] = {
    "min": Builtin(min, 2, None, _NUMBERS, None),
    "max": Builtin(max, 2, None, _NUMBERS, None),
    "round": Builtin(round, 1, 2, _NUMBERS, None),
    "ceil": Builtin(ceil, 1, 1, _NUMBERS, int),
    "floor": Builtin(floor, 1, 1, _NUMBERS, int),
    "abs": Builtin(abs, 1, 1, _NUMBERS, None),
    "len": Builtin(len, 1, 1, (str, tuple, list, set, frozenset, Mapping), int),
}


class Scope(msgspec.Struct, frozen=True):
    """The names of one rule.

    `variable` is what the rule calls each element of its collection, `element` the element's type. `options`
    gives the type of each option. `let` holds the expressions named so far.
    """

    variable: str
    element: "Hint"
    options: Mapping[str, type] = msgspec.field(default_factory=dict)
    let: Mapping[str, "Expression"] = msgspec.field(default_factory=dict)
    facts: Mapping[str, Fact] = msgspec.field(default_factory=lambda: FACTS)

    @property
    def names(self) -> frozenset[str]:
        """Every name that may stand in an expression of this scope."""
        return frozenset({self.variable, OPTIONS, *self.let, *self.facts, *BUILTINS})
