"""One line that the simulated host will log, with what it means."""

from typing import Any, NamedTuple


class Line(NamedTuple):
    """A line in the order of its time; `name` is the message, `facts` what else the truth counts of it.

    `tag` and `pid` are those of the header, pid 0 for a program that writes none. `name` is `foreign` for
    lines of other programs and `unknown` for those of Postfix that no release has written yet.
    """

    time: float  # seconds since the epoch
    number: int  # the order within one instant
    host: str
    tag: str
    pid: int
    name: str
    text: str
    facts: tuple[Any, ...] = ()
