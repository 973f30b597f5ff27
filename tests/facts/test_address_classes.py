"""Domains in two address classes, or in none: the lists, and what is said of them."""

import pytest

from advisor.facts.address_classes import domains_in_two_classes, undeclared_alias_domains
from advisor.facts.case import Case
from advisor.facts.domain_lists import domain_list
from advisor.facts.host_identity import name_unknown_outside, unreachable_domains
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"


def case_of(main: str, **tables: str) -> Case:
    def table(path: str) -> SourceFile | None:
        text = tables.get(path.rpartition("/")[2])
        return None if text is None else SourceFile(path, text)

    sources = (SourceFile("main.cf", main), SourceFile("master.cf", MASTER))
    return Case(Instance.of(*sources, Release.parse("3.7.11"), "", table=table), Missing("", ""))


def test_a_list() -> None:
    case = case_of(
        "relay_domains = !a.example.com, example.com, /etc/postfix/more, hash:/etc/postfix/keys, mysql:/x\n",
        more="b.example # no comment\n",
        keys="c.example x\n# d.example x\n",
    )
    found = domain_list(case.instance, "relay_domains")
    assert [found.holds(each) for each in ("a.example.com", "www.example.com", "b.example", "c.example")] == [
        False,
        True,
        True,
        True,
    ]
    assert not found.holds("d.example")
    assert found.unread == ("mysql:/x",)
    assert not domain_list(case.instance, "mydestination").with_subdomains


@pytest.mark.parametrize(
    ("main", "twice"),
    [
        ("mydestination = a.example\nvirtual_mailbox_domains = b.example\n", ""),
        ("mydestination = A.example\nvirtual_mailbox_domains = a.Example\n", "a.example"),
        ("mydestination = a.example\nvirtual_alias_domains = a.example\n", "a.example"),
        ("mydestination = $myhostname\nvirtual_mailbox_domains = $myhostname\n", "$myhostname"),
        ("mydestination = a.example\nrelay_domains = a.example\n", ""),
        ("mydestination = example.com\nvirtual_mailbox_domains = a.example.com\n", ""),
        ("relay_domains = example.com\nvirtual_mailbox_domains = a.example.com\n", "a.example.com"),
        ("mydestination = !a.example, a.example\nvirtual_mailbox_domains = a.example\n", ""),
        ("mydestination = localhost\nvirtual_alias_maps = inline:{localhost=x}\n", ""),
    ],
)
def test_twice(main: str, twice: str) -> None:
    assert " ".join(each.domain for each in domains_in_two_classes(case_of(main))) == twice


def test_undeclared() -> None:
    maps = "virtual_alias_maps = hash:/etc/postfix/virtual\n"
    keys = "a@a.example x\n@b.example x\njoe x\n"
    assert undeclared_alias_domains(case_of("mydestination = b.example\n" + maps, virtual=keys)) == (
        "a.example",
    )
    unread = case_of("mydestination = mysql:/x\n" + maps, virtual=keys)
    assert isinstance(undeclared_alias_domains(unread), Missing)
    assert isinstance(undeclared_alias_domains(case_of(maps)), Missing)
    assert undeclared_alias_domains(case_of("")) == ()


@pytest.mark.parametrize(
    ("main", "name"),
    [
        ("myhostname = mail.example.com\n", ""),
        ("myhostname = Mail.LocalDomain\n", "Mail.LocalDomain"),
        ("myhostname = mail\n", "mail"),
        ("myhostname = mail\nrelayhost = [a.example]\n", ""),
        ("myhostname = mail\ndefault_transport = error:no\n", ""),
        ("smtp_helo_name = [192.0.2.1]\n", ""),
    ],
)
def test_names(main: str, name: str) -> None:
    assert name_unknown_outside(case_of(main)) == name


def test_domains_that_nobody_reaches() -> None:
    main = "virtual_mailbox_domains = a.example\nrelay_domains =\n"
    assert unreachable_domains(case_of(main)) == ()
    assert unreachable_domains(case_of(main + "inet_interfaces = loopback-only\n")) == (
        "virtual_mailbox_domains",
    )
