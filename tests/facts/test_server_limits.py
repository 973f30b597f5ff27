"""Process limits that do not fit, processes that end too soon, stress by hand, the size of body checks."""

import pytest

from advisor.facts.body_check_size import body_checks_size, default_body_checks_size
from advisor.facts.case import NO_LOG, Case
from advisor.facts.process_limits import (
    forks_without_memory,
    killed_processes,
    processes_sufficed,
    reuse_settings,
    servers_of_other_hosts,
    too_few_processes_were_seen,
)
from advisor.facts.stress_mode import stress_settings
from advisor.facts.wanted import Remove
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"


def case(main: str, master: str = SMTP) -> Case:
    of = Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )
    return Case(of, NO_LOG)


def test_a_proxy_brings_clients_of_other_hosts() -> None:
    proxied = "127.0.0.1:10025 inet n - n - - smtpd\n  -o smtpd_upstream_proxy_protocol=haproxy\n"
    back = "127.0.0.1:10026 inet n - n - - smtpd\n"
    found = servers_of_other_hosts(case("", SMTP + proxied + back))
    assert [each.key for each in found] == ["smtp/inet", "127.0.0.1:10025/inet"]


def test_without_log_no_load_was_seen() -> None:
    of = case("")
    smtp = of.instance.services[0]
    assert not too_few_processes_were_seen(of, smtp)
    assert not processes_sufficed(of, smtp)
    assert isinstance(forks_without_memory(of), Missing)
    assert isinstance(killed_processes(of), Missing)


def test_where_processes_are_told_to_end() -> None:
    of = case("max_use = 5\nmax_idle = 1m\n", SMTP + "  -o max_use=1\n  -o max_idle=soon\n")
    assert [(each.name, each.number, each.service) for each in reuse_settings(of)] == [
        ("max_use", 5, ""),
        ("max_use", 1, "smtp/inet"),
        ("max_idle", 60, ""),
    ]


@pytest.mark.parametrize(
    ("main", "master", "expected"),
    [
        ("", SMTP, []),
        ("stress =\n", SMTP, [("", "", None)]),
        (
            "stress = yes\n",
            SMTP + "  -o stress=yes\n",
            [("yes", "", None), ("yes", "smtp/inet", "smtp/inet")],
        ),
    ],
)
def test_where_stress_is_set(main: str, master: str, expected: list[tuple[str, str, str | None]]) -> None:
    found = stress_settings(case(main, master))
    assert [(each.value, each.service, each.removal[0].service) for each in found] == expected
    assert all(each.removal == (Remove("stress", each.service or None),) for each in found)


@pytest.mark.parametrize(
    ("main", "master", "size"),
    [
        ("body_checks_size_limit = 100000\n", SMTP, 0),
        ("body_checks = pcre:/x\nbody_checks_size_limit = 100000\n", SMTP, 100000),
        ("body_checks = pcre:/x\n", SMTP, 51200),
        ("body_checks_size_limit = 1\n", "cleanup unix n - n - 0 cleanup\n  -o body_checks=pcre:/x\n", 1),
        ("body_checks = pcre:/x\nbody_checks_size_limit = all\n", SMTP, 0),
    ],
)
def test_how_much_body_checks_look_at(main: str, master: str, size: int) -> None:
    of = case(main, master)
    assert (body_checks_size(of), default_body_checks_size(of)) == (size, 51200)
