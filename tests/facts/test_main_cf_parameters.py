"""What may have been meant by a parameter that Postfix does not know."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.main_cf_parameters import MainCfParameter, main_cf_parameters
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile


def parameter(name: str) -> MainCfParameter:
    main = SourceFile("main.cf", f"{name} = x\n")
    master = SourceFile("master.cf", "smtp inet n - n - - smtpd\n")
    (found,) = main_cf_parameters(Case(Instance.of(main, master, Release.parse("3.7.11"), ""), NO_LOG))
    return found


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("mydistination", "mydestination"),
        ("append_dot_my_domain", "append_dot_mydomain"),
        ("smtpd_tsl_loglevel", "smtpd_tls_loglevel"),
        ("broken_sasl_atuh_clients", "broken_sasl_auth_clients"),
        ("timeout_smtpd", "smtpd_timeout"),
        ("bif", "biff"),
        ("colour", ""),
        ("favourite_colour", ""),
    ],
)
def test_suggestions(name: str, meant: str) -> None:
    assert (parameter(name).is_used, parameter(name).suggestion) == (False, meant)


def test_a_patch_and_a_missing_service_are_named() -> None:
    assert parameter("virtual_maildir_extended").patch == "the VDA quota patch"
    assert parameter("policy-spf_time_limit").service == "policy-spf"
