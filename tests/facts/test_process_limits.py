"""The queue behind postscreen, default_process_limit and what it reaches, time limits that are too short."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.default_process_limit import (
    default_process_limit,
    default_process_limit_reaches_smtp,
    default_process_limit_was_raised,
    full_services_below_default,
    smtp_services_below_default,
)
from advisor.facts.postscreen import (
    post_queue_limit,
    post_queue_that_follows,
    postscreen_services,
    process_limit_behind,
    service_behind,
)
from advisor.facts.timeouts import patient_seconds, slow_clients_were_seen
from advisor.facts.wanted import Assign
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.source import SourceFile

SCREEN = "smtp inet n - n - 1 postscreen\n"
SERVER = "smtpd pass - - n - 300 smtpd\n"


def case(main: str, master: str) -> Case:
    of = Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )
    return Case(of, NO_LOG)


def service(of: Case, key: str) -> Service:
    found = of.instance.service(key)
    assert found
    return found


def test_the_server_behind_postscreen() -> None:
    of = case("", SCREEN + SERVER)
    (screen,) = postscreen_services(of)
    assert (post_queue_limit(of, screen), process_limit_behind(of, screen)) == (100, 300)
    assert service_behind(of, screen) == "smtpd/pass"


def test_the_server_behind_postscreen_may_have_another_name() -> None:
    of = case("smtpd_service_name = real\n", SCREEN + SERVER + "real pass - - n - 7 smtpd\n")
    assert process_limit_behind(of, service(of, "smtp/inet")) == 7


def test_no_server_behind_postscreen() -> None:
    of = case("", SCREEN)
    assert process_limit_behind(of, service(of, "smtp/inet")) == 0
    assert service_behind(of, service(of, "smtp/inet")) == ""


def test_a_queue_limit_that_postfix_refuses_is_not_known() -> None:
    of = case("postscreen_post_queue_limit = 3\n", SCREEN + SERVER)
    assert isinstance(post_queue_limit(of, service(of, "smtp/inet")), Missing)
    assert post_queue_that_follows(of, service(of, "smtpd/pass"), 400) == ()


@pytest.mark.parametrize(
    ("options", "limit", "wanted"),
    [
        ("", 400, (Assign("postscreen_post_queue_limit", "400"),)),
        ("", 100, ()),
        (
            "  -o postscreen_post_queue_limit=50\n",
            60,
            (Assign("postscreen_post_queue_limit", "60", "smtp/inet"),),
        ),
    ],
)
def test_the_queue_follows_the_processes(options: str, limit: int, wanted: tuple[Assign, ...]) -> None:
    of = case("", SCREEN + options + SERVER + "submission inet n - n - 3 smtpd\n")
    assert post_queue_that_follows(of, service(of, "smtpd/pass"), limit) == wanted
    assert post_queue_that_follows(of, service(of, "submission/inet"), limit) == ()


@pytest.mark.parametrize(
    ("value", "raised"), [("400", True), ("100", False), ("50", False), ("$x", None), ("many", None)]
)
def test_a_raised_default(value: str, raised: bool | None) -> None:  # noqa: FBT001 - a table
    of = case(f"default_process_limit = {value}\n", "")
    answer = default_process_limit_was_raised(of)
    assert isinstance(answer, Missing) if raised is None else answer is raised
    assert isinstance(default_process_limit(of), Missing) is (raised is None)


def test_what_the_default_reaches() -> None:
    of = case("default_process_limit = 400\n", "smtp inet n - n - 50 smtpd\nx inet n - n - 0 smtpd\n")
    assert smtp_services_below_default(of, 1.25) == ("smtp/inet (50)",)
    assert default_process_limit_reaches_smtp(of) is False
    assert isinstance(full_services_below_default(of, 1.25), Missing)
    assert default_process_limit_reaches_smtp(case("", "smtp inet n - n - - smtpd\n")) is True
    # The re-injection listener of a filter is not what the administrator waits for.
    assert default_process_limit_reaches_smtp(case("", "127.0.0.1:26 inet n - n - - smtpd\n")) is False


def test_without_a_log_a_short_limit_has_no_excuse() -> None:
    of = case("", "smtp inet n - n - - smtpd\n")
    assert slow_clients_were_seen(of, service(of, "smtp/inet")) is False
    assert patient_seconds(of, service(of, "smtp/inet"), 30) == 30
