"""The private form of a configuration: what is replaced, and that nothing outside is asked."""

import re

from hypothesis import given
from hypothesis import strategies as st

from advisor.rehearsal.scene import Role
from advisor.rehearsal.stage_values import Delays
from advisor.rehearsal.staging import TimeLimit
from tests.rehearsal.staged import MASTER, again, staged

OUTSIDE = re.compile(
    r"unix:|local:|mysql:|ldap:|tcp:|socketmap:|inet:(?!127\.0\.0\.1:\d)|192\.0\.2\.[^2]|/var/|db\.example"
)
ENDPOINTS = st.sampled_from(
    [
        "unix:/var/run/p.sock",
        "unix:private/policy",
        "inet:192.0.2.9:10031",
        "inet:db.example:10031",
        "local:/run/m",
    ]
)
TABLES = st.sampled_from(
    [
        "mysql:/etc/postfix/m.cf",
        "hash:/var/lib/t",
        "proxy:ldap:/etc/postfix/l.cf",
        "tcp:192.0.2.9:10",
        "socketmap:unix:/var/run/s:x",
        "unionmap:{mysql:/a, static:OK}",
        "cidr:/var/lib/c",
        "static:OK",
    ]
)


@st.composite
def restrictions(draw: st.DrawFn) -> str:
    words = []
    for kind in draw(st.lists(st.sampled_from(("policy", "braces", "table", "bare", "plain")), max_size=5)):
        endpoint, table = draw(ENDPOINTS), draw(TABLES)
        words += {
            "policy": ["check_policy_service", endpoint],
            "braces": ["check_policy_service", f"{{ {endpoint}, timeout=10s, default_action=DUNNO }}"],
            "table": ["check_client_access", table],
            "bare": [table],
            "plain": ["permit_mynetworks"],
        }[kind]
    return draw(st.sampled_from((" ", ", "))).join(words)


@given(
    restrictions(),
    st.lists(ENDPOINTS, max_size=3),
    st.lists(TABLES, max_size=3),
    ENDPOINTS,
    st.sampled_from(("$mine", "${mine}", "${stress?{$mine}:{$mine}}")),
)
def test_nothing_outside_is_asked(
    words: str, milters: list[str], tables: list[str], filter_: str, reference: str
) -> None:
    main = (
        f"mine = {words}\nsmtpd_client_restrictions = {words}\nsmtpd_helo_restrictions = {reference}\n"
        f"smtpd_milters = {', '.join(milters)}\nnon_smtpd_milters = {' '.join(milters)}\n"
        f"virtual_alias_maps = {', '.join(tables)}\nmy_tables = {' '.join(tables)}\n"
        f"canonical_maps = $my_tables\nrelay_domains = {' '.join(tables)}\nrelayhost = [192.0.2.9]\n"
        f"content_filter = smtp:[192.0.2.9]:10025\nsmtpd_sasl_path = /var/run/auth\n"
    )
    options = f"  -o {{ smtpd_sender_restrictions = {words} }}\n  -o smtpd_proxy_filter={filter_}\n"
    master = (
        f"192.0.2.9:smtp inet n - y - 10 smtpd\n{options}"
        "policy unix - n n - 3 spawn user=nobody argv=/var/lib/policy\n"
        "mail unix - n n - - pipe argv=/var/lib/deliver\n"
        "192.0.2.9:10031 inet n n n - 5 spawn argv=/var/lib/filter\n"
    )
    found = staged(main, master)
    text = found.files["main.cf"] + found.files["master.cf"]
    assert not OUTSIDE.search(text), text
    assert set(found.files) == {"main.cf", "master.cf"}
    ports = [each.port for each in found.stand_ins]
    assert len(set(ports)) == len(ports)


def test_what_the_log_has_of_a_policy_service_is_what_its_stand_in_does() -> None:
    main = "smtpd_recipient_restrictions = check_policy_service unix:private/policy, permit\n"
    master = f"{MASTER}policy unix - n n - 3 spawn user=nobody argv=/usr/local/bin/policy\n"
    found = staged(main, master, delays=Delays(policy=2.0))
    (policy,) = (each for each in found.stand_ins if each.role is Role.POLICY)
    assert (policy.seconds, policy.workers) == (2.0, 3)
    asked = again(found).setting("smtpd_recipient_restrictions").normal
    assert asked.startswith(f"check_policy_service inet:127.0.0.1:{policy.port}")
    assert any("unix:private/policy" in note and "after 2 s, 3 at a time" in note for note in found.notes)


def test_a_milter_keeps_its_options() -> None:
    found = staged("smtpd_milters = { inet:mail.example:8891, connect_timeout=10s }, unix:/run/m\n")
    first, second = (each.port for each in found.stand_ins if each.role is Role.MILTER)
    value = again(found).setting("smtpd_milters").normal
    assert value == f"{{ inet:127.0.0.1:{first}, connect_timeout=10s }}, inet:127.0.0.1:{second}"


