"""Which rules are asked, by name, by category or `all`, as --select, --extend-select and --ignore say it.

The more exact word wins: a name beats a category, a category beats `all`, and of two alike to ignore wins.
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum

import msgspec

from advisor.engine.rules import Rule
from advisor.engine.suggest import did_you_mean
from advisor.errors import UsageError

ALL = "all"


class _Exactness(IntEnum):
    """How exactly a rule was named."""

    NOT = 0
    ALL = 1
    CATEGORY = 2
    NAME = 3


class Chosen(msgspec.Struct, frozen=True):
    """`asked` are the rules whose findings count; `watching` those that must not get worse behind a patch:
    these, and all that nobody ignored.
    """

    asked: tuple[Rule, ...]
    watching: tuple[Rule, ...]


class Selection(msgspec.Struct, frozen=True):
    """What a user chose; `pedantic` asks also the rules that are off otherwise."""

    select: tuple[str, ...] = (ALL,)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pedantic: bool = False

    def choose(self, rules: Sequence[Rule]) -> Chosen:
        """The chosen of `rules`, in their order.

        Raises UsageError for a word that names none, for a rule that may not be ignored, and where nothing is
        left to ask.
        """
        self._check(rules)
        asked = tuple(rule for rule in rules if self._asks(rule))
        if not asked:
            raise UsageError("no rule is left to ask", cure="see --select and --ignore")
        names = {rule.name for rule in asked}
        return Chosen(asked, tuple(rule for rule in rules if rule.name in names or self._watches(rule)))

    def _check(self, rules: Sequence[Rule]) -> None:
        known = known_words(rules)
        for option, word in self._words():
            if word not in known:
                raise UsageError(
                    f"no rule and no category is called {word}",
                    where=option,
                    cure=did_you_mean(word, known),
                )
        for rule in rules:
            if rule.name in self.ignore and not rule.ignorable:
                raise UsageError(
                    f"{rule.name} cannot be ignored",
                    where="--ignore",
                    cure="mend what it finds, or choose with --fail-on what the exit code says",
                )

    def _words(self) -> Iterator[tuple[str, str]]:
        for option, words in (
            ("--select", self.select),
            ("--extend-select", self.extend_select),
            ("--ignore", self.ignore),
        ):
            yield from ((option, word) for word in words)

    def _asks(self, rule: Rule) -> bool:
        wanted = max(_exactness(rule, self.select), _exactness(rule, self.extend_select))
        if rule.pedantic and not self.pedantic and wanted is not _Exactness.NAME:
            return False
        return wanted is not _Exactness.NOT and not self._ignores(rule, wanted)

    def _watches(self, rule: Rule) -> bool:
        return not rule.pedantic and not self._ignores(rule, _Exactness.NOT)

    def _ignores(self, rule: Rule, wanted: _Exactness) -> bool:
        ignored = _exactness(rule, self.ignore)
        return rule.ignorable and ignored is not _Exactness.NOT and ignored >= wanted


def known_words(rules: Sequence[Rule]) -> frozenset[str]:
    """The words that name rules."""
    return frozenset({ALL, *(rule.name for rule in rules), *(rule.category for rule in rules)})


def _exactness(rule: Rule, words: Sequence[str]) -> _Exactness:
    if rule.name in words:
        return _Exactness.NAME
    if rule.category in words:
        return _Exactness.CATEGORY
    return _Exactness.ALL if ALL in words else _Exactness.NOT
