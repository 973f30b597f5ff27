"""What `postconf -d` of a host says counts before the catalogue, as far as it holds for this main.cf."""

import pytest

from advisor.settings.given import Given, stock_master_cf
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release
from advisor.syntax.master_cf import parse_master_cf
from advisor.syntax.source import SourceFile

DEFAULTS = {
    "mail_version": "3.7.5",
    "smtpd_forbid_bare_newline": "no",  # carried back: upstream has it since 3.7.9
    "daemon_directory": "/usr/lib/postfix/sbin",
    "a_vendors_own": "yes",
    "compatibility_level": "0",
    "mynetworks_style": "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
    "mynetworks": "127.0.0.0/8 192.0.2.0/24",
    "myhostname": "mx1.example.org",
    "mydomain": "example.org",
    "process_name": "postconf",
}


def instance(main: str = "", release: str = "3.7.5", *, unread: frozenset[str] = frozenset()) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", "smtp inet n - n - - smtpd\n"),
        Release.parse(release),
        "a test",
        host=Host(defaults=DEFAULTS),
        given=Given(unread=unread),
    )


def test_a_parameter_exists_where_the_build_has_it() -> None:
    found = instance().setting("smtpd_forbid_bare_newline")
    assert (found.exists, found.normal) == (True, "no")
    assert instance("smtpd_forbid_bare_newline = yes\n").unused() == ()


def test_a_parameter_that_the_build_lacks_does_not_exist() -> None:
    assert not instance().setting("smtpd_timeout").exists
    assert not instance().is_known("smtpd_timeout")


def test_a_name_that_only_this_build_knows() -> None:
    assert instance().setting("a_vendors_own").normal == "yes"
    assert instance().is_known("a_vendors_own")


def test_paths_are_those_of_the_distribution() -> None:
    assert instance().setting("daemon_directory").normal == "/usr/lib/postfix/sbin"


def test_what_the_host_computes_is_known() -> None:
    assert instance().setting("mynetworks").items() == ("127.0.0.0/8", "192.0.2.0/24")
    assert instance().setting("myhostname").normal == "mx1.example.org"


@pytest.mark.parametrize(
    ("main", "name"),
    [
        ("compatibility_level = 3.6\n", "mynetworks"),
        ("mynetworks_style = host\n", "mynetworks"),
        ("inet_interfaces = loopback-only\n", "mynetworks"),
        ("mydomain = example.net\n", "myhostname"),
    ],
)
def test_a_computed_default_does_not_hold_where_main_cf_changes_what_it_is_made_of(
    main: str, name: str
) -> None:
    assert instance(main).setting(name).unknown == {name}


def test_mydomain_follows_myhostname_of_main_cf() -> None:
    assert instance("myhostname = a.example.com\n").setting("mydomain").normal == "example.com"


def test_the_process_of_postconf_is_no_default() -> None:
    assert instance().setting("process_name").exists
    assert instance().setting("process_name").normal != "postconf"


def test_for_another_release_only_the_host_itself_counts() -> None:
    upgraded = instance(release="3.11.6")
    assert upgraded.setting("smtpd_forbid_bare_newline").normal == "normalize"
    assert upgraded.setting("smtpd_timeout").exists
    assert upgraded.setting("myhostname").normal == "mx1.example.org"
    assert not upgraded.setting("a_vendors_own").exists


def test_a_name_that_the_host_does_not_read_is_not_in_force() -> None:
    main = "smtpd_forbid_unauth_pipelining = yes\nfavourite_colour = green\n"
    names = frozenset({"smtpd_forbid_unauth_pipelining", "favourite_colour"})
    told = Instance.of(SourceFile("main.cf", main), None, NEWEST, "a test", given=Given(unread=names))
    assert not told.setting("smtpd_forbid_unauth_pipelining").exists
    assert {line.name for line in told.unused()} == names


@pytest.mark.parametrize(
    ("release", "there", "not_there"),
    [("2.9.0", "pickup/fifo", "postlog/unix-dgram"), ("3.7.11", "postlog/unix-dgram", "pickup/fifo")],
)
def test_the_stock_services_are_those_of_the_release(release: str, there: str, not_there: str) -> None:
    tree = parse_master_cf(stock_master_cf(Release.parse(release)))
    keys = {entry.key for entry in tree.entries}
    assert {"smtp/inet", "smtp/unix", "cleanup/unix", there} <= keys
    assert not_there not in keys
    assert list(tree.junk) == []


def test_stock_arguments_have_their_history() -> None:
    def relay(release: str) -> str:
        lines = stock_master_cf(Release.parse(release)).text.splitlines()
        return next(line for line in lines if line.startswith("relay "))

    assert relay("2.6.0").endswith("-o smtp_fallback_relay=")
    assert relay("2.9.0").endswith("smtp")
    assert relay("3.3.0").endswith("-o syslog_name=postfix/$service_name")


def test_without_master_cf_the_stock_services_are_assumed_where_asked() -> None:
    main = SourceFile("main.cf", "")
    assert Instance.of(main, None, NEWEST, "a test").services == ()
    assumed = Instance.of(main, None, NEWEST, "a test", given=Given(stock_services=True))
    assert assumed.service("smtp/inet")
    again = assumed.with_text(main=SourceFile("main.cf", "biff = no\n"))
    assert again.given.stock_services
    assert again.service("smtp/inet")
