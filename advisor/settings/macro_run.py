"""One run over a text with macros, callback by callback as Postfix makes it, and the bounds of a run.

What a macro means is said elsewhere. Knowledge: src/util/mac_parse.c; mac_expand_callback() in
src/util/mac_expand.c.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from advisor.settings.macro_faults import Broken, Fault
from advisor.settings.macro_text import CLOSING, end_of_group, name_at, short

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
class Run(ABC):
    """One run over a text; `result` grows. A scan looks at every branch and replaces nothing.

    As in Postfix a fault ends the macro where it stands; what follows is still looked at for more of them.
    `level` counts the callbacks that are under way; one that ends with a fault of its own is never taken off.
    """

    lookup: Lookup
    scan: bool
    result: list[str] = field(default_factory=list, init=False)
    faults: list[Fault] = field(default_factory=list, init=False)
    failed: bool = field(default=False, init=False)
    level: int = field(default=0, init=False)
    depth: int = field(default=0, init=False)
    characters: int = field(default=0, init=False)
    macros: int = field(default=0, init=False)

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
            if follower in CLOSING:
                end = end_of_group(text, dollar + 1)
                if end is None:
                    self.fail(
                        Broken.TRUNCATED,
                        text,
                        message=f"no '{CLOSING[follower]}' closes {short(text[dollar:])}",
                        cure="close it",
                    )
                if failed or end is None:
                    return
                index, body = end, text[dollar + 2 : end - 1]
            else:
                body = name_at(text, dollar + 1)
                index = dollar + 1 + len(body)
            if not body:
                self.fail(
                    Broken.NO_NAME,
                    text,
                    message=f"a '$' with no parameter name behind it, in {short(text)}",
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
                message=f"parameters refer to each other without end, at {short('${' + text + '}')}",
                cure="break the circle: no value may lead back to its own name",
            )
        if self.failed:
            return False
        if not is_macro:
            self.add(text)
            self.level -= 1
        else:
            self.count_macro(text)
            if self.macro(text):
                self.level -= 1
        return not self.failed

    def count_macro(self, body: str) -> None:
        """One more macro; so many of them are without end."""
        self.macros += 1
        if self.macros > _MOST_MACROS:
            self.fail(
                Broken.SIZE,
                message=f"parameters refer to each other without end, at {short('${' + body + '}')}",
                cure="break the circle: no value may lead back to its own name",
            )

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
                message=f"parameters refer to each other without end, at {short(text)}",
                cure="break the circle: no value may lead back to its own name",
            )
        self.text(text)
        self.depth -= 1

    @abstractmethod
    def macro(self, body: str) -> bool:
        """What stands between the braces, or the name behind a bare `$`. Whether it came to its end: a fault
        of its own ends it at once, one of a text within does not.
        """
