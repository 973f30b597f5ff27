"""Counts by key that stay small: the keys that come most often, and an honest "other".

Clients and remote servers choose many keys, so that their number has no bound. When there are too many, the
rarest move into `other`; a key that comes again begins anew. So no count is ever too high, each is too low
by `missed` at most, and counts and `other` together are exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Generic, TypeVar

Key = TypeVar("Key")

# A table is cut to KEPT when it has grown to twice as many keys.
KEPT = 2_000


@dataclass(slots=True)
class Capped(Generic[Key]):
    """`counts` by key, `other` for the keys that were dropped; a count is too low by at most `missed`."""

    counts: dict[Key, int] = field(default_factory=dict)
    other: int = 0
    missed: int = 0
    kept: int = KEPT

    def add(self, key: Key, count: int = 1) -> None:
        """Counts a key."""
        self.counts[key] = self.counts.get(key, 0) + count
        if len(self.counts) >= 2 * self.kept:
            self._cut()

    def merge(self, later: "Capped[Key]") -> None:
        """Adds the counts of another part of the log."""
        self.other += later.other
        self.missed += later.missed
        for key, count in later.counts.items():
            self.add(key, count)

    def total(self) -> int:
        """How often anything was counted: exact."""
        return sum(self.counts.values()) + self.other

    def most_common(self, number: int | None = None) -> list[tuple[Key, int]]:
        """The keys that came most often, with their counts; those with equal counts by their names."""
        return nlargest(len(self.counts) if number is None else number, self._ordered(), key=lambda x: x[1])

    def _ordered(self) -> Iterable[tuple[Key, int]]:
        return sorted(self.counts.items(), key=lambda item: str(item[0]))

    def _cut(self) -> None:
        ordered = self.most_common()
        dropped = ordered[self.kept :]
        self.other += sum(count for _, count in dropped)
        self.missed += max(count for _, count in dropped)
        self.counts = dict(ordered[: self.kept])
