"""What a delivery line tells: to which domain, by which relay, how long each part took."""

from dataclasses import dataclass, field
from math import nan
from re import Match

import numpy as np
from numpy.typing import NDArray

from advisor.logs.columns import Block, Columns, word_hash
from advisor.logs.memo import Memo
from advisor.logs.numbers import decimal
from advisor.logs.tables import DELIVERY, DELIVERY_STATUSES, Rows

_LIMIT = 200_000


@dataclass(slots=True)
class Strings:
    """The texts behind hashes, of which `seen` knows those that were met."""

    texts: dict[int, str] = field(default_factory=dict)
    seen: Memo = field(default_factory=lambda: Memo(2 * _LIMIT))
    _numbers: dict[str, int] = field(default_factory=dict)

    def learn(
        self,
        block: Block,
        hashes: NDArray[np.uint64],
        start: Columns,
        last: Columns,
        places: NDArray[np.int64] | None = None,
    ) -> None:
        """Remembers what stands in stretches of the block (`last` is the last byte's place): of those at
        `places`, or all.
        """
        first = self.seen.first_of_new(hashes, self.seen.places(hashes))
        stands = first if places is None else places[first]
        new = zip(hashes[first].tolist(), start[stands].tolist(), last[stands].tolist(), strict=True)
        for key, begin, end in new:
            self.texts[key] = bytes(block[begin : end + 1]).decode("ascii")
            self.seen.learn(key, 0)

    def add(self, text: str) -> int:
        """Remembers one text, and gives its hash."""
        key = self._numbers.get(text)
        if key is None:
            if len(self._numbers) > _LIMIT:
                self._numbers.clear()
            key = self._numbers[text] = word_hash(text.encode("utf-8", "surrogateescape"))
        self.texts[key] = text
        return key

    def forget_many(self) -> None:
        """Begins anew where there are too many: to be called between two blocks."""
        if len(self.texts) > _LIMIT:
            self.texts = {}
            self.seen = Memo(2 * _LIMIT)


def delivery_rows(figures: Columns, tag: NDArray[np.uint16], status: NDArray[np.int32] | int) -> Rows:
    """The rows of deliveries, out of columns.FIGURES; `status` as status_place gives it."""
    rows = np.zeros(len(figures), DELIVERY)
    rows["tag"], rows["status"] = tag, status
    rows["domain"], rows["relay"] = figures["domain"], figures["relay"]
    for place, part in enumerate("abcd"):
        rows[part] = figures["delay"][:, place]
    return rows


def status_place(status: str) -> int:
    """The place of a delivery's status in DELIVERY_STATUSES, of which the last is any other."""
    return DELIVERY_STATUSES.index(status) if status in DELIVERY_STATUSES else len(DELIVERY_STATUSES) - 1


def delivery_row(match: Match[str], tag: int, strings: Strings) -> tuple[int | float, ...]:
    """The row of a line that the grammar has read."""
    address = match.string.partition("to=<")[2].partition(">")[0]
    domain = strings.add(address.rpartition("@")[2])
    seconds = (decimal(match[part]) if match[part] else nan for part in "abcd")
    return tag, status_place(match["status"]), domain, strings.add(match["relay"]), *seconds