def test_a_given_table_is_copied_as_text() -> None:
    found = staged(
        "smtpd_client_restrictions = check_client_access hash:/etc/postfix/access\n",
        tables={"access": "a OK\n"},
    )
    (place,) = (name for name in found.files if name.startswith("tables/"))
    assert found.files[place] == "a OK\n"
    value = again(found).setting("smtpd_client_restrictions").normal
    assert value == f"check_client_access texthash:/run/rehearsal/etc/{place}"
    assert not any("access" in note for note in found.notes)


def test_two_tables_of_one_name_are_two_copies() -> None:
    of = "virtual_alias_maps = regexp:/etc/postfix/a/t, regexp:/etc/postfix/b/t\n"
    found = staged(of, tables={"a/t": "/a/ b\n", "b/t": "/c/ d\n"})
    assert sorted(found.files.values())[:2] == ["/a/ b\n", "/c/ d\n"]


def test_a_table_that_is_not_to_be_had_refuses_nobody_and_changes_nothing() -> None:
    found = staged(
        "smtpd_client_restrictions = check_client_access hash:/nowhere/access\n"
        "virtual_mailbox_maps = mysql:/etc/postfix/users.cf\ncanonical_maps = hash:/nowhere/canonical\n"
    )
    of = again(found)
    assert of.setting("smtpd_client_restrictions").normal == "check_client_access static:DUNNO"
    assert of.setting("virtual_mailbox_maps").normal == "static:OK"
    assert of.setting("canonical_maps").normal == ""
    assert sum("not to be had here" in note for note in found.notes) == 3


def test_limits_and_conditions_stay_as_they_are() -> None:
    main = "smtpd_timeout = ${stress?{10}:{30}}s\nsmtpd_client_connection_count_limit = 7\n"
    of = again(staged(main))
    assert of.setting("smtpd_timeout").text == "${stress?{10}:{30}}s"
    assert of.setting("smtpd_client_connection_count_limit").number() == 7
    assert [each.process_limit for each in of.services if each.is_smtp_server] == [10]


def test_a_time_limit_of_the_rehearsal_counts_for_the_service_too() -> None:
    master = "smtp inet n - n - 10 smtpd -o smtpd_timeout=60s\n"
    of = again(staged("smtpd_timeout = 300s\n", master, timeout=TimeLimit(12, 2)))
    setting = of.setting("smtpd_timeout", of.service("smtp/inet"))
    assert (setting.seconds(), setting.seconds(stress=True)) == (12, 2)


def test_a_server_behind_postscreen_takes_clients_itself() -> None:
    master = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - 20 smtpd\ndnsblog unix - - n - 0 dnsblog\n"
    found = staged("", master)
    (server,) = (each for each in again(found).services if each.is_smtp_server)
    assert (server.key, server.process_limit, found.port) == ("192.0.2.25:25/inet", 20, 25)


def test_two_listeners_on_addresses_of_the_host_become_one() -> None:
    places = {"192.0.2.1:25": 5, "192.0.2.2:25": 7, "127.0.0.1:25": 9}
    master = "".join(f"{place} inet n - n - {limit} smtpd\n" for place, limit in places.items())
    found = staged("", master, service="192.0.2.2:25/inet")
    servers = {each.name: each.process_limit for each in again(found).services if each.is_smtp_server}
    assert servers == {"192.0.2.25:25": 7, "127.0.0.1:25": 9}


def test_deliveries_are_discarded_and_programs_are_not_run() -> None:
    master = (
        f"{MASTER}smtp unix - - n - - smtp\nx unix - n n - - pipe argv=/bin/x\n"
        "filter unix - n n - 10 spawn argv=/bin/y\n"
    )
    found = staged("mailbox_command = /usr/bin/procmail\n", master)
    programs = {each.key: each.command for each in again(found).services}
    assert (programs["smtp/unix"], programs["x/unix"]) == ("discard", "discard")
    assert "filter/unix" not in programs
    assert "procmail" not in found.files["main.cf"]


def test_users_of_a_submission_service_need_not_log_in() -> None:
    main = "smtpd_relay_restrictions = permit_sasl_authenticated, reject\nsmtpd_sasl_auth_enable = yes\n"
    found = staged(main, "submission inet n - n - - smtpd\n")
    assert again(found).setting("smtpd_relay_restrictions").normal == "check_client_access static:OK reject"
    assert found.port == 587
    assert any("no logins" in note for note in found.notes)


def test_bytes_that_are_no_text_stay_what_they_are() -> None:
    found = staged("smtpd_banner = \udce9t\udce9\n")
    assert "\udce9t\udce9" in found.files["main.cf"]
