"""The gate as it is named on the command line and in an advisor.toml. It loads nothing."""

from enum import StrEnum


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NEVER = "never"
