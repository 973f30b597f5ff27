# ruff: noqa: E501 - a row of a table is easier to read in one line
"""Services in a chroot, and what they cannot reach from there."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.chroot import chrooted_services
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

LOGIN = "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\n"


def case_of(main: str, entry: str, release: str = "3.7.11") -> Case:
    files = SourceFile("main.cf", main), SourceFile("master.cf", f"{entry}\n")
    return Case(Instance.of(*files, Release.parse(release), ""), NO_LOG)


@pytest.mark.parametrize(
    ("main", "column", "release", "is_in"),
    [
        ("", "-", "2.11.0", True),
        ("", "-", "3.7.11", True),
        ("compatibility_level = 2\n", "-", "3.7.11", False),
        ("compatibility_level = 2\n", "y", "3.7.11", True),
        ("", "n", "2.11.0", False),
    ],
)
def test_who_is_in_a_chroot(main: str, column: str, release: str, *, is_in: bool) -> None:
    assert bool(chrooted_services(case_of(main, f"a unix - - {column} - - smtp", release))) is is_in


@pytest.mark.parametrize(
    ("main", "entry", "words", "is_certain"),
    [
        ("", "a unix - n y - - pipe user=b argv=/bin/c", "pipe needs the command", True),
        ("", "proxymap unix - - y - - proxymap", "proxymap needs the tables", True),
        ("smtpd_milters = inet:a:1, unix:/run/a\n", "a inet n - y - - smtpd", "a milter is /run/a, which there means /var/spool/postfix/run/a", False),
        ("smtpd_milters = { unix:/run/a, connect_timeout = 1s }\n", "a inet n - y - - smtpd", "a milter is /run/a,", False),
        ("smtpd_recipient_restrictions = check_policy_service unix:/var/spool/postfix/b/c\n", "a inet n - y - - smtpd", "a policy service is /var/spool/postfix/b/c, which", True),
        (f"{LOGIN}smtpd_sasl_path = /var/run/b\n", "a inet n - y - - smtpd", "the login service is /var/run/b,", False),
        (f"{LOGIN}smtpd_sasl_path = inet:b:1\n", "a inet n - y - - smtpd", "", False),
        ("smtpd_sasl_path = /var/run/b\n", "a inet n - y - - smtpd", "", False),
        ("non_smtpd_milters = unix:/tmp/b\n", "a unix n - y - 0 cleanup", "a milter is /tmp/b,", False),
        ("non_smtpd_milters = unix:/b/c\n", "a unix n - y - 0 cleanup", "", False),
        ("virtual_mailbox_domains = a\nvirtual_transport = lmtp:unix:/run/b\n", "lmtp unix - - y - - lmtp", "the mailbox server is /run/b,", False),
        ("", "a unix - - y - - smtp", "", False),
    ],
)  # fmt: skip
def test_what_is_out_of_reach(main: str, entry: str, words: str, *, is_certain: bool) -> None:
    (found,) = chrooted_services(case_of(main, entry))
    assert found.problem.startswith(words)
    assert (found.is_certain, bool(found.problem)) == (is_certain, bool(words))


def with_table(main: str, entry: str, text: str) -> Case:
    files = SourceFile("main.cf", main), SourceFile("master.cf", f"{entry}\n")

    def table(path: str) -> SourceFile | None:
        return SourceFile(path, text) if path == "/etc/postfix/t.cf" else None

    return Case(Instance.of(*files, Release.parse("3.7.11"), "", table=table), NO_LOG)


REWRITE = "rewrite unix - - y - - trivial-rewrite"


@pytest.mark.parametrize(
    ("main", "entry", "text", "words"),
    [
        ("transport_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "hosts = localhost\n", "mysql:/etc/postfix/t.cf asks MySQL at localhost"),
        ("transport_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "user = a\n", "mysql:/etc/postfix/t.cf asks MySQL at localhost"),
        ("transport_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "hosts = inet:localhost\n", "mysql:/etc/postfix/t.cf asks MySQL at localhost"),
        ("transport_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "hosts = 192.0.2.1, unix:/run/m.sock\n", "mysql:/etc/postfix/t.cf asks /run/m.sock, which there means /var/spool/postfix/run/m.sock"),
        ("transport_maps = pgsql:/etc/postfix/t.cf\n", REWRITE, "hosts = unix:/run/p\n", "pgsql:/etc/postfix/t.cf asks /run/p"),
        ("virtual_mailbox_domains = a\nvirtual_mailbox_maps = mysql:/etc/postfix/t.cf\n", "smtp inet n - y - - smtpd", "", "mysql:/etc/postfix/t.cf asks MySQL at localhost"),
        ("transport_maps = pgsql:/etc/postfix/t.cf\n", REWRITE, "hosts = localhost\n", ""),
        ("transport_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "hosts = 127.0.0.1\n", ""),
        ("transport_maps = mysql:/etc/postfix/other.cf\n", REWRITE, "hosts = localhost\n", ""),
        ("transport_maps = proxy:mysql:/etc/postfix/t.cf\n", REWRITE, "hosts = localhost\n", ""),
        ("virtual_alias_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "", "mysql:/etc/postfix/t.cf asks MySQL at localhost"),
        ("canonical_maps = mysql:/etc/postfix/t.cf\n", REWRITE, "hosts = localhost\n", ""),
    ],
)  # fmt: skip
def test_databases_behind_a_socket(main: str, entry: str, text: str, words: str) -> None:
    (found,) = chrooted_services(with_table(main, entry, text))
    assert found.problem.startswith(words)
    assert (bool(found.problem), found.is_certain) == (bool(words), False)
