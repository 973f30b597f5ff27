"""What --since and --until ask for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.logs.time_window import AskedTime


def asked_time(since: str, until: str) -> "AskedTime":
    """The part of the log that the two options choose. Raises UsageError."""
    from advisor.logs.time_window import AskedTime

    return AskedTime.of(since, until)
