"""What an upgrade changes: only what this configuration relies on, and nothing where there is no upgrade."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.upgrade import UpgradeChange, upgrade_changes, upgrade_path
from advisor.settings.catalogue import catalogue
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\nlocal unix - n n - - local\n"
# What Debian 12 writes on a host that only sends its own mail.
DEBIAN = """smtpd_banner = $myhostname ESMTP $mail_name (Debian/GNU)
biff = no
append_dot_mydomain = no
readme_directory = no
compatibility_level = 3.6
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
myhostname = mail.example.org
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
mydestination = $myhostname, localhost
relayhost =
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
inet_interfaces = loopback-only
inet_protocols = all
"""


def case(main: str, today: str | None, release: str, master: str | None = MASTER) -> Case:
    host = Host(today=Release.parse(today) if today else None)
    source = None if master is None else SourceFile("master.cf", master)
    return Case(
        Instance.of(SourceFile("main.cf", main), source, Release.parse(release), "", host=host), NO_LOG
    )


def changes(
    main: str, today: str | None = "3.7.11", release: str = "3.11.0", master: str | None = MASTER
) -> dict[str, UpgradeChange]:
    return {
        each.subject: each for each in upgrade_changes(case(main, today, release, master)) if each.subject
    }


def test_the_stock_configuration_of_debian_12() -> None:
    found = changes(DEBIAN)
    assert [*found] == ["smtpd_forbid_unauth_pipelining", "Berkeley DB", "The log"]
    assert "alias_maps, alias_database." in found["Berkeley DB"].effect
    assert found["Berkeley DB"].span.line == 8


@pytest.mark.parametrize(("today", "release"), [(None, "3.11.0"), ("3.11.0", "3.11.0"), ("3.11.0", "3.7.11")])
def test_without_an_upgrade_there_is_nothing_to_ask(today: str | None, release: str) -> None:
    assert upgrade_changes(case(DEBIAN, today, release)) == ()
    assert upgrade_path(case(DEBIAN, today, release)).endswith(f" to {release}")


def test_an_upgrade_that_changes_nothing_here_leaves_one_element_without_a_subject() -> None:
    (found,) = upgrade_changes(case("biff = no\n", "3.7.10", "3.7.11"))
    assert found.subject == ""


def test_milters_are_asked_for_in_services_too() -> None:
    name = "milter_default_action"
    assert name not in changes("biff = no\n")
    assert changes("smtpd_milters = inet:a:1\n")[name].kept == "tempfail"
    assert name in changes("", master="smtp inet n - n - - smtpd -o smtpd_milters=inet:a:1\n")
    assert name not in changes("smtpd_milters = inet:a:1\nmilter_default_action = accept\n")


def test_bare_newlines_matter_where_strangers_come() -> None:
    name = "smtpd_forbid_bare_newline"
    assert name in changes("")
    assert name not in changes("inet_interfaces = loopback-only\n")
    assert name in changes("", master=None)
    old = changes("", today="2.11.0")[name]
    assert (old.old, old.new, old.kept) == ("no", "normalize", "no")


def test_a_program_that_does_not_run_is_no_matter() -> None:
    assert changes("", master="smtp unix - - n - - smtp\n") == {}
    every = (
        "smtp inet n - n - - smtpd -o smtpd_forbid_unauth_pipelining=yes -o smtpd_forbid_bare_newline=yes\n"
    )
    assert [*changes("", master=every)] == ["The log"]


def test_an_old_default_is_kept_where_the_level_flips_it_with_the_upgrade() -> None:
    found = changes("compatibility_level = 3.6\n", today="2.11.0")
    kept = {name: change.kept for name, change in found.items() if change.is_kept}
    assert kept == {
        "relay_domains": "$mydestination",
        "mynetworks_style": "subnet",
    }
    assert "relay_domains" not in changes("compatibility_level = 3.6\nmydestination =\n", today="2.11.0")
    assert changes("", today="2.11.0")["smtpd_relay_restrictions"].is_kept


def test_other_defaults() -> None:
    assert changes("", today="2.8.0")["inet_protocols"].is_kept
    assert "undisclosed_recipients_header" in changes("", "2.6.0", master="cleanup unix n - n - 0 cleanup\n")
    assert "smtp_tls_protocols" not in changes("", today="3.4.0")
    assert "smtp_tls_protocols" in changes("smtp_tls_security_level = may\n", today="2.11.0")
    # `!SSLv2, !SSLv3` says what `>=TLSv1` says.
    assert "smtp_tls_protocols" not in changes("smtp_tls_security_level = may\n", today="3.4.0")
    policy = "smtp_tls_security_level = may\nsmtp_tls_policy_maps = static:dane\n"
    assert "smtp_tls_dane_insecure_mx_policy" in changes(policy)
    assert "smtp_tls_dane_insecure_mx_policy" not in changes("smtp_tls_security_level = may\n")


def test_berkeley_db_that_nobody_wrote() -> None:
    master = "smtp inet n - n - 1 postscreen\n  -o virtual_alias_maps=hash:/x\nlocal unix - n n - - local\n"
    effect = changes("smtpd_sender_restrictions = reject_unverified_sender\n", master=master)[
        "Berkeley DB"
    ].effect
    for words in (
        "virtual_alias_maps of smtp/inet",
        "default of postscreen_cache_map",
        "default of address_verify_map",
    ):
        assert words in effect
    cdb = "default_database_type = cdb\nalias_maps = cdb:/x\nrelay_domains = ahash:/x, lmdb:/y\n"
    assert "Berkeley DB" not in changes(cdb)


def test_no_upgrade_breaks_the_fact() -> None:
    releases = ["2.6.0", "2.11.0", "3.0.0", "3.4.0", "3.7.11", "3.9.0", "3.10.0"]
    programs = sorted({program for each in catalogue().parameters.values() for program in each.daemons})
    master = "".join(f"{program} unix - - n - - {program}\n" for program in programs)
    for today in releases:
        for change in changes("compatibility_level = 3.6\n", today, "3.11.6", master).values():
            assert change.effect
            assert "$compatibility_level" not in change.kept
