"""Which transports a rate delay reaches, and which limit counts for them."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.rate_delays import rate_delays
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

_MASTER = """\
smtp unix - - n - - smtp
slow unix - - n - - smtp
cleanup unix n - n - 0 cleanup
"""
_SAID_AGAIN = """\
default_destination_rate_delay = 2s
slow_destination_rate_delay = $default_destination_rate_delay
smtp_destination_concurrency_failed_cohort_limit = 0
slow_destination_concurrency_failed_cohort_limit = 5
"""


@pytest.mark.parametrize(
    ("main_cf", "found"),
    [
        ("default_destination_rate_delay = 2s\n", [("default", 2, ("smtp", "slow"), 1)]),
        ("slow_destination_rate_delay = 1m\n", [("slow", 60, ("slow",), 1)]),
        ("cleanup_destination_rate_delay = 1s\n", []),
        ("default_destination_rate_delay = 0s\n", []),
        ("default_destination_rate_delay = soon\n", []),
        (
            "default_destination_rate_delay = 2s\nslow_destination_rate_delay = 3s\n",
            [("slow", 3, ("slow",), 1), ("default", 2, ("smtp",), 1)],
        ),
        (
            _SAID_AGAIN,
            [("default", 2, ("smtp", "slow"), 5)],
        ),
    ],
)
def test_delays_with_those_they_reach(
    main_cf: str, found: list[tuple[str, int, tuple[str, ...], int]]
) -> None:
    instance = Instance.of(
        SourceFile("main.cf", main_cf),
        SourceFile("master.cf", _MASTER),
        Release.parse("3.7.11"),
        "the test",
    )
    delays = rate_delays(Case(instance, NO_LOG))
    assert [(each.prefix, each.seconds, each.transports, each.cohort_limit) for each in delays] == found
