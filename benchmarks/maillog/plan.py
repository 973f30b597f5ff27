"""What is asked of the generator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines in the file, and the load behind them. The same plan writes the same bytes.

    `skip` lines are left out at the begin, so that sessions have begun before the log. For `overload` seconds
    of each hour `factor` times as many clients come, more of them slow; by default that is 5 % of the day.
    """

    lines: int
    seed: int = 1
    form: str = "rfc3164"
    begin: float = 1_792_828_800.0  # 2026-10-24, a Saturday, 08:00:00 UTC
    per_second: float = 3.0
    factor: float = 4.0
    overload: float = 180.0
    overload_after: float = 600.0  # seconds past the hour
    limit: int = 40
    hosts: int = 1
    instances: tuple[str, ...] = ("postfix",)
    postscreen: bool = False
    long_queue_ids: bool = False
    queue_id_first: bool = False  # 3.10 and newer: NOQUEUE before what ends a session
    noise: float = 0.01  # lines of other programs
    torn: float = 0.0  # lines without a header
    skip: int = 0

    def overloaded(self, time: float) -> bool:
        """Whether the minutes of many clients have come."""
        return 0 <= (time - self.begin) % 3600 - self.overload_after < self.overload
