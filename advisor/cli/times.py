"""What --since and --until ask for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.logs.time_window import AskedTime


def asked_time(since: str, until: str, *, has_log: bool) -> "AskedTime":
    """The part of the log that the two options choose. Raises UsageError, also where there is no log."""
    from advisor.errors import UsageError
    from advisor.logs.time_window import AskedTime, parse_bound

    asked = AskedTime(parse_bound(since, "--since"), parse_bound(until, "--until"))
    if asked != AskedTime() and not has_log:
        raise UsageError("--since and --until choose lines of a log", cure="add --log FILE")
    return asked
