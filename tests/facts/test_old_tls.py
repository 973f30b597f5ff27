"""Old names of TLS: what they mean, and that today's names mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from advisor.engine.judge import judge
from advisor.engine.loader import load_rule
from advisor.facts.case import NO_LOG, Case
from advisor.facts.old_tls import OldParameters, old_tls_parameters, security_level
from advisor.facts.wanted import Assign, Remove, Wanted
from advisor.plan.plan import make_plan
from advisor.resources import resource_folder
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

RULE = load_rule(resource_folder("rules") / "upgrade" / "old-tls-parameter.toml")
MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n"
LMTP = "lmtp unix - - n - - lmtp\n"
USE, LEVEL = "smtpd_use_tls", "smtpd_tls_security_level"


def instance(main: str, master: str = MASTER, release: str = "3.7.11") -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), ""
    )


def found(main: str, master: str = MASTER, release: str = "3.7.11") -> tuple[OldParameters, ...]:
    return old_tls_parameters(Case(instance(main, master, release), NO_LOG))


@pytest.mark.parametrize(
    ("main", "changes"),
    [
        ("", ()),
        ("smtpd_use_tls = yes\n", (Assign(LEVEL, "may"), Remove(USE))),
        ("smtpd_use_tls = no\n", (Assign(LEVEL, "none"), Remove(USE))),
        ("smtpd_use_tls = yes\nsmtpd_tls_security_level = none\n", (Remove(USE),)),
        ("smtpd_use_tls = yes\nsmtpd_tls_security_level =\n", (Assign(LEVEL, "may"), Remove(USE))),
        ("smtpd_enforce_tls = yes\n", (Assign(LEVEL, "encrypt"), Remove("smtpd_enforce_tls"))),
        (
            "lmtp_enforce_tls = yes\n",
            (Assign("lmtp_tls_security_level", "verify"), Remove("lmtp_enforce_tls")),
        ),
        ("smtp_tls_enforce_peername = no\n", (Remove("smtp_tls_enforce_peername"),)),
        (
            "postscreen_use_tls = yes\n",
            (Assign("postscreen_tls_security_level", "may"), Remove("postscreen_use_tls")),
        ),
        (
            "tlsproxy_client_enforce_tls = yes\n",
            (Assign("tlsproxy_client_security_level", "encrypt"), Remove("tlsproxy_client_enforce_tls")),
        ),
        (
            "disable_dns_lookups = yes\n",
            (Assign("smtp_dns_support_level", "disabled"), Remove("disable_dns_lookups")),
        ),
        ("disable_dns_lookups = yes\nsmtp_dns_support_level = dnssec\n", (Remove("disable_dns_lookups"),)),
        # The value is no yes or no, or a site uses the name as a variable: hands off.
        ("smtpd_use_tls = maybe\n", ()),
        ("smtpd_use_tls = ${stress?{no}:{yes}}\n", ()),
        ("smtpd_use_tls = yes\nours = $smtpd_use_tls\n", ()),
    ],
)
def test_what_is_written_instead(main: str, changes: tuple[Wanted, ...]) -> None:
    (old,) = found(main)
    assert old.changes == changes
    assert not old.alters


def test_what_refers_to_another_level_is_not_written_out() -> None:
    main = (
        "smtpd_use_tls = yes\npostscreen_use_tls = $smtpd_use_tls\n"
        "postscreen_tls_security_level = $smtpd_tls_security_level\n"
    )
    (old,) = found(main)
    assert old.changes == (Assign(LEVEL, "may"), Remove("postscreen_use_tls"), Remove(USE))


def test_disabled_lookups_are_for_smtp_and_lmtp_alike() -> None:
    (old,) = found("disable_dns_lookups = yes\n", MASTER + LMTP + "  -o disable_dns_lookups=no\n")
    assert old.changes == (
        Assign("smtp_dns_support_level", "disabled"),
        Assign("lmtp_dns_support_level", "disabled"),
        Assign("lmtp_dns_support_level", "enabled", "lmtp/unix"),
        Remove("disable_dns_lookups"),
        Remove("disable_dns_lookups", "lmtp/unix"),
    )


def test_before_2_11_nothing_stands_for_disabled_lookups() -> None:
    (old,) = found("disable_dns_lookups = yes\n", release="2.10.0")
    assert old.changes == ()


@pytest.mark.parametrize(
    ("main", "meaning"),
    [
        ("smtpd_use_tls = yes\n", "smtpd_use_tls = yes means smtpd_tls_security_level = may"),
        (
            "smtpd_use_tls = yes\nsmtpd_enforce_tls = yes\n",
            "smtpd_use_tls = yes and smtpd_enforce_tls = yes mean smtpd_tls_security_level = encrypt",
        ),
        ("smtpd_use_tls = no\n", "smtpd_use_tls = no means smtpd_tls_security_level = none"),
        ("smtpd_enforce_tls = no\n", "smtpd_enforce_tls = no is the default"),
        (
            "smtpd_use_tls = yes\nsmtpd_tls_security_level = may\n",
            "smtpd_use_tls = yes has no effect beside smtpd_tls_security_level = may",
        ),
    ],
)
def test_the_meaning_in_words(main: str, meaning: str) -> None:
    assert found(main)[0].meaning == (meaning,)


@pytest.mark.parametrize(
    ("main", "is_weaker"),
    [
        ("smtpd_enforce_tls = yes\nsmtpd_tls_security_level = may\n", True),
        ("smtpd_enforce_tls = yes\nsmtpd_tls_security_level = encrypt\n", False),
        ("smtpd_use_tls = yes\nsmtpd_tls_security_level = none\n", False),
    ],
)
def test_a_dead_line_that_asks_for_more(main: str, is_weaker: bool) -> None:  # noqa: FBT001 - a table
    assert found(main)[0].is_weaker is is_weaker


@pytest.mark.parametrize(
    ("main", "names", "alters", "changes"),
    [
        ("smtpd_tls_dh1024_param_file = /x\n", "smtpd_tls_dh1024_param_file", True, 1),
        ("smtpd_tls_eecdh_grade = auto\n", "smtpd_tls_eecdh_grade", False, 1),
        ("smtp_tls_per_site = hash:x\n", "smtp_tls_per_site", True, 0),
        ("smtp_tls_per_site =\n", "smtp_tls_per_site", False, 1),
    ],
)
def test_names_that_nothing_replaces(main: str, names: str, alters: bool, changes: int) -> None:  # noqa: FBT001 - a table
    first, other = found(main, release="3.9.0")
    assert first.names == ()
    assert (other.names, other.alters, len(other.changes), other.warns) == ((names,), alters, changes, True)
    assert len(found(main, release="3.8.0")) == 1  # as long as nothing warns of it, it may stand


_PREFIX = st.sampled_from(["smtp", "smtpd"])
_LINE = st.one_of(
    st.tuples(_PREFIX, st.sampled_from(["_use_tls", "_enforce_tls"]), st.sampled_from(["yes", "no"])),
    st.tuples(_PREFIX, st.just("_tls_security_level"), st.sampled_from(["", "none", "may", "encrypt"])),
    st.tuples(st.just("smtp"), st.just("_tls_enforce_peername"), st.sampled_from(["yes", "no"])),
)


@given(
    main=st.lists(_LINE, max_size=6), server=st.lists(_LINE, max_size=3), client=st.lists(_LINE, max_size=3)
)
def test_today_s_names_mean_the_same(
    main: list[tuple[str, str, str]], server: list[tuple[str, str, str]], client: list[tuple[str, str, str]]
) -> None:
    """For every service, whatever main.cf and `-o` say: the level in force stays, and no old name does."""

    def options(lines: list[tuple[str, str, str]]) -> str:
        return "".join(f"  -o {prefix}{end}={value}\n" for prefix, end, value in lines)

    text = "".join(f"{prefix}{end} = {value}\n" for prefix, end, value in main)
    one, two = MASTER.splitlines(keepends=True)
    case = Case(instance(text, one + options(server) + two + options(client)), NO_LOG)
    release = Version("3.7.11")
    plan = make_plan(
        case.instance,
        judge([RULE], case, release),
        lambda behind: judge([RULE], case.behind(behind), release),
    )
    assert (plan.held_back, plan.conflicts) == ((), ())
    after = {patch.name: patch.after for patch in plan.patches}
    new = instance(
        after.get("main.cf", text), after.get("master.cf", one + options(server) + two + options(client))
    )
    for prefix, key in (("smtp", "smtp/unix"), ("smtpd", "smtp/inet")):
        for of in (None, key):
            levels = [security_level(each, prefix, each.service(of or "")) for each in (case.instance, new)]
            assert levels[0] == levels[1]
    assert "_use_tls" not in "".join(after.values())
    assert "_enforce" not in "".join(after.values())
