# ruff: noqa: E501 - a row of a table is easier to read in one line
"""The services that a configuration makes use of, and transports that take one recipient."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.named_transports import pipe_transports, recipients_at_a_time
from advisor.facts.needed_services import needed_services, postscreen_parts
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

QMGR = "qmgr unix n - n 300 1 qmgr\nrewrite unix - - n - - trivial-rewrite\n"
# What every whole master.cf is asked for.
ALWAYS = {"retry/unix"}
QUIET = "mydestination =\nrelay_domains =\ndefault_transport = error:none\n"


def case_of(main: str, master: str, release: str = "3.7.11") -> Case:
    files = SourceFile("main.cf", main), SourceFile("master.cf", master)
    return Case(Instance.of(*files, Release.parse(release), ""), NO_LOG)


@pytest.mark.parametrize(
    ("main", "entries", "names"),
    [
        ("", "", {"error/unix"}),
        ("mydestination = a\n", "", {"error/unix", "local/unix"}),
        ("relay_domains = a\n", "", {"error/unix", "relay/unix"}),
        ("virtual_mailbox_domains = a\nvirtual_transport = lmtp:unix:b\n", "", {"error/unix", "lmtp/unix"}),
        ("virtual_transport = lmtp:unix:b\n", "", {"error/unix"}),
        ("default_transport = $what\n", "", set()),
        ("", "smtp inet n - n - - smtpd -o content_filter=scan:[::1]:25\n", {"error/unix", "scan/unix", "anvil/unix"}),
        ("", "x inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n", {"error/unix", "anvil/unix", "tlsmgr/unix"}),
        ("", "smtp unix - - n - - smtp\n", {"error/unix", "scache/unix"}),
        ("smtp_tls_security_level = may\n", "smtp unix - - n - - smtp\n", {"error/unix", "scache/unix", "tlsmgr/unix"}),
        (
            "smtp_tls_connection_reuse = yes\nsmtp_connection_cache_on_demand = no\n",
            "smtp unix - - n - - smtp\n",
            {"error/unix", "tlsproxy/unix"},
        ),
        ("smtpd_sender_restrictions = reject_unverified_sender, permit\n", "", {"error/unix", "verify/unix"}),
        ("maillog_file = /dev/stdout\n", "", {"error/unix", "postlog/unix-dgram"}),
        ("virtual_alias_maps = proxy:mysql:/a\n", "", {"error/unix", "proxymap/unix"}),
        ("address_verify_map = proxy:btree:/a\n", "", {"error/unix", "proxywrite/unix"}),
    ],
)  # fmt: skip
def test_what_is_made_use_of(main: str, entries: str, names: set[str]) -> None:
    found = needed_services(case_of(QUIET + main, QMGR + entries))
    assert {each.name for each in found} == names | ALWAYS
    assert not any(each.is_there for each in found)


def test_what_is_there() -> None:
    found = needed_services(case_of(QUIET, f"{QMGR}error unix - - n - - error\n"))
    assert {each.name: each.is_there for each in found} == {"error/unix": True, "retry/unix": False}


def test_a_piece_of_master_cf_lacks_nothing() -> None:
    assert needed_services(case_of("", "smtp inet n - n - - smtpd\n")) == ()


def test_an_older_release_has_no_postlog() -> None:
    found = needed_services(case_of(f"{QUIET}maillog_file = /a\n", QMGR, "3.3.0"))
    assert "postlog/unix-dgram" not in {each.name for each in found}


def test_the_names_that_postscreen_calls() -> None:
    main = (
        "smtpd_service_name = a\ndnsblog_service_name = b\npostscreen_dnsbl_sites = c\nsmtpd_use_tls = yes\n"
    )
    parts = postscreen_parts(
        case_of(main, "smtp inet n - n - 1 postscreen\ntlsproxy unix - - n - 0 tlsproxy\n")
    )
    assert [(each.name, each.is_there) for each in parts] == [
        ("a/pass", False),
        ("b/unix", False),
        ("tlsproxy/unix", True),
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("flags=DRhu user=a argv=/bin/b ${recipient}", "has the flag D"),
        ("flags=RO user=a argv=/bin/b", "has the flag O"),
        ("user=a argv=/usr/lib/dovecot/deliver -f x -d ${recipient}", "hands ${recipient} to -d of deliver"),
        ("user=a argv=/usr/bin/procmail -d $user", "hands $user to -d of procmail"),
        ("user=a argv=/bin/b -d ${recipient}", ""),
        ("flags=Rq user=a argv=/usr/bin/maildrop -d a D", ""),
        ("flags=Rq user=a", ""),
    ],
)
def test_one_recipient_at_a_time(arguments: str, reason: str) -> None:
    (found,) = pipe_transports(case_of("mailbox_transport = a\n", f"a unix - n n - - pipe {arguments}\n"))
    assert (found.reason, found.parameter) == (reason, "")


@pytest.mark.parametrize(
    ("main", "limit"),
    [("", 50), ("a_destination_recipient_limit = 1\n", 1), ("default_destination_recipient_limit = 3\n", 3)],
)
def test_how_many_recipients(main: str, limit: int) -> None:
    case = case_of(main, "a unix - n n - - pipe user=b argv=/bin/c\n")
    assert recipients_at_a_time(case, *pipe_transports(case)) == limit


def test_a_limit_that_is_no_number() -> None:
    case = case_of("a_destination_recipient_limit = few\n", "a unix - n n - - pipe user=b argv=/bin/c\n")
    assert isinstance(recipients_at_a_time(case, *pipe_transports(case)), Missing)
