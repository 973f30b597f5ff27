"""Why mail waits or is deferred: each cause with its numbers, and nothing for a transport that is well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS, DeliveryCause
from advisor.facts.delivery_diagnosis import DeliveryLimits, diagnose_deliveries
from advisor.facts.delivery_load import DeliveryLoad, Times, Tried
from advisor.facts.measure_deliveries import provider_of
from advisor.facts.thresholds import default_thresholds
from advisor.logs.reasons import CLASSES

WELL = DeliveryLoad(
    tag="postfix/smtp",
    attempts=1000,
    sent=980,
    deferred=15,
    bounced=5,
    queued=Times(0.01, 0.1),
    connecting=Times(0.2, 2),
    sending=Times(0.3, 3),
    connecting_seconds=300,
    busy=3,
    window=600,
    per_minute=60,
    reasons=(("greylisted", 15),),
    bounce_reasons=(("unknown-user", 5),),
    destinations=(Tried("a.example", 30, 15),),
    providers=(Tried("big.example", 700, 3), Tried("a.example", 300, 12)),
    timed_out_connections=0,
    ipv6_unreachable=0,
    tls_connections=0,
    tls_reused=0,
)
_WAITS = replace(WELL, queued=Times(8, 40))
LIMITS = DeliveryLimits(100, 20, has_one_destination=False, connect_timeout=30, rate_delay=0, is_local=False)
_RELAYED = replace(LIMITS, has_one_destination=True)
_LMTP = replace(LIMITS, connect_timeout=0, is_local=True)
_EVEN = tuple(Tried(f"d{number}.example", 200, 2) for number in range(5))
_MANY = tuple(Tried(f"d{number}.example", 100, 60) for number in range(6))


@pytest.mark.parametrize(
    ("load", "limits", "causes"),
    [
        (WELL, LIMITS, []),
        (replace(_WAITS, attempts=49), LIMITS, []),
        (replace(_WAITS, busy=80), LIMITS, ["too-few-delivery-processes"]),
        (replace(_WAITS, busy=80), replace(LIMITS, processes=0), ["waiting-in-queue-manager"]),
        (replace(_WAITS, busy=80), replace(LIMITS, processes=None), ["unknown"]),
        (replace(_WAITS, busy=19), _RELAYED, ["destination-concurrency-limit"]),
        (replace(_WAITS, busy=19), replace(_RELAYED, processes=20), ["too-few-delivery-processes"]),
        (replace(_WAITS, busy=19), replace(_RELAYED, destination=0), ["waiting-in-queue-manager"]),
        (_WAITS, LIMITS, ["waiting-in-queue-manager"]),
        (replace(WELL, timed_out_connections=40), LIMITS, []),
        (
            replace(_WAITS, timed_out_connections=40),
            LIMITS,
            ["slow-connections", "waiting-in-queue-manager"],
        ),
        (
            replace(WELL, reasons=(("remote-rate-limit", 90),), providers=(Tried("big.example", 700, 90),)),
            LIMITS,
            ["throttled-by-destination"],
        ),
        (
            replace(WELL, reasons=(("remote-rate-limit", 60),), providers=(Tried("big.example", 700, 60),)),
            LIMITS,
            [],
        ),
        # So few attempts a minute are no rate.
        (
            replace(
                WELL,
                per_minute=4,
                reasons=(("remote-rate-limit", 90),),
                providers=(Tried("big.example", 700, 90),),
            ),
            LIMITS,
            [],
        ),
        # Most of what that provider puts off has other reasons.
        (
            replace(
                WELL,
                reasons=(("greylisted", 200), ("remote-rate-limit", 20)),
                providers=(Tried("big.example", 700, 220),),
            ),
            LIMITS,
            [],
        ),
        (
            replace(WELL, deferred=360, reasons=(("dns-failure", 360),), destinations=_MANY),
            LIMITS,
            ["failing-name-lookup"],
        ),
        (
            replace(WELL, deferred=360, reasons=(("connection-refused", 360),), destinations=_MANY),
            LIMITS,
            ["unreachable-destinations"],
        ),
        (replace(WELL, deferred=60, reasons=(("connection-refused", 60),)), LIMITS, []),
        (
            replace(WELL, deferred=60, reasons=(("connection-refused", 60),)),
            _LMTP,
            ["unreachable-destinations"],
        ),
        (replace(WELL, deferred=60, reasons=(("lookup-failure", 60),)), _LMTP, ["failing-delivery"]),
        (replace(WELL, deferred=60, reasons=(("lookup-failure", 60),)), LIMITS, []),
        (replace(WELL, deferred=400, reasons=(("greylisted", 400),)), LIMITS, ["greylisted-by-destinations"]),
        # Neither is much by itself, but both together are, and the connections are most of them.
        (
            replace(WELL, deferred=310, reasons=(("connection-timed-out", 290), ("other", 20))),
            LIMITS,
            ["unreachable-destinations"],
        ),
        (
            replace(WELL, deferred=310, reasons=(("connection-timed-out", 150), ("other", 160))),
            LIMITS,
            ["many-deferrals"],
        ),
        # Greylisting passes: what is put off besides has to be much by itself.
        (replace(WELL, deferred=400, reasons=(("greylisted", 250), ("other", 150))), LIMITS, []),
        (
            replace(WELL, deferred=700, reasons=(("greylisted", 350), ("other", 350))),
            LIMITS,
            ["many-deferrals", "greylisted-by-destinations"],
        ),
        # A greylisting server behind one's own LMTP is no fault of the delivery.
        (replace(WELL, deferred=100, reasons=(("greylisted", 100),)), _LMTP, []),
        (_WAITS, replace(LIMITS, rate_delay=1), ["destination-rate-delay"]),
        (
            replace(_WAITS, busy=80),
            replace(LIMITS, rate_delay=1),
            ["too-few-delivery-processes"],
        ),
        (
            replace(_WAITS, busy=80, connecting=Times(6, 8), providers=_EVEN),
            LIMITS,
            ["slow-connection-setup", "too-few-delivery-processes"],
        ),
        # Nothing waits; sending takes longer; one provider has most mail; connections time out.
        (replace(WELL, connecting=Times(6, 8), providers=_EVEN), LIMITS, []),
        (
            replace(_WAITS, busy=80, connecting=Times(6, 8), sending=Times(7, 9), providers=_EVEN),
            LIMITS,
            ["too-few-delivery-processes"],
        ),
        (replace(_WAITS, busy=80, connecting=Times(6, 8)), LIMITS, ["too-few-delivery-processes"]),
        (
            replace(_WAITS, busy=80, connecting=Times(30, 30), providers=_EVEN, timed_out_connections=600),
            LIMITS,
            ["slow-connections", "too-few-delivery-processes"],
        ),
        (
            replace(WELL, tls_connections=950, per_minute=120),
            LIMITS,
            ["no-connection-reuse"],
        ),
        (replace(WELL, tls_connections=950, per_minute=20), LIMITS, []),
        # They are reused, though many are new: idle ones are closed after two seconds.
        (replace(WELL, tls_connections=500, tls_reused=450, per_minute=120), LIMITS, []),
        (replace(WELL, tls_connections=950, per_minute=120, providers=()), LIMITS, []),
        (
            replace(WELL, bounce_reasons=(("unknown-user", 150),)),
            _LMTP,
            ["unknown-recipients-accepted"],
        ),
        (replace(WELL, bounce_reasons=(("unknown-user", 150),)), LIMITS, []),
    ],
)
def test_the_causes(load: DeliveryLoad, limits: DeliveryLimits, causes: list[str]) -> None:
    found = diagnose_deliveries(load, limits, default_thresholds().delivery)
    assert [reason.cause.value for reason in found] == causes


def test_every_cause_has_its_help() -> None:
    assert set(WHAT_HELPS) == set(DeliveryCause)


@pytest.mark.parametrize("cause", list(NO_HELP))
def test_what_does_not_help_is_not_what_helps(cause: DeliveryCause) -> None:
    assert NO_HELP[cause] not in WHAT_HELPS[cause]


@pytest.mark.parametrize(
    ("relay", "provider"),
    [
        ("gmail-smtp-in.l.google.com[192.0.2.1]:25", "google.com"),
        ("MX.example.co.uk[192.0.2.1]:25", "example.co.uk"),
        ("example.org[2001:db8::1]:25", "example.org"),
        ("mail.example.org[private/dovecot-lmtp]", "example.org"),
        ("local", "local"),
        ("[192.0.2.1]:25", "[192.0.2.1]:25"),
        ("192.0.2.1[192.0.2.1]:25", "192.0.2.1[192.0.2.1]:25"),
    ],
)
def test_whose_host_a_relay_is(relay: str, provider: str) -> None:
    assert provider_of(relay) == provider


@pytest.mark.parametrize(
    ("load", "limits", "words"),
    [
        (replace(_WAITS, busy=80, window=60), LIMITS, "80 of 100 were busy in the busiest minute"),
        (replace(_WAITS, busy=80), LIMITS, "80 of 100 were busy in the busiest 10 minutes"),
        (_WAITS, LIMITS, "of 100 processes only about 3 were busy"),
        (_WAITS, replace(LIMITS, processes=0), "though about 3 were busy"),
        (_WAITS, LIMITS, "big.example got most mail"),
        (
            replace(
                WELL,
                reasons=(("remote-rate-limit", 190),),
                providers=(Tried("big.example", 600, 90), Tried("a.example", 300, 100)),
            ),
            LIMITS,
            (
                "100 of 300 attempts at a.example were put off, "
                "most because it limits the rate (also: big.example)"
            ),
        ),
        (
            replace(WELL, deferred=600, reasons=(("", 600),), destinations=()),
            LIMITS,
            "600 of 1000 attempts were deferred (no reason given 600)",
        ),
        (
            replace(
                WELL, deferred=700, reasons=(("unavailable", 400), ("remote-rate-limit", 300)), providers=()
            ),
            LIMITS,
            "400 of 1000 attempts were deferred for other reasons (unavailable 400)",
        ),
        (replace(_WAITS, busy=49), LIMITS, "so the limit for each destination is what it waits for; big"),
        (replace(_WAITS, busy=50), LIMITS, "is what it waits for, or at times a process; big.example"),
        (_WAITS, replace(LIMITS, rate_delay=2), "a pause of 2 s between two deliveries to one destination"),
        (
            replace(WELL, deferred=600, reasons=(("greylisted", 600),), destinations=_MANY),
            LIMITS,
            "most deferrals: d0.example 60, d1.example 60, d2.example 60",
        ),
    ],
)
def test_the_numbers_that_are_told(load: DeliveryLoad, limits: DeliveryLimits, words: str) -> None:
    (reason,) = diagnose_deliveries(load, limits, default_thresholds().delivery)
    assert words in reason.summary


def test_waiting_mail_without_a_provider_names_none() -> None:
    (reason,) = diagnose_deliveries(replace(_WAITS, providers=()), LIMITS, default_thresholds().delivery)
    assert "got most mail" not in reason.summary


def test_a_provider_that_put_off_a_handful_is_not_named_beside_one_that_limits_the_rate() -> None:
    load = replace(
        WELL,
        reasons=(("remote-rate-limit", 92),),
        providers=(Tried("big.example", 600, 90), Tried("few.example", 4, 2)),
    )
    (reason,) = diagnose_deliveries(load, LIMITS, default_thresholds().delivery)
    assert "few.example" not in reason.summary


_SECONDS = st.floats(0, 1000)
_TIMES = st.builds(lambda a, b: Times(min(a, b), max(a, b)), _SECONDS, _SECONDS)
_CLASSES = st.lists(
    st.tuples(st.sampled_from(sorted(CLASSES)), st.integers(1, 1000)),
    max_size=4,
    unique_by=lambda pair: pair[0],
).map(tuple)
_TRIED = st.lists(
    st.builds(Tried, st.text("abc.", min_size=1), st.integers(1, 999), st.integers(0, 999)), max_size=4
)
_LOADS = st.builds(
    DeliveryLoad,
    tag=st.just("postfix/smtp"),
    attempts=st.integers(0, 2000),
    sent=st.integers(0, 2000),
    deferred=st.integers(0, 2000),
    bounced=st.integers(0, 2000),
    queued=_TIMES,
    connecting=_TIMES,
    sending=_TIMES,
    connecting_seconds=_SECONDS,
    busy=st.floats(0, 200),
    window=st.just(600.0),
    per_minute=st.floats(0, 300),
    reasons=_CLASSES,
    bounce_reasons=_CLASSES,
    destinations=_TRIED.map(tuple),
    providers=_TRIED.map(tuple),
    timed_out_connections=st.integers(0, 100),
    ipv6_unreachable=st.just(0),
    tls_connections=st.integers(0, 2000),
    tls_reused=st.integers(0, 3),
)
_LIMITS = st.builds(
    DeliveryLimits,
    processes=st.none() | st.integers(0, 200),
    destination=st.integers(0, 100),
    has_one_destination=st.booleans(),
    connect_timeout=st.floats(0, 60),
    rate_delay=st.sampled_from([0.0, 1.0]),
    is_local=st.booleans(),
)
# What mail waits for: exactly one of these, whatever held it up besides.
_WAITS_FOR = {
    DeliveryCause.TOO_FEW_PROCESSES,
    DeliveryCause.DESTINATION_LIMIT,
    DeliveryCause.RATE_DELAY,
    DeliveryCause.WAITING,
    DeliveryCause.UNKNOWN,
}


@given(_LOADS, _LIMITS)
def test_mail_that_waits_waits_for_one_thing_and_other_mail_for_none(
    load: DeliveryLoad, limits: DeliveryLimits
) -> None:
    numbers = default_thresholds().delivery
    causes = [reason.cause for reason in diagnose_deliveries(load, limits, numbers)]
    assert len(set(causes)) == len(causes)
    waits = load.attempts >= numbers.attempts and load.queued.p95 >= numbers.queue_wait_seconds
    assert len(_WAITS_FOR.intersection(causes)) == waits
    if not waits:
        assert not {DeliveryCause.SLOW_CONNECTIONS, DeliveryCause.SLOW_SETUP}.intersection(causes)


@given(_LOADS, _LIMITS, st.integers(1, 500))
def test_with_more_processes_they_are_never_too_few_where_they_were_not(
    load: DeliveryLoad, limits: DeliveryLimits, more: int
) -> None:
    numbers = default_thresholds().delivery

    def too_few(processes: int) -> bool:
        found = diagnose_deliveries(load, replace(limits, processes=processes), numbers)
        return DeliveryCause.TOO_FEW_PROCESSES in [reason.cause for reason in found]

    processes = limits.processes or 1
    assert too_few(processes) or not too_few(processes + more)
    assert not too_few(0)


@given(st.text(max_size=40))
def test_any_relay_has_a_provider_and_it_is_its_own_provider(relay: str) -> None:
    provider = provider_of(relay)
    assert provider_of(provider) == provider
