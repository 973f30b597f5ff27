"""What was not read of a file, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """`origin` names the file, `text` says what it lacks: an archive that breaks off, or a file that is there
    twice.
    """

    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}"
