"""Policy services that spawn(8) runs: who asks them, and for how long they live."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.policy_services import (
    all_policy_clients,
    command_time_limit,
    most_policy_clients,
    policies_asked,
    policy_clients,
    policy_failures,
    spawn_ends_in_time,
    spawned_policy_services,
    time_limit_is_written,
    time_limit_name,
)
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = """smtp inet n - n - 30 smtpd
submission inet n - n - 20 smtpd
policy unix - n n - 10 spawn
  user=nobody argv=/usr/bin/policyd
"""


def case(main: str, master: str = MASTER, release: str = "3.7.11") -> Case:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), "")
    return Case(of, NO_LOG)


ASKED = "smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service "


@pytest.mark.parametrize(
    ("main", "master", "keys"),
    [
        (ASKED + "unix:private/policy\n", MASTER, ["policy/unix"]),
        (ASKED + "{ unix:private/policy, timeout=10s }\n", MASTER, ["policy/unix"]),
        (
            "smtpd_restriction_classes = grey\ngrey = check_policy_service unix:private/policy\n",
            MASTER,
            ["policy/unix"],
        ),
        (ASKED + "unix:public/policy\n", MASTER.replace("unix -", "unix n"), ["policy/unix"]),
        (ASKED + "unix:public/policy\n", MASTER, []),
        (ASKED + "inet:127.0.0.1:10023\n", MASTER, []),
        ("biff = no\n", MASTER, []),
    ],
)
def test_a_policy_service_is_one_that_is_asked(main: str, master: str, keys: list[str]) -> None:
    assert [each.key for each in spawned_policy_services(case(main, master))] == keys


def test_its_clients_are_counted_by_their_limits() -> None:
    of = case(ASKED + "unix:private/policy\n")
    (policy,) = spawned_policy_services(of)
    assert policy_clients(of, policy) == ("smtp/inet", "submission/inet")
    assert (most_policy_clients(of, policy), all_policy_clients(of, policy)) == (30, 50)


@pytest.mark.parametrize(
    ("lines", "limit", "written"),
    [
        ("", 1000, False),
        ("command_time_limit = 1h\n", 3600, False),
        ("policy_time_limit = 3600\n", 1000, True),
        ("command_time_limit = ever\n", None, False),
    ],
)
def test_its_time_limit(lines: str, limit: int | None, *, written: bool) -> None:
    of = case(ASKED + "unix:private/policy\n" + lines)
    (policy,) = spawned_policy_services(of)
    found = command_time_limit(of, policy)
    assert (None if isinstance(found, Missing) else found) == limit
    assert time_limit_is_written(of, policy) is written
    assert time_limit_name(of, policy) == "policy_time_limit"


def test_spawn_keeps_its_time_limit_since_3_10() -> None:
    assert not spawn_ends_in_time(case("", release="3.9.1"))
    assert spawn_ends_in_time(case("", release="3.10.0"))


def test_without_log_nothing_is_known_of_failures() -> None:
    of = case(ASKED + "unix:private/policy\n")
    smtp = of.instance.services[0]
    assert policies_asked(of, smtp) == ("unix:private/policy",)
    assert isinstance(policy_failures(of, smtp), Missing)
