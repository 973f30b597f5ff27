"""What was not read of a file, and why."""

from typing import NamedTuple


class Break(NamedTuple):
    """`origin` names the file, `text` says what it lacks: an archive that breaks off, or a file that is there
    twice.
    """

    origin: str
    text: str
