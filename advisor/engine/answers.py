"""What comes of working out an expression: a value, *not known*, or a failure."""

from dataclasses import dataclass

from advisor.missing import Missing


@dataclass(frozen=True, slots=True)
class Known:
    """The expression has this value."""

    value: object


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The value hangs on inputs that are missing: each of them once, in the order they were asked for."""

    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The expression cannot be worked out with these values; `error` says why, in one line."""

    error: str


Answer = Known | NotKnown | Failed


def both(*answers: NotKnown) -> NotKnown:
    """The reasons of all `answers`, each once."""
    return NotKnown(tuple(dict.fromkeys(reason for answer in answers for reason in answer.missing)))
