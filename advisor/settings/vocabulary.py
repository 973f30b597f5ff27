"""The words that Postfix knows where a value is made of words: data/words.toml, which names its sources."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from advisor.settings.release import Release


class WordGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of some parameters; words.toml says what each field means."""

    parameters: tuple[str, ...]
    known: tuple[str, ...]
    source: str
    newer: dict[str, str] = {}
    one: bool = False
    any_case: bool = False
    may_be_empty: bool = False
    does: str = ""
    only_if: str = ""
    unless: str = ""

    def words(self, release: Release) -> tuple[str, ...]:
        """The words that the release knows."""
        return (*self.known, *since(self.newer, release))


class TableTypes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The types of lookup tables that some build of Postfix has."""

    known: tuple[str, ...]
    newer: dict[str, str]
    source: str

    def types(self, release: Release) -> frozenset[str]:
        """The types that a build of the release may have."""
        return frozenset((*self.known, *since(self.newer, release)))


class Restrictions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The restrictions of smtpd(8): without argument, with a table, with a domain of a list on the net."""

    plain: str
    with_table: str
    with_domain: str
    newer: dict[str, str]
    source: str

    def tables(self) -> frozenset[str]:
        """Those that want a table behind them."""
        return frozenset(self.with_table.split())

    def domains(self) -> frozenset[str]:
        """Those that want a domain behind them."""
        return frozenset(self.with_domain.split())

    def names(self, release: Release) -> frozenset[str]:
        """All that the release knows, and those it has removed, which are another finding."""
        every = {*self.plain.split(), *self.tables(), *self.domains(), "check_policy_service", "sleep"}
        return frozenset((every - self.newer.keys()) | {*since(self.newer, release)})


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All words."""

    words: tuple[WordGroup, ...]
    tables: TableTypes
    restrictions: Restrictions

    def group(self, parameter: str) -> WordGroup | None:
        """The group that a parameter belongs to."""
        return next((group for group in self.words if parameter in group.parameters), None)


def since(newer: Mapping[str, str], release: Release) -> tuple[str, ...]:
    """The words whose first release is not above this one."""
    return tuple(word for word, first in newer.items() if Release.parse(first) <= release)


@cache
def vocabulary() -> Vocabulary:
    """The packaged words, read once."""
    text = files("advisor.settings").joinpath("data", "words.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Vocabulary)
