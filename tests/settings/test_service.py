from collections.abc import Callable

import pytest

from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import INT_MAX

Make = Callable[..., Instance]


def only(instance: Instance) -> Service:
    (service,) = instance.services
    return service


@pytest.mark.parametrize(
    ("main", "entry", "public"),
    [
        ("", "smtp inet n - n - - smtpd", True),
        ("", "127.0.0.1:10025 inet n - n - - smtpd", False),
        ("", "[::1]:10025 inet n - n - - smtpd", False),
        ("", "localhost:10025 inet n - n - - smtpd", False),
        ("", "0.0.0.0:25 inet n - n - - smtpd", True),
        ("", "mx.example.com:25 inet n - n - - smtpd", True),
        ("", ":26 inet n - n - - smtpd", True),
        ("", "smtp pass - - n - - smtpd", True),
        ("", "smtp unix - - n - - smtp", False),
        ("inet_interfaces = loopback-only", "smtp inet n - n - - smtpd", False),
        ("inet_interfaces = 127.0.0.1, [::1]", "smtp inet n - n - - smtpd", False),
        ("inet_interfaces = 127.0.0.1, 192.0.2.1", "smtp inet n - n - - smtpd", True),
        ("inet_interfaces = $myhostname, localhost", "smtp inet n - n - - smtpd", True),
        ("inet_interfaces = ${broken", "smtp inet n - n - - smtpd", True),
        # master(8) opens the socket and does not look at the options of the service
        ("", "smtp inet n - n - - smtpd -o inet_interfaces=127.0.0.1", True),
    ],
)
def test_a_service_is_public_if_it_listens_beyond_loopback(
    make: Make, main: str, entry: str, *, public: bool
) -> None:
    assert only(make(main + "\n", entry + "\n")).is_public is public


@pytest.mark.parametrize(
    ("main", "field", "limit", "explicit"),
    [
        ("", "-", 100, False),
        ("default_process_limit = 250", "-", 250, False),
        ("default_process_limit = many", "-", 100, False),
        ("default_process_limit = 250", "20", 20, True),
        ("", "0", 0, True),
        ("", "9" * 5000, INT_MAX, True),
    ],
)
def test_the_process_limit_is_the_field_or_the_default(
    make: Make, main: str, field: str, limit: int, *, explicit: bool
) -> None:
    service = only(make(main + "\n", f"smtp inet n - n - {field} smtpd\n"))
    assert (service.process_limit, service.explicit_process_limit) == (limit, explicit)


@pytest.mark.parametrize(("field", "stressable"), [("-", True), ("2", True), ("1", False), ("0", False)])
def test_only_a_limit_above_one_can_bring_stress(make: Make, field: str, *, stressable: bool) -> None:
    assert only(make("", f"smtp inet n - n - {field} smtpd\n")).is_stressable is stressable


@pytest.mark.parametrize(
    ("entry", "submission"),
    [
        ("smtp inet n - n - - smtpd", False),
        ("submission inet n - n - - smtpd", True),
        ("192.0.2.1:587 inet n - n - - smtpd", True),
        ("[2001:db8::1]:submissions inet n - n - - smtpd", True),
        ("10465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes", True),
        ("465 inet n - n - - postscreen", False),
    ],
)
def test_submission_is_told_by_port_or_wrapper_mode(make: Make, entry: str, *, submission: bool) -> None:
    assert only(make("", entry + "\n")).is_submission is submission


@pytest.mark.parametrize(
    ("main", "entry", "tag"),
    [
        ("", "smtp inet n - n - - smtpd", "postfix/smtpd"),
        ("", "submission inet n - n - - smtpd -o syslog_name=postfix/submission", "postfix/submission/smtpd"),
        ("multi_instance_name = postfix-out", "smtp unix - - n - - smtp", "postfix-out/smtp"),
        (
            "multi_instance_name = postfix-out",
            "587 inet n - n - - smtpd -o syslog_name=$multi_instance_name/$service_name",
            "postfix-out/587/smtpd",
        ),
        ("syslog_name = mail", "x unix - - n - - /usr/lib/postfix/lmtp", "mail/lmtp"),
    ],
)
def test_processes_log_under_the_syslog_name_and_their_own(
    make: Make, main: str, entry: str, tag: str
) -> None:
    assert only(make(main + "\n", entry + "\n")).program_tag == tag


def test_programs_are_told_apart(make: Make) -> None:
    instance = make(
        "", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\nx unix - - n - - smtpd\n"
    )
    assert [service.is_postscreen for service in instance.services] == [True, False, False]
    assert [service.is_smtp_server for service in instance.services] == [False, True, False]
    assert [service.key for service in instance.services] == ["smtp/inet", "smtpd/pass", "x/unix"]
    first = instance.services[0]
    assert (first.name, first.type, first.command, str(first.span)) == (
        "smtp",
        "inet",
        "postscreen",
        "etc/master.cf:1:1",
    )


def test_of_one_name_and_type_the_last_entry_wins(make: Make) -> None:
    master = "smtp inet n - n - 10 smtpd\nsmtp unix - - n - - smtp\nsmtp inet n - n - 20 smtpd\n"
    instance = make("", master)
    assert [service.key for service in instance.services] == ["smtp/unix", "smtp/inet"]
    smtp = instance.service("smtp/inet")
    assert smtp is not None
    assert smtp.process_limit == 20
    assert instance.service("smtps/inet") is None


def test_without_master_cf_there_are_no_services(make: Make) -> None:
    assert make("").services == ()


@pytest.mark.parametrize(
    ("disabled", "left"),
    [
        ("", ["smtp/inet", "587/inet", "smtp/unix"]),
        ("inet", ["smtp/unix"]),
        ("INET", ["smtp/unix"]),
        ("smtp/inet", ["587/inet", "smtp/unix"]),
        ("smtp.inet", ["587/inet", "smtp/unix"]),
        ("!smtp/inet, inet", ["smtp/inet", "smtp/unix"]),
        ("25/inet", ["smtp/inet", "587/inet", "smtp/unix"]),
        ("all", ["smtp/inet", "587/inet", "smtp/unix"]),
    ],
)
def test_disabled_services_do_not_run(make: Make, disabled: str, left: list[str]) -> None:
    master = "smtp inet n - n - - smtpd\n587 inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"
    instance = make(f"master_service_disable = {disabled}\n", master)
    assert [service.key for service in instance.services] == left


def test_a_port_by_name_and_by_number_is_one_service(make: Make) -> None:
    master = "smtp inet n - n - - smtpd\n25 inet n - n - - smtpd -v\n127.0.0.1:25 inet n - n - - smtpd\n"
    assert [each.key for each in make("", master).services] == ["25/inet", "127.0.0.1:25/inet"]


@pytest.mark.parametrize(
    ("port", "is_submission"), [("smtp", False), ("25", False), ("2465", True), ("465", True)]
)
def test_port_25_is_for_servers_whatever_its_tls(make: Make, port: str, *, is_submission: bool) -> None:
    service = only(make("smtpd_tls_wrappermode = yes\n", f"{port} inet n - n - - smtpd\n"))
    assert service.is_submission is is_submission
