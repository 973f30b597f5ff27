"""What becomes of `$name` in a value.

    $name ${name} $(name)          the value of name, itself expanded; nothing if there is none
    ${name?text} ${name?{text}}    text if the value of name is not empty
    ${name:text} ${name:{text}}    text if it is empty or there is none
    ${name?{a}:{b}}                one or the other
    ${{l} == {r} ? {a} : {b}}      by comparison; without `?` it gives `true` or nothing
    $$                             a dollar sign

Knowledge: src/util/mac_parse.c, src/util/mac_expand.c, dict_eval() in src/util/dict.c; postconf(5). Postfix
refuses to run on a broken macro; here that is a SettingsError, whatever the text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from advisor.errors import SettingsError
from advisor.settings.relational import OPERATOR_CHARACTERS, comparison

_SPACE: Final = " \t\r\n"
_NAME: Final = re.compile(r"[A-Za-z0-9_]*", re.ASCII)
_SUFFIX: Final = re.compile(r"[A-Za-z0-9]*", re.ASCII)
_CLOSING: Final = {"{": "}", "(": ")"}
_NEST: Final = {"{": re.compile(r"[{}]"), "(": re.compile(r"[()]")}
# mac_expand() gives up at this nesting. It starts anew inside `{left} == {right}`; here it does not.
_DEEPEST: Final = 100
# Postfix has no such bounds, and would go on until memory ends: values that double at each step.
_MOST_MACROS: Final = 50_000
_MOST_CHARACTERS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Opaque:
    """The value of a name that is used as it stands: no `$` in it is looked at."""

    text: str


Lookup = Callable[[str], str | Opaque | None]


def expand(text: str, lookup: Lookup, where: str = "") -> str:
    """The text with every macro replaced; `lookup` gives the unexpanded value of a name, None if undefined.

    Raises SettingsError, with `where` as its place, where Postfix would refuse the text, or would never come
    to an end with it.
    """
    if "$" not in text:
        return text
    expansion = _Expansion(lookup, scan=False)
    try:
        expansion.text(text, 0)
    except SettingsError as error:
        raise SettingsError(error.message, where=where, cure=error.cure) from None
    return "".join(expansion.result)


def references(text: str) -> tuple[str, ...]:
    """The names a text refers to, in both branches of a conditional, each as often as it stands there.

    Of a broken text, the names up to the break (postconf(1) looks for references in the same way).
    """
    names: list[str] = []

    def note(name: str) -> None:
        names.append(name)

    if "$" in text:
        try:
            _Expansion(note, scan=True).text(text, 0)
        except SettingsError:
            return tuple(names)
    return tuple(names)


class _Expansion:
    """One run over a text; `result` grows. A scan looks at every branch and replaces nothing."""

    def __init__(self, lookup: Lookup, *, scan: bool) -> None:
        self.lookup = lookup
        self.scan = scan
        self.result: list[str] = []
        self.characters = 0
        self.macros = 0

    def text(self, text: str, depth: int) -> None:
        """src/util/mac_parse.c."""
        index = 0
        while (dollar := text.find("$", index)) >= 0:
            self.literal(text[index:dollar])
            follower = text[dollar + 1 : dollar + 2]
            if follower == "$":
                self.literal("$")
                index = dollar + 2
                continue
            if follower in _CLOSING:
                index = _end_of_group(text, dollar + 1)
                body = text[dollar + 2 : index - 1]
            else:
                body = _name_at(text, dollar + 1)
                index = dollar + 1 + len(body)
            if not body:
                raise SettingsError(
                    f"a '$' with no parameter name behind it, in {_short(text)}",
                    cure="write '$$' for a dollar sign, or name the parameter",
                )
            self.macro(body, depth + 1)
        self.literal(text[index:])

    def literal(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > _MOST_CHARACTERS:
            raise SettingsError(
                "the value grows without end", cure="let fewer parameters refer to each other"
            )
        if text and not self.scan:
            self.result.append(text)

    def macro(self, body: str, depth: int) -> None:
        """mac_expand_callback() in src/util/mac_expand.c."""
        self.macros += 1
        if depth > _DEEPEST or self.macros > _MOST_MACROS:
            raise SettingsError(
                f"parameters refer to each other without end, at {_short('${' + body + '}')}",
                cure="break the circle: no value may lead back to its own name",
            )
        value: str | Opaque | None
        index = _skip_space(body, 0)
        if body[index : index + 1] == "{":
            holds, index = self.relation(body, index, depth)
            value = Opaque("true" if holds else "")
        else:
            name = _name_at(body, index)
            index = _skip_space(body, index + len(name))
            _require(body, index, "?:", "a name of letters, digits and '_', then '?' or ':' or nothing")
            value = self.lookup(name)
        if index < len(body):
            _require(body, index, "?:", "'?' or ':'")
            self.branches(body, index, depth, taken=bool(value.text if isinstance(value, Opaque) else value))
        elif isinstance(value, Opaque):
            self.literal(value.text)
        elif value and not self.scan:
            self.text(value, depth)

    def relation(self, body: str, index: int, depth: int) -> tuple[bool, int]:
        """The outcome of `{left} operator {right}`, and where what follows it begins."""
        left, index = _braced(body, index)
        start = index
        while body[index : index + 1] and body[index] in OPERATOR_CHARACTERS:
            index += 1
        symbol = body[start:index]
        match = _SUFFIX.match(body, index)
        suffix = match.group() if match else ""
        holds = comparison(symbol, suffix)
        index = _skip_space(body, index + len(suffix))
        if body[index : index + 1] != "{":
            raise SettingsError(
                f"no '{{text}}' to compare with, in {_short(body)}", cure="write ${{a} == {b} ? {c} : {d}}"
            )
        right, index = _braced(body, index)
        values = [self.operand(side, depth) for side in (left, right)]
        return not self.scan and holds(values[0], values[1]), index

    def operand(self, text: str, depth: int) -> str:
        """One side of a comparison, expanded on the side but within the same bounds."""
        outer, self.result = self.result, []
        self.text(text, depth)
        value, self.result = "".join(self.result), outer
        return value

    def branches(self, body: str, index: int, depth: int, *, taken: bool) -> None:
        """What stands behind `?` and `:`. Text outside braces reaches to the end, whatever is in it."""
        if body[index] == "?":
            branch, index = _operand(body, index + 1)
            if taken or self.scan:
                self.text(branch, depth)
            if index == len(body):
                return
            _require(body, index, ":", "':'")
        branch, index = _operand(body, index + 1)
        if not taken or self.scan:
            self.text(branch, depth)
        _require(body, index, "", "nothing more")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _name_at(text: str, index: int) -> str:
    match = _NAME.match(text, index)
    return match.group() if match else ""


def _skip_space(text: str, index: int) -> int:
    while index < len(text) and text[index] in _SPACE:
        index += 1
    return index


def _require(body: str, index: int, allowed: str, expected: str) -> None:
    if index < len(body) and body[index] not in allowed:
        raise SettingsError(
            f"{_short(body[index:])} where {expected} may stand, in {_short('${' + body + '}')}",
            cure="write ${name?{text}:{other text}}",
        )


def _end_of_group(text: str, opening: int) -> int:
    """The index behind the brace or parenthesis that closes the one at `opening`."""
    depth = 0
    for match in _NEST[text[opening]].finditer(text, opening):
        depth += 1 if match.group() == text[opening] else -1
        if depth == 0:
            return match.end()
    raise SettingsError(
        f"no '{_CLOSING[text[opening]]}' closes {_short(text[max(0, opening - 1) :])}", cure="close it"
    )


def _braced(body: str, index: int) -> tuple[str, int]:
    """The text within the braces at `index`, and where what follows them and blanks begins."""
    end = _end_of_group(body, index)
    return body[index + 1 : end - 1], _skip_space(body, end)


def _operand(body: str, index: int) -> tuple[str, int]:
    start = _skip_space(body, index)
    if body[start : start + 1] == "{":
        return _braced(body, start)
    return body[index:], len(body)
