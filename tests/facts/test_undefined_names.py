"""Names that nothing defines: one finding a value or service, and what an empty list does to a service."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts.case import NO_LOG, Case
from advisor.facts.main_cf_parameters import main_cf_parameters
from advisor.facts.restriction_classes import RestrictionClasses, restriction_classes
from advisor.facts.undefined_names import ReferringPlace, referring_places
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SUBMISSION = "submission inet n - n - - smtpd\n"
SMTPD = "smtp inet n - n - - smtpd\n"


def case(main: str, master: str | None = SMTPD) -> Case:
    source = None if master is None else SourceFile("master.cf", master)
    return Case(Instance.of(SourceFile("main.cf", main), source, Release.parse("3.7.11"), ""), NO_LOG)


def places(main: str, master: str | None = SMTPD) -> list[ReferringPlace]:
    return [place for place in referring_places(case(main, master)) if place.names]


def test_a_typing_error_is_guessed() -> None:
    (place,) = places("relayhost = [$myhostnmae]\n")
    assert (place.key, place.names, place.parameters) == (None, ("myhostnmae",), ("relayhost",))
    assert place.suggestion == "myhostname"
    assert place.span.column == 13


@pytest.mark.parametrize(
    "main",
    [
        "relayhost = ${smarthost:[mx.example.org]}\n",
        "relayhost = ${smarthost?{$myhostname}}\n",
        "relayhost = $( smarthost ?x)\n",
        "favourite = $colour\n",  # nothing reads it, and unknown-parameter says so
        "relayhost = $smarthost\nsmarthost =\n",
        "smtpd_restriction_classes = nobody\n",  # another rule's
        "smtpd_banner = $$dollar\n",
    ],
)
def test_what_was_not_forgotten_is_no_finding(main: str) -> None:
    assert places(main) == []


def test_a_name_that_is_asked_for_and_used_was_forgotten() -> None:
    assert places("relayhost = ${smarthost?{$smarthost}}\n")[0].names == ("smarthost",)


def test_the_options_of_a_service_are_one_finding() -> None:
    options = "  -o smtpd_client_restrictions=$mua_a\n  -o syslog_name=postfix/x\n  -o relayhost=$b$mua_a\n"
    (place,) = places("", SUBMISSION + options)
    assert (place.key, place.names) == ("submission/inet", ("mua_a", "b"))
    assert place.parameters == ("smtpd_client_restrictions", "relayhost")
    assert (place.are_restrictions, place.are_empty, place.is_submission) == (False, True, True)


@pytest.mark.parametrize(
    ("main", "options", "refuses"),
    [
        ("", "", False),
        ("", "-o smtpd_relay_restrictions=permit_sasl_authenticated,reject", True),
        ("", "-o smtpd_recipient_restrictions=permit_mynetworks,reject", True),
        ("smtpd_relay_restrictions = reject_unauth_destination\n", "", False),
        ("smtpd_recipient_restrictions = reject\n", "-o smtpd_recipient_restrictions=$gone", False),
        ("smtpd_helo_restrictions = reject\n", "", False),
        ("smtpd_helo_restrictions = reject\nsmtpd_helo_required = yes\n", "", True),
        ("mine = permit_sasl_authenticated, reject\n", "-o smtpd_sender_restrictions=$mine", True),
    ],
)
def test_whether_the_service_still_refuses_strangers(main: str, options: str, *, refuses: bool) -> None:
    master = SUBMISSION + f"  -o smtpd_client_restrictions=$mua_a {options}\n"
    (place,) = places(main, master)
    assert place.refuses_strangers is refuses
    assert place.are_restrictions


def test_a_list_of_tables_is_only_a_list() -> None:
    assert places("proxy_read_maps = $gone $virtual_alias_maps\n")[0].are_tables


def classes(main: str, master: str | None = SMTPD) -> list[RestrictionClasses]:
    return [each for each in restriction_classes(case(main, master)) if each.undefined or each.unlisted]


USED = "smtpd_client_restrictions = strict\nstrict = reject\n"


@pytest.mark.parametrize(
    ("main", "master", "undefined", "unlisted", "wanted"),
    [
        ("smtpd_restriction_classes = a, b\nb = reject\n", SMTPD, ("a",), (), "a, b"),
        ("smtpd_restriction_classes = a\na =\n", SMTPD, ("a",), (), "a"),
        ("smtpd_restriction_classes = a\n", None, ("a",), (), "a"),
        (USED, SMTPD, (), ("strict",), "strict"),
        (USED, None, (), ("strict",), "strict"),
        ("smtpd_restriction_classes = a,\na = strict\n" + USED, SMTPD, (), ("strict",), "a, strict"),
        ("smtpd_restriction_classes = a b\na = b\nb = strict\n" + USED, SMTPD, (), ("strict",), "a b strict"),
        ("strict = reject\n", SMTPD + " -o smtpd_client_restrictions=strict\n", (), ("strict",), "strict"),
    ],
)
def test_classes(
    main: str, master: str | None, undefined: tuple[str, ...], unlisted: tuple[str, ...], wanted: str
) -> None:
    (found,) = classes(main, master)
    assert (found.key, found.undefined, found.unlisted, found.wanted) == (None, undefined, unlisted, wanted)


@pytest.mark.parametrize(
    ("main", "master"),
    [
        ("smtpd_restriction_classes = strict\n" + USED, SMTPD),
        ("smtpd_restriction_classes = a\n", "qmgr unix n - n 300 1 qmgr\n"),  # no smtpd to read it
        ("smtpd_client_restrictions = check_client_access strict\nstrict = hash:x\n", SMTPD),
        ("smtpd_client_restrictions = $strict\nstrict = reject\n", SMTPD),
        ("smtpd_client_restrictions = ${broken\nsmtpd_restriction_classes = ${broken\n", SMTPD),
        ("smtpd_restriction_classes = a\n", SMTPD + " -o a=reject\n"),
        ("smtpd_restriction_classes = mynetworks\n", SMTPD),  # only the host knows the value
    ],
)
def test_classes_that_are_all_right(main: str, master: str) -> None:
    assert classes(main, master) == []


def test_a_service_with_a_list_of_its_own() -> None:
    (found,) = classes(
        USED + "smtpd_restriction_classes = strict\n", SMTPD + " -o smtpd_restriction_classes=x\n"
    )
    assert (found.key, found.undefined, found.unlisted) == ("smtp/inet", ("x",), ("strict",))


def test_a_class_that_is_used_is_no_unknown_parameter() -> None:
    used = {each.name: each.is_used for each in main_cf_parameters(case(USED + "loose = reject\n"))}
    assert used == {"smtpd_client_restrictions": True, "strict": True, "loose": False}


_PIECES = st.sampled_from(
    [
        "$a",
        "${b}",
        "${a?{$b}:c}",
        "$(c",
        "a",
        "b",
        ",",
        " ",
        "{",
        "}",
        "\0",
        "\udc80",
        "$$",
        "reject",
        "\u2028",
    ]
)
_TEXTS = st.lists(_PIECES, max_size=6).map("".join)
_NAMES = st.sampled_from(["a", "b", "smtpd_client_restrictions", "smtpd_restriction_classes", "relayhost"])


@given(st.lists(st.tuples(_NAMES, _TEXTS), max_size=6), _NAMES, _TEXTS)
def test_no_text_is_too_odd(lines: list[tuple[str, str]], option: str, text: str) -> None:
    main = "".join(f"{name} = {value}\n" for name, value in lines)
    of = case(main, f"{SUBMISSION}  -o {{ {option} = {text} }}\n")
    for place in referring_places(of):
        assert bool(place.names) is bool(place.parameters)
    for each in restriction_classes(of):
        assert not set(each.undefined) & set(each.unlisted)


def test_values_of_100_kb_are_read() -> None:
    of = case(f"relayhost = {'$gone ' * 16_000}\nsmtpd_restriction_classes = {'x ' * 50_000}\n")
    assert [place.names for place in referring_places(of) if place.names] == [("gone",)]
    assert [each.undefined for each in restriction_classes(of)] == [("x",)]
