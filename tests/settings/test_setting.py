"""Given this main.cf and this master.cf, that value."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.settings.catalogue import Kind
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release
from advisor.settings.setting import Default, MainCfLine, ServiceOverride
from advisor.settings.values import BadValue
from advisor.syntax.source import SourceFile

Make = Callable[..., Instance]

MASTER = """\
smtp inet n - y - 50 smtpd
  -o smtpd_timeout=20s
  -o smtpd_timeout=30s
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
"""


def test_the_default_of_the_release_counts_where_nothing_is_written(make: Make) -> None:
    setting = make().setting("queue_run_delay")
    assert (setting.text, setting.normal, setting.origin) == ("300s", "300s", Default(NEWEST))
    assert setting.is_default
    assert setting.known
    assert setting.seconds() == 300
    assert setting.shadowed == ()


def test_the_last_line_of_main_cf_wins_and_shadows_the_others(make: Make) -> None:
    setting = make("smtpd_timeout = 1s\nsmtpd_timeout = 2s\n").setting("smtpd_timeout")
    assert setting.text == "2s"
    assert isinstance(setting.origin, MainCfLine)
    assert str(setting.origin.span) == "etc/main.cf:2:1"
    assert [(loser.text, type(loser.origin)) for loser in setting.shadowed] == [("1s", MainCfLine)]


def test_the_last_override_of_the_service_wins_over_main_cf(make: Make) -> None:
    instance = make("smtpd_timeout = 1m\n", MASTER)
    smtp = instance.service("smtp/inet")
    setting = instance.setting("smtpd_timeout", smtp)
    assert setting.seconds() == 30
    assert isinstance(setting.origin, ServiceOverride)
    assert setting.origin.service == "smtp/inet"
    assert str(setting.origin.span) == "etc/master.cf:3:6"
    assert [loser.text for loser in setting.shadowed] == ["20s", "1m"]
    assert instance.setting("smtpd_timeout", instance.service("submission/inet")).seconds() == 60
    assert instance.setting("smtpd_timeout").seconds() == 60


def test_the_text_is_what_postconf_prints(make: Make) -> None:
    setting = make("smtpd_banner = hello   world\n\t there\n").setting("smtpd_banner")
    assert setting.text == "hello world there"


def test_values_are_a_pair_in_normal_times_and_under_stress(make: Make) -> None:
    instance = make("", MASTER)
    setting = instance.setting("smtpd_timeout", instance.service("submission/inet"))
    assert (setting.text, setting.normal, setting.stress) == ("${stress?{10}:{300}}s", "300s", "10s")
    assert (setting.seconds(), setting.seconds(stress=True)) == (300, 10)


@pytest.mark.parametrize(
    ("main", "service", "normal", "stress"),
    [
        ("", "smtp inet n - y - - smtpd", "", "yes"),
        ("", "smtp inet n - y - 1 smtpd", "", ""),
        ("", "smtp inet n - y - 0 smtpd", "", ""),
        ("", "127.0.0.1:smtp inet n - y - - smtpd", "", ""),
        ("stress = yes", "smtp inet n - y - - smtpd", "", "yes"),
        ("stress = yes", "smtp inet n - y - 1 smtpd", "yes", "yes"),
        ("", "smtp inet n - y - - smtpd -o stress=", "", ""),
        ("", "smtp inet n - y - - smtpd -o stress=yes", "yes", "yes"),
    ],
)
def test_only_public_services_are_stressed_unless_someone_says_so(
    make: Make, main: str, service: str, normal: str, stress: str
) -> None:
    instance = make(main + "\n", service + "\n")
    setting = instance.setting("stress", instance.services[0])
    assert (setting.normal, setting.stress) == (normal, stress)
    timeout = instance.setting("smtpd_timeout", instance.services[0])
    assert (timeout.normal, timeout.stress) == ("10s" if normal else "300s", "10s" if stress else "300s")


def test_without_a_service_stress_is_what_a_public_one_would_see(make: Make) -> None:
    assert make().setting("smtpd_timeout").seconds(stress=True) == 10
    assert make("stress = yes\n").setting("smtpd_timeout").seconds() == 10


def test_overrides_of_a_service_see_each_other_and_main_cf(make: Make) -> None:
    instance = make("mine = main\n", "a inet n - y - - smtpd -o x=$y -o y=$mine,$service_name\n")
    assert instance.setting("x", instance.services[0]).normal == "main,a"
    assert not instance.setting("x").exists


def test_what_only_the_host_knows_stays_in_the_text(make: Make) -> None:
    instance = make()
    setting = instance.setting("smtpd_banner")
    assert setting.normal == "$myhostname ESMTP $mail_name"[:11] + " ESMTP Postfix"
    assert not setting.known
    assert setting.unknown == {"myhostname"}
    assert isinstance(setting.value(), BadValue)
    assert instance.setting("mydestination").items() == (
        "$myhostname",
        "localhost.$mydomain",
        "localhost",
    )
    host = instance.setting("myhostname")
    assert (host.text, host.normal, host.known, host.exists) == ("", "", False, True)


@pytest.mark.parametrize(
    ("host", "domain"),
    [("mail.example.com", "example.com"), ("mail", "localdomain"), ("mail.$mydomain", "")],
)
def test_the_domain_follows_from_a_host_name_in_main_cf(make: Make, host: str, domain: str) -> None:
    setting = make(f"myhostname = {host}\n").setting("mydomain")
    assert (setting.normal, setting.known) == (domain, True)


def test_the_version_is_the_release(make: Make) -> None:
    assert make(release=Release(3, 7, 11)).setting("mail_version").normal == "3.7.11"


def test_a_name_the_release_does_not_have_does_not_exist(make: Make) -> None:
    setting = make(release=Release(3, 6, 5)).setting("smtpd_forbid_bare_newline")
    assert (setting.exists, setting.known, setting.text) == (False, False, "")
    assert setting.parameter is not None
    assert isinstance(setting.items(), BadValue)
    assert (
        make("smtpd_forbid_bare_newline = yes\n", release=Release(3, 6, 5))
        .setting("smtpd_forbid_bare_newline")
        .exists
    )


def test_a_name_nobody_knows_has_no_parameter(make: Make) -> None:
    setting = make().setting("no_such_name")
    assert (setting.exists, setting.parameter, setting.text) == (False, None, "")


@pytest.mark.parametrize("value", ["$mydestination x", "${broken", "${{a} ? {b}}", "100$"])
def test_broken_macros_say_so_and_the_rest_still_works(make: Make, value: str) -> None:
    instance = make(f"mydestination = {value}\nsmtpd_timeout = 7s\n")
    setting = instance.setting("mydestination")
    assert setting.problem is not None
    assert (setting.normal, setting.stress, setting.text) == (value, value, value)
    assert setting.items() == setting.value() == setting.problem
    assert instance.setting("smtpd_timeout").seconds() == 7


def test_raw_parameters_are_not_expanded(make: Make) -> None:
    setting = make("default_rbl_reply = $rbl_code ${broken\n").setting("default_rbl_reply")
    assert setting.parameter is not None
    assert setting.parameter.kind(NEWEST) is Kind.RAW
    assert setting.normal == "$rbl_code ${broken"
    assert setting.problem is None


def test_a_time_without_a_letter_is_in_the_unit_of_its_default(make: Make) -> None:
    instance = make("maximal_queue_lifetime = 2\nsmtpd_timeout = 40\n")
    assert instance.setting("maximal_queue_lifetime").seconds() == 172_800
    assert instance.setting("smtpd_timeout").seconds() == 40


def test_a_time_may_take_its_unit_from_another_parameter(make: Make) -> None:
    main = "smtpd_tls_session_cache_timeout = 2h\ntlsproxy_tls_session_cache_timeout = 3\n"
    old = make(main, release=Release(2, 10, 0)).setting("tlsproxy_tls_session_cache_timeout")
    assert old.seconds() == 3 * 3600


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("default_process_limit = 0", "at least 1"),
        ("default_process_limit = 100x", "a whole number"),
        ("bounce_queue_lifetime = 200d", "at most 100d"),
        ("smtpd_timeout = 5q", "a time"),
        ("biff = maybe", "yes or no"),
    ],
)
def test_a_value_that_postfix_refuses_says_what_it_expects(make: Make, line: str, expected: str) -> None:
    setting = make(line + "\n").setting(line.split(" ", maxsplit=1)[0])
    kind = setting.parameter and setting.parameter.kind(NEWEST)
    reader = {Kind.TIME: setting.seconds, Kind.BOOL: setting.boolean}.get(kind or Kind.INT, setting.number)
    value = reader()
    assert isinstance(value, BadValue)
    assert expected in value.expected


def test_a_long_number_may_be_longer(make: Make) -> None:
    instance = make("message_size_limit = 5000000000\ndefault_process_limit = 5000000000\n")
    assert instance.setting("message_size_limit").number() == 5_000_000_000
    assert isinstance(instance.setting("default_process_limit").number(), BadValue)


def test_parameters_named_after_a_service_take_the_common_value(make: Make) -> None:
    main = "default_destination_concurrency_limit = 7\n"
    instance = make(main, "slow unix - - n - - smtp\n")
    setting = instance.setting("slow_destination_concurrency_limit")
    assert (setting.number(), setting.text) == (7, "$default_destination_concurrency_limit")
    assert not instance.setting("fast_destination_concurrency_limit").exists


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_pair_of_files_is_a_traceback(main: str, master: str) -> None:
    instance = Instance.of(
        SourceFile("main.cf", f"x = {main}\n{main}\nsmtpd_timeout = ${{x?{main}}}\n"),
        SourceFile("master.cf", f"smtp inet n - n - - smtpd -o x={master}\n{master}\n"),
        NEWEST,
        "a test",
    )
    for service in (None, *instance.services):
        for name in ("x", "smtpd_timeout", "stress", "mydestination"):
            setting = instance.setting(name, service)
            setting.seconds(), setting.number(), setting.boolean(), setting.items(stress=True)
    instance.unused(), instance.undefined()
