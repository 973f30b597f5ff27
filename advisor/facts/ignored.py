"""What is known of an ignore comment once the rules that it names have been judged."""

import msgspec

from advisor.facts.wanted import Unignore
from advisor.syntax.source import Span


class IgnoredRule(msgspec.Struct, frozen=True):
    """A name in the brackets of an ignore comment, or the whole comment where it names none.

    `useless` says why it hides nothing and never will; empty where it hides something, or may do so with a
    log or another selection of rules. `without` takes it out of the comment.
    """

    name: str
    where: Span
    useless: str
    without: tuple[Unignore, ...]

    @property
    def can_go(self) -> bool:
        """Whether advisor can take it out."""
        return self.without != ()

    @property
    def is_unused(self) -> bool:
        """Whether the comment hides nothing and never will."""
        return self.useless != ""


class Ignore(msgspec.Struct, frozen=True):
    """An ignore comment that can be read, or not: then `rules` has one without a name, which says why.

    `until` is its last day as it is written there, empty without one; `expired`: that day has passed.
    """

    where: Span
    rules: tuple[IgnoredRule, ...]
    until: str
    reason: str
    expired: bool

    @property
    def has_reason(self) -> bool:
        """Whether the comment says why."""
        return self.reason != ""

    @property
    def rule_names(self) -> tuple[str, ...]:
        """The rules that it names."""
        return tuple(rule.name for rule in self.rules if rule.name)
