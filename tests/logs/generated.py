"""What tests of generated logs have in common."""

from datetime import UTC, datetime

# A time behind the last line of every one of them.
REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
