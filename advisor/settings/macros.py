"""What a macro in a value means: a name, a comparison or a call, and the branches behind it.

`expand` is for callers. Knowledge: mac_expand_callback() in src/util/mac_expand.c, src/util/mac_midna.c.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from advisor.settings.domain_names import FUNCTIONS
from advisor.settings.macro_faults import Broken
from advisor.settings.macro_run import Opaque, Run
from advisor.settings.macro_text import end_of_group, name_at, short, skip_space
from advisor.settings.relational import (
    OPERATOR_CHARACTERS,
    BadLevel,
    BadNumber,
    comparison,
    is_comparison,
    is_suffix,
)

_SUFFIX: Final = re.compile(r"[A-Za-z0-9]*", re.ASCII)


@dataclass(slots=True)
class Expansion(Run):
    """One run over a text, with what Postfix makes of each macro in it.

    `has_functions` is whether the release knows calls such as `${domain_to_ascii{text}}`.
    """

    has_functions: bool = field(kw_only=True)

    def macro(self, body: str) -> bool:
        """A name, a comparison or a call, and the branches behind it."""
        value: str | Opaque | None
        index = skip_space(body, 0)
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
            name = name_at(body, index)
            end = index + len(name)
            index = skip_space(body, end)
            if name in FUNCTIONS and body[index : index + 1] == "{":
                if self.has_functions:
                    return self.function(name, body, index)
                self.fail(
                    Broken.NAME,
                    body[:end],
                    body[end:],
                    message=f"{short('${' + body + '}')} calls a function; Postfix has these from 3.11 on",
                    cure="write the domain name as it is to be",
                )
                return False
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
                message=f"{short(name_given)} is no domain name, which {name} wants",
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
        index = skip_space(body, end)
        if body[index : index + 1] != "{":
            self.fail(
                Broken.NO_OPERAND,
                left,
                symbol,
                body[end:],
                message=f"no '{{text}}' to compare with, in {short(body)}",
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
        start = skip_space(body, index)
        if body[start : start + 1] == "{":
            return self.braced(body, start)
        return body[index:], len(body)

    def braced(self, body: str, index: int) -> tuple[str, int] | None:
        """The text within the braces at `index`, and where what follows them and blanks begins."""
        end = end_of_group(body, index)
        if end is None:
            self.fail(
                Broken.UNBALANCED,
                body[index:],
                message=f"no '}}' closes {short(body[index:])}",
                cure="close it",
            )
            return None
        return body[index + 1 : end - 1], skip_space(body, end)

    def expect(self, broken: Broken, body: str, index: int, *parts: str, expected: str) -> None:
        """Notes that something else stands at `index`."""
        self.fail(
            broken,
            *parts,
            message=f"{short(body[index:])} where {expected} may stand, in {short('${' + body + '}')}",
            cure="write ${name?{text}:{other text}}",
        )
