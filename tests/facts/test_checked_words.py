"""The words that Postfix refuses or does not heed: which, where, and what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts.case import NO_LOG, Case
from advisor.facts.checked_words import CheckedWord, checked_words
from advisor.settings.catalogue import catalogue
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.vocabulary import vocabulary
from advisor.syntax.source import SourceFile

MASTER = """smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
relay unix - - n - - smtp
local unix - n n - - local
postscreen pass - - n - 1 postscreen
"""


def wrong(
    main: str, master: str | None = MASTER, release: str = "3.7.11", types: frozenset[str] | None = None
) -> list[CheckedWord]:
    of = Instance.of(
        SourceFile("main.cf", main),
        None if master is None else SourceFile("master.cf", master),
        Release.parse(release),
        "",
        host=Host(table_types=types),
    )
    return [each for each in checked_words(Case(of, NO_LOG)) if each.expected]


@pytest.mark.parametrize(
    ("main", "word", "meant"),
    [
        ("smtpd_tls_security_level = yes\n", "yes", ""),
        ("smtpd_tls_security_level = encrpyt\n", "encrpyt", "encrypt"),
        ("smtpd_tls_ciphers = hihg\n", "hihg", "high"),
        ("smtpd_tls_mandatory_protocols = !SSLv2, TLS1.2\n", "TLS1.2", ""),
        ("smtp_tls_protocols = ! SSLv3\n", "!", ""),
        ("notify_classes = resource, softwar\n", "softwar", "software"),
        ("notify_classes = Resource\n", "Resource", "resource"),
        ("receive_override_options = no_milter\n", "no_milter", "no_milters"),
        ("inet_protocols = ipv4, IPv6\n", "IPv6", "ipv6"),
        ("syslog_facility = local9\n", "local9", ""),
        ("mynetworks_style = hosts\n", "hosts", "host"),
        ("unknown_address_tempfail_action = reject\n", "reject", ""),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovcot\n", "dovcot", "dovecot"),
        ("smtp_dns_support_level = dnsec\n", "dnsec", "dnssec"),
        ("smtp_host_lookup = dns, nativ\n", "nativ", "native"),
        ("postscreen_greet_action = enforced\n", "enforced", "enforce"),
        ("masquerade_classes = header_senders\n", "header_senders", "header_sender"),
        ("mailbox_delivery_lock = flok\n", "flok", "flock"),
        ("milter_default_action = acept\n", "acept", "accept"),
        ("virtual_alias_maps = /etc/postfix/virtual\n", "/etc/postfix/virtual", ""),
        ("virtual_alias_maps = hsh:/x\n", "hsh", "hash"),
        ("canonical_maps = proxy:msql:/x\n", "msql", "mysql"),
        ("relay_domains = hahs:/x\n", "hahs", "hash"),
        ("smtpd_authorized_xclient_hosts = 10.0.0.1/8\n", "10.0.0.1/8", ""),
        ("debug_peer_list = 2001:db8::/32\n", "2001:db8::/32", "[2001:db8::]/32"),
        ("debug_peer_list = ::1\n", "::1", "[::1]"),
        ("debug_peer_list = x:y\n", "x", ""),
        ("smtpd_milters = inet:localhost\n", "inet:localhost", ""),
        ("smtpd_milters = { inet:8891@localhost, connect_timeout=5s }\n", "inet:8891@localhost", ""),
        ("non_smtpd_milters = tcp:localhost:8891\n", "tcp:localhost:8891", ""),
        ("smtpd_client_restrictions = permit_mynetwork\n", "permit_mynetwork", "permit_mynetworks"),
        ("smtpd_client_restrictions = check_client_access\n", "check_client_access", ""),
        ("smtpd_client_restrictions = check_client_access x, permit\n", "x", ""),
        ("smtpd_client_restrictions = check_client_access hahs:/x, permit\n", "hahs", "hash"),
        ("smtpd_client_restrictions = permit_mynetworks, reject_rbl_client\n", "reject_rbl_client", ""),
        ("smtpd_client_restrictions = hahs:/x\n", "hahs", "hash"),
        ("smtpd_client_restrictions = check_policy_service\n", "check_policy_service", ""),
        ("smtpd_client_restrictions = check_policy_service 127.0.0.1:10023\n", "127.0.0.1:10023", ""),
        ("smtpd_client_restrictions = check_policy_service { unix:, timeout=1s }\n", "unix:", ""),
        ("smtpd_milters = { unix:/x, connect_timeout = 5s }\n", "connect_timeout", ""),
        ("smtpd_milters = { unix:/x, conect_timeout=5s }\n", "conect_timeout=5s", ""),
        (
            "smtpd_client_restrictions = check_policy_service { unix:x, { time_out = 5s } }\n",
            "{ time_out = 5s }",
            "",
        ),
        ("smtpd_data_restrictions = hash:/x\n", "hash:/x", ""),
        (
            "smtpd_restriction_classes = strict\nstrict = rejct\nsmtpd_client_restrictions = strict\n",
            "rejct",
            "reject",
        ),
    ],
)
def test_a_word_that_postfix_refuses_or_does_not_heed(main: str, word: str, meant: str) -> None:
    (found,) = wrong(main)
    assert (found.text, found.meant) == (word, meant)
    line = main.splitlines()[found.span.line - 1]
    assert line[found.span.column - 1 : found.span.end_column - 1] == word


@pytest.mark.parametrize(
    "main",
    [
        "smtpd_tls_security_level = May\nsmtp_tls_security_level =\n",
        "smtpd_tls_mandatory_protocols = >=TLSv1.2, <=0304\nsmtp_tls_protocols = tlsv1.2:!sslv3 >= TLSv1\n",
        "mynetworks = 127.0.0.0/8\nmynetworks_style = hosts\n",  # nothing reads the style
        "smtpd_sasl_type = dovcot\n",  # … nor the type
        "smtpd_tls_security_level = $level\nlevel = yes\n",
        "virtual_alias_maps = $my_maps, ${x?{hash:/y}}, { hash:/x }\nmy_maps = hash:/x\n",
        "proxy_read_maps = x y\nvirtual_mailbox_lock = x\n",
        "canonical_maps = inline:{ {a = b} }, pcre:{{/a/ b}}, proxy:unix:passwd.byname\n",
        "mydestination = /etc/x, !a, [1.2.3.4], hash:/x, localhost\n",
        "debug_peer_list = 10.0.0.0/8, /x, [::1]/128, $mynetworks, hash:/x, example.com\n",
        "smtpd_milters = inet:[::1]:8891, unix:/x, { unix:y, { protocol = 6 } $more }\n",
        "smtpd_client_restrictions = Permit_Mynetworks, sleep 1, $more, reject_rbl_client a.b, hash:/x\n",
        "smtpd_client_restrictions = $more a.b, check_client_access $x, check_policy_service { unix:x }\n",
        "smtpd_client_restrictions = check_client_access inline:{a=b}, own\nown = reject\n",
        "smtpd_recipient_restrictions = check_relay_domains reject_maps_rbl\n",  # removed-restriction's
        "inet_protocols = all # both\n",
        "x = check_client_access\n",
    ],
)
def test_a_word_that_postfix_takes(main: str) -> None:
    assert wrong(main) == []


def test_what_is_known_depends_on_the_release() -> None:
    assert [each.text for each in wrong("smtpd_forbid_bare_newline = note\n")] == ["note"]
    assert wrong("smtpd_forbid_bare_newline = note\n", release="3.9.0") == []
    assert [each.text for each in wrong("smtp_tls_security_level = dane\n", release="2.10.0")] == ["dane"]
    assert [each.text for each in wrong("smtpd_tls_protocols = >=TLSv1\n", release="3.5.0")] == [">=TLSv1"]
    assert [each.text for each in wrong("canonical_maps = inline:{a=b}\n", release="2.11.0")] == ["inline"]
    restrictions = "smtpd_client_restrictions = check_sasl_access hash:/x\n"
    assert [each.text for each in wrong(restrictions, release="2.10.0")] == ["check_sasl_access"]


def test_the_types_that_were_told_count() -> None:
    assert [each.text for each in wrong("canonical_maps = ldap:x\n", types=frozenset({"hash"}))] == ["ldap"]
    assert wrong("canonical_maps = odd:x\n", types=frozenset({"odd"})) == []


def test_who_reads_a_value() -> None:
    (found,) = wrong("inet_protocols = x\n")
    assert (found.is_shared, found.does) == (True, "")
    (found,) = wrong("smtpd_tls_security_level = x\n")
    assert (found.is_shared, found.readers) == (False, ("postscreen", "smtpd"))
    assert wrong("smtpd_tls_security_level = x\n", "relay unix - - n - - smtp\n") == []
    assert (
        wrong("smtpd_tls_security_level = x\n", "smtp inet n - n - - smtpd -o smtpd_tls_security_level=may\n")
        == []
    )
    (found,) = wrong("smtpd_tls_security_level = x\n", None)
    assert found.readers == ()


def test_a_word_among_the_options_of_a_service() -> None:
    master = "smtp inet n - n - - smtpd\n  -o { smtpd_client_restrictions =\n   permit_mynetworks, rejct }\n"
    (found,) = wrong("", master)
    assert (found.key, found.text, found.span.line, found.span.column) == ("smtp/inet", "rejct", 3, 23)
    assert found.wanted == "permit_mynetworks, reject"
    (found,) = wrong("", "smtp inet n - n - - smtpd -o smtpd_tls_security_level=mya\n")
    assert (found.span.column, found.wanted) == (55, "may")


def test_a_word_on_a_later_line_behind_a_comment() -> None:
    (found,) = wrong("notify_classes = bounce,\n# softwar\n\tsoftwar, delay\n")
    assert (found.span.line, found.span.column, found.span.end_column) == (3, 2, 9)
    assert found.wanted.replace("\t", " ").split() == ["bounce,", "software,", "delay"] or found.wanted == ""


def test_a_value_with_several_slips_is_corrected_as_a_whole_or_not_at_all() -> None:
    one, other = wrong("notify_classes = bouncee softwar\n")
    assert one.wanted == other.wanted == "bounce software"
    assert {each.wanted for each in wrong("notify_classes = bouncee xyz\n")} == {""}


def test_every_parameter_of_the_words_is_one() -> None:
    names = [name for group in vocabulary().words for name in group.parameters]
    assert len(names) == len(set(names))
    assert {*names} <= catalogue().parameters.keys()
    switches = {switch for group in vocabulary().words for switch in (group.only_if, group.unless)} - {""}
    assert switches <= catalogue().parameters.keys()


_NAMES = st.sampled_from(
    [
        *(name for group in vocabulary().words for name in group.parameters),
        *("smtpd_milters", "smtpd_client_restrictions", "virtual_alias_maps", "debug_peer_list"),
        *("mydestination", "smtpd_tls_protocols", "smtpd_restriction_classes"),
    ]
)
_PIECES = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "$",
            "${x",
            ":",
            ",",
            " ",
            "\n ",
            "\n# c\n ",
            "\0",
            "::1",
            "/8",
            "check_client_access",
            "check_policy_service",
            "hash:",
            "yes",
            "!",
            ">=",
            "\udc80",
            "é",
            "#",
            "may",
            "\t",
            "reject",
        ]
    ),
    max_size=8,
).map("".join)


@given(st.lists(st.tuples(_NAMES, _PIECES), max_size=4), _PIECES)
def test_no_text_is_too_odd_and_the_place_is_the_word(lines: list[tuple[str, str]], option: str) -> None:
    main = "".join(f"{name} = {value}\n" for name, value in lines)
    master = f"{MASTER}x inet n - n - - smtpd\n -o {{ smtpd_client_restrictions = {option} }}\n"
    for found in wrong(main, master):
        source = SourceFile("", main if found.span.file == "main.cf" else master)
        starts = [0, *(index + 1 for index, letter in enumerate(source.text) if letter == "\n")]
        begin = starts[found.span.line - 1] + found.span.column - 1
        end = starts[found.span.end_line - 1] + found.span.end_column - 1
        written = source.text[begin:end]
        if "\n" not in written:
            assert written == found.text
