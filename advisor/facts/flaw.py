"""A wrong part of a value."""

import msgspec


class Flaw(msgspec.Struct, frozen=True):
    """A wrong part of a value, from `begin` to `end`. `does` says what it does; empty: the program does not
    start. `meant` is the word that was meant, or empty.
    """

    begin: int
    end: int
    expected: str
    does: str = ""
    meant: str = ""
