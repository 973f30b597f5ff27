"""How far the log can be trusted, as facts for rules. They are of the log as a whole, and need no service."""

from datetime import UTC, datetime

from advisor.facts.case import Case
from advisor.facts.coverage import Coverage, Silence, unusual
from advisor.facts.registry import known, observed
from advisor.missing import Missing

# The last second that a calendar has: a zone in a stamp may lead beyond it.
_LAST = datetime.max.replace(tzinfo=UTC).timestamp() - 1


def _of(case: Case) -> Coverage:
    return known(case.observed).coverage


@observed(unit="lines")
def lost_lines(case: Case) -> int | Missing:
    """How many lines of Postfix a log writer says that it dropped; of lines that are anybody's, all."""
    return sum(_of(case).lost.values())


@observed()
def losing_writers(case: Case) -> tuple[str, ...] | Missing:
    """The log writers that dropped lines: rsyslogd, systemd-journald."""
    return tuple(sorted(_of(case).lost))


@observed()
def gaps(case: Case, minutes: int, lines: int) -> tuple[Silence, ...] | Missing:
    """The silences of at least so many minutes with at least so many lines missing, the longest first."""
    return unusual(_of(case), minutes, lines)


@observed(unit="minutes")
def gap_minutes(case: Case, minutes: int, lines: int) -> int | Missing:
    """How many minutes are missing in such gaps, all together."""
    return sum(gap.minutes for gap in unusual(_of(case), minutes, lines))


@observed()
def longest_gap_start(case: Case, minutes: int, lines: int) -> str | Missing:
    """When the longest of these gaps begins, as the log counts time; empty when there is none."""
    found = unusual(_of(case), minutes, lines)
    if not found:
        return ""
    return f"{datetime.fromtimestamp(min(found[0].start, _LAST), UTC):%Y-%m-%d %H:%M}"


@observed(unit="sessions")
def unpaired(case: Case) -> int | Missing:
    """The SMTP sessions of which the end is missing, though their process went on to the next client."""
    return _of(case).unpaired


@observed(unit="share")
def unpaired_share(case: Case) -> float | Missing:
    """The share of the SMTP sessions that began of which the end is missing."""
    coverage = _of(case)
    return coverage.unpaired / coverage.connects if coverage.connects else 0.0


@observed(unit="steps")
def clock_steps_back(case: Case, seconds: int) -> int | Missing:
    """How often the time stamps went back, from one line to the next, by more than so many seconds."""
    return _of(case).back.count_above(seconds)


@observed()
def hosts(case: Case) -> tuple[str, ...] | Missing:
    """The hosts whose Postfix wrote the log."""
    return _of(case).hosts


@observed(unit="share")
def dialogue_share(case: Case) -> float | Missing:
    """The share of Postfix's lines that repeat what was spoken, which only `-v` or debug_peer_list writes."""
    coverage = _of(case)
    return coverage.dialogue / coverage.lines if coverage.lines else 0.0


@observed(unit="s")
def covered(case: Case) -> float | Missing:
    """How long a time the log covers."""
    return _of(case).seconds
