"""The values that Postfix refuses: per service, with what must have been meant where that is plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts.case import NO_LOG, Case
from advisor.facts.written_values import WrittenValue, written_values
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

MASTER = "smtp inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n"


def bad(main: str, master: str | None = MASTER, release: str = "3.7.11") -> list[WrittenValue]:
    of = Instance.of(
        SourceFile("main.cf", main),
        None if master is None else SourceFile("master.cf", master),
        Release.parse(release),
        "",
    )
    return [each for each in written_values(Case(of, NO_LOG)) if each.expected]


@pytest.mark.parametrize(
    ("main", "correction"),
    [
        ("smtpd_timeout = 5 min\n", "5m"),
        ("smtpd_timeout = 30 S\n", "30s"),
        ("smtpd_timeout = 2 Hours\n", "2h"),
        ('smtpd_timeout = "60"\n', "60"),
        ("smtpd_timeout = 1.5h\n", ""),
        ("smtpd_timeout = 5 M\n", ""),
        ("smtpd_timeout = 10 ms\n", ""),
        ("smtpd_timeout = 0\n", ""),
        ("smtpd_timeout = \u0665m\n", ""),
        ("smtpd_timeout = q\n", ""),
        ("smtpd_timeout =\n", ""),
        ("smtpd_timeout = ${stress?{10}:{5 min}}\n", ""),
        ("message_size_limit = 10M\n", "10485760"),
        ("message_size_limit = 1 GiB\n", "1073741824"),
        ("message_size_limit = 10MB\n", ""),
        ("message_size_limit = 99999999999G\n", ""),
        ("message_size_limit = 9999999999999999999999999G\n", ""),
        ("header_size_limit = 100K\n", "102400"),
        ("header_size_limit = 9G\n", ""),
        ("smtpd_recipient_limit = 1K\n", ""),
        ("smtpd_recipient_limit = '100'\n", "100"),
        ("smtpd_recipient_limit = \u00b2\n", ""),
        ("default_process_limit = 0\n", ""),
        ("strict_rfc821_envelopes = True\n", "yes"),
        ("strict_rfc821_envelopes = off\n", "no"),
        ("strict_rfc821_envelopes = \u201cyes\u201d\n", "yes"),
        ("strict_rfc821_envelopes = maybe\n", ""),
        ("strict_rfc821_envelopes =\n", ""),
        ("mail_name =\n", ""),
        ("mydomain = ${x}\n", ""),
        ("relayhost = ${x\n", ""),
        ("relayhost = 5 $ a\n", ""),
        ("mydestination = $mydestination a\n", ""),
        ("smtpd_milters = inet:a:1 { inet:b:2, connect_timeout = 5s\n", ""),
        ("smtpd_recipient_restrictions = check_policy_service { inet:b:2 # c\n", ""),
        ("smtpd_timeout = 5 min # not long\n", ""),
    ],
)
def test_a_value_that_postfix_refuses(main: str, correction: str) -> None:
    (found,) = bad(main)
    assert (found.key, found.correction, found.is_read) == (None, correction, True)
    assert found.span.line == 1
    assert found.span.column == main.index("=") + (3 if main[-2] != "=" else 2)


@pytest.mark.parametrize(
    "main",
    [
        "smtpd_timeout = 5minutes\nsmtpd_timeout = 10\n",
        "smtpd_timeout = 5 min\nsmtpd_timeout = 5m\n",  # the last line counts
        "message_size_limit = 10485760 # ten\n",  # the comment is another rule's
        "strict_rfc821_envelopes = YES\n",
        "favourite_number = many\n",  # nobody reads it
        "debugger_command =\nvirtual_mailbox_base =\n",  # as the default
        "mydestination = ${x}\nmynetworks = $mynetworks_style\n",
        "smtpd_milters = { inet:b:2, connect_timeout = 5s }\nsmtpd_banner = {\n",
        "smtpd_client_restrictions = check_client_access inline:{ {a=b} }\n",
        "message_size_limit = $my_limit\nmy_limit = 5\n",
        "process_name = $\n",
        "forward_path = ${home\n",  # RAW: expanded later, or never
    ],
)
def test_a_value_that_postfix_takes(main: str) -> None:
    assert bad(main) == []


def test_what_only_the_host_knows_is_no_finding() -> None:
    assert bad("smtpd_timeout = $mynetworks\nbiff = $myhostname\n") == []


def test_what_counts_is_what_the_program_reads() -> None:
    master = (
        "smtp inet n - n - - smtpd\n -o limit=5\nsubmission inet n - n - - smtpd\n -o smtpd_timeout=5.5\n"
    )
    assert (
        bad("smtpd_recipient_limit = $limit\n", master.splitlines(keepends=True)[0] + " -o limit=5\n") == []
    )
    (at_main, at_service) = bad("smtpd_recipient_limit = $limit\n", master)
    assert (at_main.key, at_main.name) == (None, "smtpd_recipient_limit")
    assert (at_service.key, at_service.text, at_service.readers) == ("submission/inet", "5.5", ("smtpd",))
    assert (at_service.span.line, at_service.span.column) == (4, 19)


def test_a_value_that_no_program_here_reads() -> None:
    (found,) = bad("virtual_minimum_uid = x\n")
    assert (found.is_read, found.readers) == (False, ())
    (found,) = bad("virtual_minimum_uid = x\n", None)
    assert found.is_read
    (found,) = bad("", "cleanup unix n - n - 0 cleanup -o smtpd_timeout=x\n")
    assert not found.is_read
    (found,) = bad("smtpd_timeout = x\n", "smtp inet n - n - - smtpd -o smtpd_timeout=5\n")
    assert not found.is_read
    (found,) = bad("smtpd_milters = {\n", "pickup unix n - n 60 1 pickup\n")
    assert not found.is_read


def test_a_value_that_every_program_reads() -> None:
    (found,) = bad("relayhost = ${x\n", "cleanup unix n - n - 0 cleanup\n")
    assert (found.is_read, found.is_shared) == (True, True)


def test_bounds_and_kinds_are_those_of_the_release() -> None:
    assert bad("smtpd_forbid_bare_newline = normalize\n", release="3.7.9")[0].expected == "yes or no"
    assert bad("smtpd_forbid_bare_newline = normalize\n") == []
    assert bad("smtpd_tls_auth_only = x\n", release="2.6.0") != []
    assert bad("smtpd_reject_footer_maps =\nsmtp_tls_enforce_sts_mx_patterns = x\n") == []


_HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("${}()?:=#\0\r\n\t ,\"'0159smhdwkKMG<>"), st.characters(), st.just("\udc80")
    ),
    max_size=30,
)
_PARAMETERS = st.sampled_from(sorted(catalogue().parameters))


@given(st.lists(st.tuples(_PARAMETERS, _HOSTILE), max_size=4), _HOSTILE)
def test_no_text_is_too_odd(lines: list[tuple[str, str]], option: str) -> None:
    main = "".join(f"{name} = {value}\n" for name, value in lines)
    for found in bad(main, f"{MASTER} -o {{ smtpd_timeout = {option} }}\n"):
        assert found.expected
        assert not set(found.correction) - set("0123456789smhdwyeno")


@pytest.mark.parametrize(
    "text", ["9" * 100_000, "{" * 100_000, "$" * 100_000, "${x?" * 25_000, " ," * 50_000 + "a"]
)
@pytest.mark.parametrize(
    "name", ["smtpd_timeout", "message_size_limit", "biff", "smtpd_milters", "relayhost"]
)
def test_a_value_of_100_kb_is_read(name: str, text: str) -> None:
    assert len(bad(f"{name} = {text}\n")) <= 1
