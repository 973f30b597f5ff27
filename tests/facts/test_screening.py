# ruff: noqa: E501 - a row of a table is easier to read in one line
"""How postscreen is set up, and what a proxy in front of a service may say."""

import pytest

from advisor.facts import dnsbl_score, screening
from advisor.facts.case import NO_LOG, Case
from advisor.facts.postscreen import postscreen_services
from advisor.facts.proxy_protocol import proxy_listeners
from advisor.facts.wanted import Assign, Remove
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.source import SourceFile

SCREEN = "smtp inet n - n - 1 postscreen\n"
BEHIND = "smtpd pass - - n - - smtpd\n"
QMGR = "qmgr unix n - n 300 1 qmgr\n"


def case_of(main: str, master: str = SCREEN + BEHIND, release: str = "3.7.11") -> Case:
    files = SourceFile("main.cf", main), SourceFile("master.cf", master)
    return Case(Instance.of(*files, Release.parse(release), ""), NO_LOG)


def one(main: str, release: str = "3.7.11") -> tuple[Case, Service]:
    case = case_of(main, release=release)
    return case, postscreen_services(case)[0]


@pytest.mark.parametrize(
    ("sites", "score"),
    [
        ("", 0),
        ("a.example", 1),
        ("a.example*3, b.example=127.0.0.[2..11;13]*2 c.example*-4", 5),
        ("a.example=127.0.0.2", 1),
    ],
)
def test_the_highest_score(sites: str, score: int) -> None:
    assert dnsbl_score.highest_score(*one(f"postscreen_dnsbl_sites = {sites}\n")) == score


def test_a_threshold_that_is_no_number() -> None:
    assert isinstance(dnsbl_score.score_threshold(*one("postscreen_dnsbl_threshold = few\n")), Missing)
    assert isinstance(screening.pre_queue_limit(*one("postscreen_pre_queue_limit = few\n")), Missing)


@pytest.mark.parametrize(
    ("main", "only_logs"),
    [
        ("postscreen_dnsbl_sites = a\n", True),
        ("postscreen_dnsbl_sites = a\npostscreen_greet_action = drop\n", False),
        ("postscreen_dnsbl_sites = a\npostscreen_dnsbl_action = enforce\n", False),
        ("", False),
    ],
)
def test_tests_that_only_log(main: str, *, only_logs: bool) -> None:
    assert screening.tests_only_log(*one(main)) is only_logs


@pytest.mark.parametrize(
    ("main", "release", "tests"),
    [
        ("postscreen_pipelining_enable = yes\n", "3.7.11", ("postscreen_pipelining_enable",)),
        ("postscreen_pipelining_enable = yes\npostscreen_dnsbl_allowlist_threshold = -1\n", "3.7.11", ()),
        ("postscreen_pipelining_enable = yes\npostscreen_dnsbl_whitelist_threshold = -1\n", "3.5.0", ()),
        ("postscreen_pipelining_enable = yes\npostscreen_dnsbl_whitelist_threshold = -1\n", "3.7.11", ()),
        ("postscreen_pipelining_enable = no\n", "3.7.11", ()),
    ],
)
def test_tests_that_put_clients_off(main: str, release: str, tests: tuple[str, ...]) -> None:
    assert screening.deep_tests(*one(main, release)) == tests


@pytest.mark.parametrize(
    ("main", "master", "names"),
    [
        ("postscreen_greet_action = drop\n", QMGR, ("postscreen_greet_action",)),
        ("postscreen_greet_action = ignore\npostscreen_bare_newline_action = ignore\n", QMGR, ()),
        ("postscreen_pipelining_action = enforce\n", QMGR, ()),
        ("postscreen_access_list = permit_mynetworks\npostscreen_greet_wait = 3s\n", QMGR, ()),
        ("postscreen_greet_action = drop\n", SCREEN + QMGR, ()),
        ("postscreen_greet_action = drop\n", "smtp inet n - n - - smtpd\n", ()),
        ("postscreen_greet_actions = drop\n", QMGR, ()),
    ],
)
def test_settings_of_a_postscreen_that_does_not_run(main: str, master: str, names: tuple[str, ...]) -> None:
    (found,) = screening.idle_postscreen_settings(case_of(main, master))
    assert found.names == names


OPTION = "  -o smtpd_recipient_limit=9\n"


@pytest.mark.parametrize(
    ("master", "behind", "changes"),
    [
        (SCREEN + OPTION + BEHIND, "smtpd/pass", (Assign("smtpd_recipient_limit", "9", "smtpd/pass"), Remove("smtpd_recipient_limit", "smtp/inet"))),
        (SCREEN + OPTION + BEHIND + OPTION, "smtpd/pass", ()),
        (SCREEN + OPTION, "", ()),
    ],
)  # fmt: skip
def test_options_that_postscreen_does_not_read(
    master: str, behind: str, changes: tuple[Assign | Remove, ...]
) -> None:
    (found,) = screening.postscreen_options(case_of("", master))
    assert (found.names, found.behind, found.changes) == (("smtpd_recipient_limit",), behind, changes)


def test_options_that_postscreen_reads() -> None:
    (found,) = screening.postscreen_options(
        case_of("", f"{SCREEN}  -o smtpd_banner=a -o own_name=b\n{BEHIND}")
    )
    assert found.names == ()


PROXY = "smtpd_upstream_proxy_protocol = haproxy\n"
TRUST = "smtpd_relay_restrictions = permit_mynetworks, reject\n"
DISTRUST = "smtpd_relay_restrictions = reject_unauth_destination\n"


@pytest.mark.parametrize(
    ("main", "master", "found"),
    [
        (PROXY + TRUST, "smtp inet n - n - - smtpd\n", [(False, False, True, True)]),
        (PROXY + DISTRUST, "[2001:db8::1]:25 inet n - n - - smtpd\n", [(False, False, True, False)]),
        (PROXY + DISTRUST, "192.168.1.1:25 inet n - n - - smtpd\n", [(False, False, False, False)]),
        (PROXY + DISTRUST, "localhost:25 inet n - n - - smtpd\n", [(False, False, False, False)]),
        (PROXY + TRUST, SCREEN + BEHIND, [(True, True, False, True)]),
        ("postscreen_upstream_proxy_protocol = haproxy\n" + TRUST, SCREEN + BEHIND, [(False, False, True, True)]),
        ("", SCREEN + BEHIND, []),
    ],
)  # fmt: skip
def test_who_believes_a_proxy(main: str, master: str, found: list[tuple[bool, bool, bool, bool]]) -> None:
    listeners = proxy_listeners(case_of(main, master))
    assert [(each.is_ignored, each.screen_is_bare, each.is_open, each.trusts) for each in listeners] == found
