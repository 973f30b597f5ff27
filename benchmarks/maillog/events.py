"""One line that the simulated host will log, with what it means."""

from typing import Any, NamedTuple


class Line(NamedTuple):
    """A line in the order of its time; `name` is the message, `facts` what else the truth counts of it.

    `tag` and `pid` are those of the header, pid 0 for a program that writes none. `name` is `foreign` for
    lines of other programs, `unknown` for those of Postfix that no release has written yet, `unstamped` for
    what has no header. `keys` are the words that the line counts for, `peak` the number that it tells.
    """

    time: float  # seconds since the epoch
    number: int  # the order within one instant
    host: str
    tag: str
    pid: int
    name: str
    text: str
    facts: tuple[Any, ...] = ()
    keys: tuple[str, ...] = ()
    peak: float | None = None
