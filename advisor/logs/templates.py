"""What all lines of a template have in common, each of these kept once, and as columns."""

from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Template(NamedTuple):
    """What a line tells but for its numbers: `row` is a place in MESSAGES, or UNKNOWN, `details` one in
    TextReader.details, or -1, `status` one in DELIVERY_STATUSES; `has_client`: whether the client counts that
    columns.c has found.
    """

    row: int
    kind: int = 0
    stage: int = 0
    flags: int = 0
    details: int = -1
    has_client: bool = False
    status: int = 0


def _no_rows() -> NDArray[np.int32]:
    return np.empty((len(Template._fields), 0), np.int32)


@dataclass(slots=True)
class Templates:
    """Templates by their places."""

    _places: dict[Template, int] = field(default_factory=dict)
    _table: NDArray[np.int32] = field(default_factory=_no_rows)

    def __len__(self) -> int:
        return len(self._places)

    def place(self, template: Template) -> int:
        """The place of a template; a new one gets the next."""
        return self._places.setdefault(template, len(self._places))

    def column(self, name: str) -> NDArray[np.int32]:
        """A field of all templates."""
        if self._table.shape[1] < len(self._places):
            new = np.array(list(islice(self._places, self._table.shape[1], None)), np.int32)
            self._table = np.concatenate((self._table, new.T), axis=1)
        found: NDArray[np.int32] = self._table[Template._fields.index(name)]
        return found
