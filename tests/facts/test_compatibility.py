"""compatibility_level: which defaults flip, and which of them are pinned."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.compatibility import (
    compatibility_level,
    compatibility_level_is_ahead,
    compatibility_level_is_behind,
    flips_that_matter,
    flips_without_harm,
    last_incompatible_level,
    raised_compatibility_level,
)
from advisor.facts.wanted import Assign, Column
from advisor.missing import Missing
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST, Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"
LEVEL_2 = "compatibility_level = 2\n"
# Nothing of what flips at level 1 or 2 is left but relay restrictions and the chroot.
LEVEL_0 = (
    "compatibility_level = 0.9\nappend_dot_mydomain = no\nsmtputf8_enable = no\nmynetworks = 127.0.0.0/8\n"
    "relay_domains =\n"
)


def case(main: str, master: str | None = SMTP, release: str = "3.7.11") -> Case:
    second = None if master is None else SourceFile("master.cf", master)
    return Case(Instance.of(SourceFile("main.cf", main), second, Release.parse(release), ""), NO_LOG)


def pins(main: str, master: str | None = SMTP, release: str = "3.7.11") -> dict[str, str]:
    wanted = raised_compatibility_level(case(main, master, release))
    assert not isinstance(wanted, Missing)
    assert wanted[-1] == Assign("compatibility_level", last_incompatible_level(case(main, master, release)))
    return {
        each.name if isinstance(each, Assign) else str(each): each.value
        for each in wanted[:-1]
        if isinstance(each, Assign | Column)
    }


@pytest.mark.parametrize(
    ("release", "last"),
    [
        ("3.0.0", "2"),
        ("3.5.0", "2"),
        ("3.6.0", "3.6"),
        ("3.7.11", "3.6"),
        ("3.11.0", "3.11"),
        ("2.11.0", "0"),
    ],
)
def test_the_last_level_is_in_the_defaults(release: str, last: str) -> None:
    assert last_incompatible_level(case("", release=release)) == last


@pytest.mark.parametrize(
    ("main", "shown", "behind", "ahead"),
    [
        ("", "0 (not set)", True, False),
        ("compatibility_level = 2\n", "2", True, False),
        ("compatibility_level = 3.5.9\n", "3.5.9", True, False),
        ("compatibility_level = 3.6\n", "3.6", False, False),
        ("compatibility_level = 3.7\n", "3.7", False, False),
        ("compatibility_level = 3.8\n", "3.8", False, True),
        ("compatibility_level = 3.10\n", "3.10", False, True),
        ("compatibility_level = 9999\n", "9999", False, True),
    ],
)
def test_behind_and_ahead(main: str, shown: str, behind: bool, ahead: bool) -> None:  # noqa: FBT001 - a table
    of = case(main)
    assert compatibility_level(of) == shown
    assert compatibility_level_is_behind(of) is behind
    assert compatibility_level_is_ahead(of) is ahead


@pytest.mark.parametrize("text", ["x", "3.x", "", "1.2.3.4", "12345"])
def test_a_text_that_is_no_level_is_not_known(text: str) -> None:
    of = case(f"compatibility_level = {text}\n")
    for fact in (
        compatibility_level,
        compatibility_level_is_behind,
        flips_that_matter,
        raised_compatibility_level,
    ):
        assert isinstance(fact(of), Missing)


def test_a_level_is_behind_a_release_that_is_known() -> None:
    of = Instance.of(SourceFile("main.cf", LEVEL_2), None, NEWEST, ASSUMED)
    assert isinstance(compatibility_level_is_behind(Case(of, NO_LOG)), Missing)


def test_at_level_0_each_old_default_that_matters_is_written_down() -> None:
    assert pins("") == {
        "append_dot_mydomain": "yes",
        "mynetworks_style": "subnet",
        "relay_domains": "$mydestination",
        "smtputf8_enable": "no",
    }


@pytest.mark.parametrize(
    ("main", "master", "pinned"),
    [
        (
            "mynetworks = 127.0.0.0/8\nmydestination =\nappend_dot_mydomain = no\nsmtputf8_enable = no\n",
            SMTP,
            {},
        ),
        (LEVEL_2, SMTP, {}),
        (LEVEL_2, "smtp inet n - - - - smtpd\n", {}),
        (
            LEVEL_0,
            "smtp inet n - - - - smtpd\nlocal unix - n n - - local\nlmtp unix - - y - - lmtp\n",
            {"chroot y for smtp/inet": "y"},
        ),
        (LEVEL_2 + "relay_clientcerts = hash:x\n", SMTP, {"smtpd_tls_fingerprint_digest": "md5"}),
        (
            LEVEL_2,
            SMTP + "  -o { smtpd_client_restrictions = check_ccert_access hash:x }\n",
            {"smtpd_tls_fingerprint_digest": "md5"},
        ),
        (LEVEL_2 + "smtp_tls_policy_maps = hash:x\n", SMTP, {"smtp_tls_fingerprint_digest": "md5"}),
        (LEVEL_2 + "lmtp_tls_security_level = fingerprint\n", SMTP, {"lmtp_tls_fingerprint_digest": "md5"}),
        (LEVEL_2, SMTP + "smtpd pass - - n - - smtpd\nx inet n - n - 1 postscreen\n", {}),
    ],
)
def test_only_what_matters_is_pinned(main: str, master: str, pinned: dict[str, str]) -> None:
    assert pins(main, master) == pinned


ONE = f"{LEVEL_0}smtpd_recipient_restrictions = "


@pytest.mark.parametrize(
    ("restrictions", "matters"),
    [
        ("permit_mynetworks, reject_unauth_destination", False),
        ("permit_mynetworks, permit_sasl_authenticated, reject_rbl_client a.example, reject", False),
        ("permit_mynetworks, reject_unauth_destination, check_client_access hash:x", False),
        ("permit_mynetworks, check_client_access hash:x, reject_unauth_destination", True),
        ("permit_tls_clientcerts, reject_unauth_destination", True),
        ("warn_if_reject reject_unauth_destination, permit_mx_backup, reject", True),
        ("permit_mynetworks", False),
    ],
)
def test_who_relays_by_the_recipient_list_alone_keeps_it(restrictions: str, matters: bool) -> None:  # noqa: FBT001 - a table
    assert ("smtpd_relay_restrictions" in pins(ONE + restrictions + "\n")) is matters
    assert "smtpd_relay_restrictions" not in pins(
        ONE + restrictions + "\n", SMTP + "  -o smtpd_relay_restrictions=reject\n"
    )


def test_without_a_master_cf_nobody_knows_who_relays() -> None:
    assert pins(ONE + "reject\n", None)["smtpd_relay_restrictions"] == ""


@pytest.mark.parametrize(
    ("main", "pinned"),
    [
        ("", {}),
        ("smtp_use_tls = yes\n", {}),
        ("smtp_use_tls = no\n", {"smtp_tls_security_level": "none"}),
        ("smtp_enforce_tls = yes\n", {"smtp_tls_security_level": "verify"}),
        ("smtp_enforce_tls = perhaps\n", {}),
    ],
)
def test_level_3_11_does_not_weaken_the_client(main: str, pinned: dict[str, str]) -> None:
    assert pins("compatibility_level = 3.6\n" + main, release="3.11.0") == pinned


def test_words() -> None:
    assert (
        flips_that_matter(case("compatibility_level = 1\nmydestination =\nmynetworks_style = subnet\n")) == ()
    )
    assert flips_that_matter(case("compatibility_level = 1\nmynetworks = 127.0.0.0/8\n")) == (
        "relay_domains empty (mail for subdomains of mydestination is no longer relayed)",
    )
    assert flips_without_harm(case("compatibility_level = 3.6\n", release="3.11.0")) == (
        "smtp_tls_security_level = may (outgoing mail is encrypted where the other side offers it)",
    )


def test_every_flipping_default_of_the_newest_release_has_its_words() -> None:
    """A new one would be pinned, with a reference to the manual: better to say what it does."""
    newest = Release.parse("3.11.6")
    flipping = {
        name
        for name, parameter in catalogue().parameters.items()
        if "$compatibility_level" in (parameter.default(newest) or "")
    }
    told = f"{flips_that_matter(case('', release='3.11.6'))} {flips_without_harm(case('', release='3.11.6'))}"
    assert {name for name in flipping if name not in told} == set()
    assert "COMPATIBILITY_README" not in told
