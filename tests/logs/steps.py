"""How many steps a backtracking engine needs to find out that a pattern does not match.

A clock would measure the machine. This walks the parsed pattern as `re` does, and counts the comparisons.
"""

import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
# A repeated group takes some ten frames a turn.
_DEEP = 10_000
Then = Callable[[int], bool]


def steps(pattern: re.Pattern[str], text: str) -> int:
    """The comparisons that `pattern.match(text)` makes."""
    walk = _Walk(text)
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEP)
    try:
        walk.items(list(_parser.parse(pattern.pattern)), 0, lambda _: True)
    finally:
        sys.setrecursionlimit(usual)
    return walk.steps


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0

    def items(self, items: Sequence[Any], at: int, then: Then) -> bool:
        if not items:
            return then(at)
        (operator, argument), rest = items[0], items[1:]
        return self.item(str(operator), argument, at, lambda end: self.items(rest, end, then))

    def item(self, operator: str, argument: Any, at: int, then: Then) -> bool:
        match operator:
            case "SUBPATTERN":
                return self.items(list(argument[3]), at, then)
            case "BRANCH":
                return any(self.items(list(branch), at, then) for branch in argument[1])
            case "ASSERT" | "ASSERT_NOT":
                found = self.items(list(argument[1]), at, lambda _: True)
                return found is (operator == "ASSERT") and then(at)
            case "AT":
                self.steps += 1
                return at == len(self.text) and then(at)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, body = argument
                if len(body) == 1 and str(body[0][0]) in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
                    return self.run(operator, least, most, body[0], at, then)
                return self.loop(operator, least, most, list(body), at, then)
            case _:
                return self.takes((operator, argument), at) and then(at + 1)

    def run(self, operator: str, least: int, most: int, one: Any, at: int, then: Then) -> bool:
        """A repeated character: as many as there are, then fewer; or the other way round."""
        ends = [at]
        while len(ends) <= most and self.takes((str(one[0]), one[1]), ends[-1]):
            ends.append(ends[-1] + 1)
        ends = ends[least:]
        for end in ends if operator == "MIN_REPEAT" else reversed(ends):
            self.steps += 1
            if then(end):
                return True
        return False

    def loop(self, operator: str, least: int, most: int, body: Sequence[Any], at: int, then: Then) -> bool:
        def again(end: int) -> bool:
            return end > at and self.loop(operator, max(0, least - 1), most - 1, body, end, then)

        if least:
            return self.items(body, at, again)
        if operator == "MIN_REPEAT" and then(at):
            return True
        if most and self.items(body, at, again):
            return True
        return operator == "MAX_REPEAT" and then(at)

    def takes(self, one: tuple[str, Any], at: int) -> bool:
        """Whether the character at `at` is one that the item stands for."""
        self.steps += 1
        if at >= len(self.text):
            return False
        operator, argument = one
        code = ord(self.text[at])
        match operator:
            case "LITERAL":
                return bool(code == argument)
            case "NOT_LITERAL":
                return bool(code != argument)
            case "ANY":
                return self.text[at] != "\n"
            case "IN":
                return _is_in(argument, code)
            case _:
                raise ValueError(f"steps are not counted for {operator}")


def _is_in(members: Sequence[Any], code: int) -> bool:
    negated, found = False, False
    for operator, argument in members:
        match str(operator):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found = found or code == argument
            case "RANGE":
                found = found or argument[0] <= code <= argument[1]
            case "CATEGORY":
                found = found or _is_of(str(argument), chr(code))
            case other:
                raise ValueError(f"steps are not counted for {other}")
    return found is not negated


def _is_of(category: str, letter: str) -> bool:
    name = category.removeprefix("CATEGORY_")
    kind = name.removeprefix("NOT_")
    is_kind = {
        "SPACE": letter.isspace(),
        "DIGIT": letter.isdecimal(),
        "WORD": letter.isalnum() or letter == "_",
    }[kind]
    return is_kind is (name == kind)
