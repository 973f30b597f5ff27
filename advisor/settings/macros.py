"""One run over the macros of a value, callback by callback as Postfix makes it; `expand` is for callers.

Knowledge: src/util/mac_parse.c, src/util/mac_expand.c, src/util/mac_midna.c.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from advisor.settings.domain_names import FUNCTIONS
from advisor.settings.macro_faults import Broken, Fault
from advisor.settings.relational import (
    OPERATOR_CHARACTERS,
    BadLevel,
    BadNumber,
    comparison,
    is_comparison,
    is_suffix,
)

_SPACE: Final = " \t\r\n"
_NAME: Final = re.compile(r"[A-Za-z0-9_]*", re.ASCII)
_SUFFIX: Final = re.compile(r"[A-Za-z0-9]*", re.ASCII)
_CLOSING: Final = {"{": "}", "(": ")"}
_NEST: Final = {"{": re.compile(r"[{}]"), "(": re.compile(r"[()]")}
# mac_expand() gives up at this nesting. It starts anew inside `{left} == {right}`.
_DEEPEST: Final = 100
# Postfix has no such bounds, and would go on until memory ends: values that double at each step, and
# comparisons within comparisons.
_MOST_MACROS: Final = 50_000
_MOST_CHARACTERS: Final = 1_000_000
_DEEPEST_OF_ALL: Final = 150


class Opaque(msgspec.Struct, frozen=True):
    """The value of a name that is used as it stands: no `$` in it is looked at."""

    text: str


Lookup = Callable[[str], str | Opaque | None]


class _Stop(Exception):  # noqa: N818 - not an error: the way out of a run that Postfix ends at once
    """The run is over, wherever it stands."""


@dataclass(slots=True)
class Expansion:
    """One run over a text; `result` grows. A scan looks at every branch and replaces nothing.

    As in Postfix a fault ends the macro where it stands; what follows is still looked at for more of them.
    `level` counts the callbacks that are under way; one that ends with a fault of its own is never taken off.
    """

    lookup: Lookup
    scan: bool
    result: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    failed: bool = False
    level: int = 0
    depth: int = 0
    characters: int = 0
    macros: int = 0

    def start(self, text: str) -> None:
        """The whole text, to its end or to where Postfix stops."""
        try:
            self.text(text)
        except _Stop:
            self.failed = True

    def fail(self, broken: Broken, *parts: str, message: str, cure: str) -> None:
        """Notes a fault: the value is lost."""
        self.faults.append(Fault(broken, parts, message, cure))
        self.failed = True
        if broken in (Broken.NUMBER, Broken.SIZE) or len(self.faults) > _MOST_MACROS:
            raise _Stop

    def text(self, text: str) -> None:
        """mac_parse() in src/util/mac_parse.c."""
        literal: list[str] = []
        failed = False
        index = 0
        while (dollar := text.find("$", index)) >= 0:
            literal.append(text[index:dollar])
            follower = text[dollar + 1 : dollar + 2]
            if follower == "$":
                literal.append("$")
                index = dollar + 2
                continue
            failed |= not self.literal("".join(literal))
            literal.clear()
            if follower in _CLOSING:
                end = _end_of_group(text, dollar + 1)
                if end is None:
                    self.fail(
                        Broken.TRUNCATED,
                        text,
                        message=f"no '{_CLOSING[follower]}' closes {_short(text[dollar:])}",
                        cure="close it",
                    )
                if failed or end is None:
                    return
                index, body = end, text[dollar + 2 : end - 1]
            else:
                body = _name_at(text, dollar + 1)
                index = dollar + 1 + len(body)
            if not body:
                self.fail(
                    Broken.NO_NAME,
                    text,
                    message=f"a '$' with no parameter name behind it, in {_short(text)}",
                    cure="write '$$' for a dollar sign, or name the parameter",
                )
                return
            failed |= not self.called(body, is_macro=True)
        literal.append(text[index:])
        if not failed:
            self.literal("".join(literal))

    def literal(self, text: str) -> bool:
        """Takes the text over as it stands; nothing happens for none. Whether no fault was met."""
        return self.called(text, is_macro=False) if text else True

    def called(self, text: str, *, is_macro: bool) -> bool:
        """mac_expand_callback() in src/util/mac_expand.c, for a piece of text. Whether no fault was met."""
        self.level += 1
        if self.level > _DEEPEST + 1:
            self.fail(
                Broken.NESTING,
                text,
                message=f"parameters refer to each other without end, at {_short('${' + text + '}')}",
                cure="break the circle: no value may lead back to its own name",
            )
        if self.failed:
            return False
        if not is_macro:
            self.add(text)
            self.level -= 1
        elif self.macro(text):
            self.level -= 1
        return not self.failed

    def add(self, text: str) -> None:
        """Puts text into the result."""
        self.characters += len(text)
        if self.characters > _MOST_CHARACTERS:
            self.fail(
                Broken.SIZE,
                message="the value grows without end",
                cure="let fewer parameters refer to each other",
            )
        if not self.scan:
            self.result.append(text)

    def within(self, text: str) -> None:
        """A text within a macro: a value, or a branch."""
        self.depth += 1
        if self.depth > _DEEPEST_OF_ALL:
            self.fail(
                Broken.SIZE,
                message=f"parameters refer to each other without end, at {_short(text)}",
                cure="break the circle: no value may lead back to its own name",
            )
        self.text(text)
        self.depth -= 1

    def macro(self, body: str) -> bool:
        """What stands between the braces, or the name behind a bare `$`. Whether it came to its end: a fault
        of its own ends it at once, one of a text within does not.
        """
        self.macros += 1
        if self.macros > _MOST_MACROS:
            self.fail(
                Broken.SIZE,
                message=f"parameters refer to each other without end, at {_short('${' + body + '}')}",
                cure="break the circle: no value may lead back to its own name",
            )
        value: str | Opaque | None
        index = _skip_space(body, 0)
        if body[index : index + 1] == "{":
            compared = self.relation(body, index)
            if compared is None:
                return False
            holds, index = compared
            value = "true" if holds else ""
            if index < len(body) and body[index] not in "?:":
                self.expect(Broken.NO_BRANCH, body, index, body[index:], expected="'?' or ':'")
                return False
        else:
            name = _name_at(body, index)
            end = index + len(name)
            index = _skip_space(body, end)
            if name in FUNCTIONS and body[index : index + 1] == "{":
                return self.function(name, body, index)
            if index < len(body) and body[index] not in "?:":
                expected = "a name of letters, digits and '_', then '?' or ':' or nothing"
                self.expect(Broken.NAME, body, index, body[:end], body[end:], expected=expected)
                return False
            value = self.lookup(name)
        if index < len(body):
            return self.branches(body, index, taken=bool(value.text if isinstance(value, Opaque) else value))
        if isinstance(value, Opaque):
            self.add(value.text)
        elif value and not self.scan:
            self.within(value)
        return True

    def function(self, name: str, body: str, index: int) -> bool:
        """A call, `name{text}`, whose text stands at `index`. Whether it came to its end."""
        argument = self.braced(body, index)
        if argument is None:
            return False
        text, index = argument
        if index < len(body):
            self.expect(Broken.LEFTOVER, body, index, text, body[index:], expected="nothing more")
            return False
        name_given = self.operand(text)
        if self.failed or self.scan:
            return not self.failed
        value = FUNCTIONS[name](name_given)
        if value is None:
            self.fail(
                Broken.DOMAIN,
                name,
                name_given,
                message=f"{_short(name_given)} is no domain name, which {name} wants",
                cure="write the domain name itself",
            )
            return False
        self.add(value)
        return True

    def relation(self, body: str, index: int) -> tuple[bool, int] | None:
        """The outcome of `{left} operator {right}`, and where what follows it begins; None after a fault."""
        sides = self.braced(body, index)
        if sides is None:
            return None
        left, start = sides
        index = start
        while body[index : index + 1] and body[index] in OPERATOR_CHARACTERS:
            index += 1
        symbol = body[start:index]
        if not is_comparison(symbol):
            self.fail(
                Broken.OPERATOR,
                left,
                body[start:],
                message=f"{symbol!r} is no comparison",
                cure="use one of ==, !=, <, <=, >=, > between the braces",
            )
            return None
        match = _SUFFIX.match(body, index)
        suffix = match.group() if match else ""
        if not is_suffix(suffix):
            self.fail(
                Broken.SUFFIX,
                symbol,
                suffix,
                message=f"no comparison is called '{symbol}{suffix}'",
                cure=f"write {symbol} or {symbol}level",
            )
            return None
        end = index + len(suffix)
        index = _skip_space(body, end)
        if body[index : index + 1] != "{":
            self.fail(
                Broken.NO_OPERAND,
                left,
                symbol,
                body[end:],
                message=f"no '{{text}}' to compare with, in {_short(body)}",
                cure="write ${{a} == {b} ? {c} : {d}}",
            )
            return None
        sides = self.braced(body, index)
        if sides is None:
            return None
        right, index = sides
        values = [self.operand(left), self.operand(right)]
        if self.failed:
            return None
        return not self.scan and self.compare(symbol, suffix, *values), index

    def compare(self, symbol: str, suffix: str, left: str, right: str) -> bool:
        """Whether the comparison holds."""
        outcome = comparison(symbol, suffix)(left, right)
        if isinstance(outcome, BadLevel):
            self.fail(
                Broken.LEVEL,
                outcome.text,
                message=f"{outcome.text[:40]!r} is no compatibility level",
                cure="write it as major.minor.patch, for example 3.6",
            )
            return False
        if isinstance(outcome, BadNumber):
            self.fail(
                Broken.NUMBER,
                outcome.text,
                message=f"the number {outcome.text[:18]}… is too large to compare",
                cure="shorten it",
            )
            return False
        return outcome

    def operand(self, text: str) -> str:
        """One side of a comparison, expanded on the side but within the same bounds."""
        outer, failed, level = self.result, self.failed, self.level
        self.result, self.failed, self.level = [], False, 0
        self.within(text)
        value = "".join(self.result)
        self.result, self.failed, self.level = outer, self.failed or failed, level
        return value

    def branches(self, body: str, index: int, *, taken: bool) -> bool:
        """What stands behind `?` and `:`. Text outside braces reaches to the end, whatever is in it. Whether
        it came to its end.
        """
        if body[index] == "?":
            then = self.branch(body, index + 1)
            if then is None:
                return False
            text, index = then
            if taken or self.scan:
                self.within(text)
            if index == len(body):
                return True
            if body[index] != ":":
                self.expect(Broken.NO_COLON, body, index, text, body[index:], expected="':'")
                return False
        other = self.branch(body, index + 1)
        if other is None:
            return False
        text, index = other
        if not taken or self.scan:
            self.within(text)
        if index < len(body):
            self.expect(Broken.LEFTOVER, body, index, text, body[index:], expected="nothing more")
            return False
        return True

    def branch(self, body: str, index: int) -> tuple[str, int] | None:
        """The text of a branch, and where what follows it begins; None after a fault."""
        start = _skip_space(body, index)
        if body[start : start + 1] == "{":
            return self.braced(body, start)
        return body[index:], len(body)

    def braced(self, body: str, index: int) -> tuple[str, int] | None:
        """The text within the braces at `index`, and where what follows them and blanks begins."""
        end = _end_of_group(body, index)
        if end is None:
            self.fail(
                Broken.UNBALANCED,
                body[index:],
                message=f"no '}}' closes {_short(body[index:])}",
                cure="close it",
            )
            return None
        return body[index + 1 : end - 1], _skip_space(body, end)

    def expect(self, broken: Broken, body: str, index: int, *parts: str, expected: str) -> None:
        """Notes that something else stands at `index`."""
        self.fail(
            broken,
            *parts,
            message=f"{_short(body[index:])} where {expected} may stand, in {_short('${' + body + '}')}",
            cure="write ${name?{text}:{other text}}",
        )


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _name_at(text: str, index: int) -> str:
    match = _NAME.match(text, index)
    return match.group() if match else ""


def _skip_space(text: str, index: int) -> int:
    while index < len(text) and text[index] in _SPACE:
        index += 1
    return index


def _end_of_group(text: str, opening: int) -> int | None:
    """The index behind the brace or parenthesis that closes the one at `opening`; None if nothing does."""
    depth = 0
    for match in _NEST[text[opening]].finditer(text, opening):
        depth += 1 if match.group() == text[opening] else -1
        if depth == 0:
            return match.end()
    return None
