"""Milters: the time they may take, their protocol, and what happens without them."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.milters import (
    content_timeout_that_fits,
    end_of_message_checks,
    end_of_message_wait,
    lost_at_end_of_message,
    milter_action,
    milter_action_is_implicit,
    milter_connect_failures,
    milter_protocols,
    milters_of,
)
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"
ONE = "smtpd_milters = inet:localhost:8891\n"


def case(main: str, master: str = SMTP) -> Case:
    of = Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )
    return Case(of, NO_LOG)


@pytest.mark.parametrize(
    ("main", "wait", "checks", "fitting"),
    [
        ("biff = no\n", 0, (), 0),
        (ONE, 300, ("a milter",), 600),
        (ONE + "milter_content_timeout = 1m\n", 60, ("a milter",), 600),
        ("smtpd_milters = inet:a:1, inet:b:2 inet:c:3\n", 900, ("3 milters",), 200),
        ("smtpd_milters = { inet:a:1, content_timeout=90s }, inet:b:2\n", 390, ("2 milters",), 510),
        (
            ONE + "smtpd_proxy_filter = 127.0.0.1:10024\n",
            400,
            ("the filter 127.0.0.1:10024", "a milter"),
            500,
        ),
        (
            "smtpd_end_of_data_restrictions = check_policy_service inet:127.0.0.1:1\n",
            100,
            ("a policy service",),
            0,
        ),
    ],
)
def test_the_longest_wait_is_the_sum(main: str, wait: int, checks: tuple[str, ...], fitting: int) -> None:
    of = case(main)
    smtp = of.instance.services[0]
    assert end_of_message_wait(of, smtp) == wait
    assert end_of_message_checks(of, smtp) == checks
    assert content_timeout_that_fits(of, smtp, 600) == fitting


def test_a_wrong_time_is_missing() -> None:
    of = case(ONE + "milter_content_timeout = soon\n")
    assert isinstance(end_of_message_wait(of, of.instance.services[0]), Missing)


def test_milters_are_named_without_their_options() -> None:
    of = case("smtpd_milters = { inet:a:1, content_timeout=90s }, unix:/run/b.sock\n")
    assert milters_of(of, of.instance.services[0]) == ("inet:a:1", "unix:/run/b.sock")


@pytest.mark.parametrize(
    ("main", "master", "versions"),
    [
        (ONE + "milter_protocol = 2\n", SMTP, [2]),
        ("non_smtpd_milters = inet:a:1\nmilter_protocol = 6 quarantine\n", SMTP, [6]),
        ("milter_protocol = 2\n", SMTP, []),
        (ONE + "milter_protocol = $nothing\n", SMTP, []),
        (ONE, SMTP + "  -o milter_protocol=3\n", [3]),
    ],
)
def test_the_protocol_counts_where_milters_are_in_use(main: str, master: str, versions: list[int]) -> None:
    assert [each.version for each in milter_protocols(case(main, master))] == versions


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("biff = no\n", False),
        (ONE, True),
        (ONE + "milter_default_action = accept\n", False),
        ("smtpd_milters = { inet:a:1, default_action=accept }\n", False),
    ],
)
def test_what_happens_without_a_milter_is_implicit(main: str, *, expected: bool) -> None:
    assert milter_action_is_implicit(case(main)) is expected


def test_without_log_nothing_is_known_of_failures() -> None:
    assert milter_action(case(ONE)) == "tempfail"
    assert isinstance(milter_connect_failures(case(ONE)), Missing)
    assert isinstance(lost_at_end_of_message(case(ONE)), Missing)
