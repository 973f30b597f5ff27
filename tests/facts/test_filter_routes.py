"""Content filters: the ways there and back, and what happens on both sides."""

import pytest

from advisor.facts.address_mappings import maps_never, maps_twice
from advisor.facts.case import NO_LOG, Case
from advisor.facts.filter_routes import (
    FilterRoute,
    comes_back_by_pickup,
    filter_routes,
    messages_in_filter,
    milters_on_both_sides,
    narrow_returns,
    pickup_rate,
    proxy_failures,
    proxy_filter_of,
    transport_limit,
    wider_returns,
)
from advisor.facts.wanted import Assign, Column
from advisor.missing import Missing
from advisor.settings.given import Given
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - - smtpd\n"
BACK = "127.0.0.1:10025 inet n - n - - smtpd\n"
EMPTY = "  -o content_filter=\n"
SCAN = "scan unix - - n - 20 smtp\n"
FILTER = "content_filter = scan:[127.0.0.1]:10024\n"
PIPE = "spam unix - n n - - pipe\n  user=spamd argv=/usr/bin/spamc -e /usr/sbin/sendmail -oi -f ${sender}\n"


def case(main: str, master: str | None) -> Case:
    of = Instance.of(
        SourceFile("main.cf", main),
        None if master is None else SourceFile("master.cf", master),
        Release.parse("3.7.11"),
        "",
        given=Given(stock_services=master is None),
    )
    return Case(of, NO_LOG)


def routes(of: Case) -> tuple[FilterRoute, ...]:
    found = filter_routes(of)
    assert isinstance(found, tuple)
    return found


def only(of: Case) -> FilterRoute:
    (found,) = routes(of)
    return found


@pytest.mark.parametrize(
    ("main", "master", "loops", "nowhere"),
    [
        (FILTER, SMTP + SCAN + BACK, True, False),
        (FILTER, SMTP + SCAN + BACK + EMPTY, False, False),
        (FILTER, SMTP + SCAN, False, True),
        # One of two ways back is guarded: that is the one the filter uses.
        (FILTER, SMTP + SCAN + BACK + "127.0.0.1:10026 inet n - n - - smtpd\n" + EMPTY, False, False),
        # The filter is a service of this master.cf, and no way back.
        (FILTER, SMTP + SCAN + "127.0.0.1:10024 inet n - n - - smtpd\n", False, True),
        # A filter on another machine may well deliver by itself.
        ("content_filter = scan:[192.0.2.1]:10024\n", SMTP + SCAN, False, False),
        ("content_filter = spam\n", SMTP + PIPE + "pickup unix n - n 60 1 pickup\n", True, False),
        ("content_filter = spam\n", SMTP + PIPE + "pickup unix n - n 60 1 pickup\n" + EMPTY, False, False),
        ("smtpd_proxy_filter = 127.0.0.1:10024\n", SMTP + BACK, True, False),
        ("smtpd_proxy_filter = 127.0.0.1:10024\n", SMTP + BACK + "  -o smtpd_proxy_filter=\n", False, False),
        # Only what comes by port 25 is filtered.
        ("", SMTP + "  -o content_filter=scan:[127.0.0.1]:10024\n" + SCAN + BACK, False, False),
    ],
)
def test_a_filter_loops_where_no_way_back_is_guarded(
    main: str, master: str, *, loops: bool, nowhere: bool
) -> None:
    route = only(case(main, master))
    assert (route.loops, route.returns_nowhere) == (loops, nowhere)


def test_the_guard_is_for_the_one_service_that_can_be_meant() -> None:
    assert only(case(FILTER, SMTP + SCAN + BACK)).guards == (
        Assign("content_filter", "", "127.0.0.1:10025/inet"),
    )
    assert only(case(FILTER, SMTP + SCAN + BACK + BACK.replace("25", "26"))).guards == ()


def test_without_filter_or_services_there_is_no_route() -> None:
    assert routes(case("biff = no\n", SMTP)) == ()
    assert isinstance(filter_routes(case(FILTER, None)), Missing)


def test_the_way_back_is_as_wide_as_the_way_there() -> None:
    of = case(FILTER, SMTP + SCAN + BACK.replace("- - smtpd", "- 5 smtpd") + EMPTY)
    route = only(of)
    assert narrow_returns(of, route) == ("127.0.0.1:10025/inet (5)",)
    assert wider_returns(of, route) == (Column("127.0.0.1:10025/inet", "process_limit", "20"),)
    assert transport_limit(of, route) == 20
    wide = case(FILTER, SMTP + SCAN + BACK + EMPTY)
    assert narrow_returns(wide, only(wide)) == ()
    in_front = case("smtpd_proxy_filter = 127.0.0.1:10024\n", SMTP + BACK + "  -o smtpd_proxy_filter=\n")
    assert transport_limit(in_front, only(in_front)) == 0


OPTION = "receive_override_options = no_address_mappings\n"
BCC = "always_bcc = archive@example.org\nvirtual_alias_maps = hash:/etc/postfix/virtual\n"


@pytest.mark.parametrize(
    ("main", "back", "twice", "never"),
    [
        (FILTER + BCC, EMPTY, ("always_bcc",), ()),
        (FILTER + BCC + OPTION, EMPTY, (), ("always_bcc", "virtual_alias_maps")),
        (FILTER + BCC + OPTION, EMPTY + "  -o receive_override_options=no_milters\n", (), ()),
        (FILTER + BCC, EMPTY + "  -o cleanup_service_name=plain\n", (), ()),
        (FILTER, EMPTY, (), ()),
        (FILTER + BCC, "", (), ()),
    ],
)
def test_addresses_are_mapped_on_one_side(
    main: str, back: str, twice: tuple[str, ...], never: tuple[str, ...]
) -> None:
    of = case(main, SMTP + SCAN + "plain unix n - n - 0 cleanup\n  -o always_bcc=\n" + BACK + back)
    assert (maps_twice(of, only(of)), maps_never(of, only(of))) == (twice, never)


@pytest.mark.parametrize(
    ("front", "back", "expected"),
    [
        ("", EMPTY, ("inet:127.0.0.1:8891",)),
        ("", EMPTY + "  -o receive_override_options=no_milters\n", ()),
        ("  -o smtpd_milters=\n", EMPTY, ()),
        ("", "", ()),
    ],
)
def test_a_milter_is_asked_on_one_side(front: str, back: str, expected: tuple[str, ...]) -> None:
    of = case(FILTER + "smtpd_milters = inet:127.0.0.1:8891\n", SMTP + front + SCAN + BACK + back)
    assert milters_on_both_sides(of, only(of)) == expected


def test_what_comes_back_by_sendmail() -> None:
    for main, expected in (("content_filter = spam\n", True), (FILTER, False)):
        of = case(main, SMTP + PIPE + SCAN)
        assert comes_back_by_pickup(of, only(of)) is expected


def test_without_log_nothing_is_known_of_failures() -> None:
    of = case("smtpd_proxy_filter = 127.0.0.1:10024\n", SMTP)
    smtp = of.instance.services[0]
    assert proxy_filter_of(of, smtp) == "127.0.0.1:10024"
    answers = proxy_failures(of), messages_in_filter(of, smtp), pickup_rate(of)
    assert all(isinstance(each, Missing) for each in answers)
