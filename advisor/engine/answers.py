"""What comes of working out an expression: a value, *not known*, or a failure."""

import msgspec

from advisor.missing import Missing


class Known(msgspec.Struct, frozen=True):
    """The expression has this value."""

    value: object


class NotKnown(msgspec.Struct, frozen=True):
    """The value hangs on inputs that are missing: each of them once, in the order they were asked for."""

    missing: tuple[Missing, ...]


class Failed(msgspec.Struct, frozen=True):
    """The expression cannot be worked out with these values; `error` says why, in one line."""

    error: str


class EvaluationError(Exception):
    """The expression cannot be worked out with these values."""


Answer = Known | NotKnown | Failed


def both(*answers: NotKnown) -> NotKnown:
    """The reasons of all `answers`, each once."""
    return NotKnown(tuple(dict.fromkeys(reason for answer in answers for reason in answer.missing)))
