"""What is wrong with a file as a source: what was not read of it, or counts twice."""

import msgspec


class Break(msgspec.Struct, frozen=True, order=True):
    """`origin` names the file, `text` says what is wrong: an archive that breaks off, a file that is there
    twice,
    lines that another file has too.
    """

    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}"
