"""Exit codes, in one place. They never depend on the output format."""

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code says."""

    CLEAN = 0  # no finding at or above --fail-on
    FINDINGS = 1
    WRONG_INPUT = 2  # usage, a path that cannot be read, text that Postfix would refuse, a fault of advisor's
    NOTHING_TO_CHECK = 3  # no Postfix configuration there, no line of Postfix in the log
