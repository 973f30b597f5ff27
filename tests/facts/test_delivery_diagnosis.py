"""Why mail waits or is deferred: each cause with its numbers, and nothing for a transport that is well."""

import pytest
from msgspec.structs import replace

from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS, DeliveryCause
from advisor.facts.delivery_diagnosis import DeliveryLimits, diagnose_deliveries
from advisor.facts.delivery_load import DeliveryLoad, Times, Tried
from advisor.facts.measure_deliveries import provider_of
from advisor.facts.thresholds import default_thresholds

_WELL = DeliveryLoad(
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
_WAITS = replace(_WELL, queued=Times(8, 40))
_SMTP = DeliveryLimits(100, 20, has_one_destination=False, connect_timeout=30, rate_delay=0, is_local=False)
_RELAYED = replace(_SMTP, has_one_destination=True)
_LMTP = replace(_SMTP, connect_timeout=0, is_local=True)
_EVEN = tuple(Tried(f"d{number}.example", 200, 2) for number in range(5))
_MANY = tuple(Tried(f"d{number}.example", 100, 60) for number in range(6))


@pytest.mark.parametrize(
    ("load", "limits", "causes"),
    [
        (_WELL, _SMTP, []),
        (replace(_WAITS, attempts=49), _SMTP, []),
        (replace(_WAITS, busy=80), _SMTP, ["too-few-delivery-processes"]),
        (replace(_WAITS, busy=80), replace(_SMTP, processes=0), ["waiting-in-queue-manager"]),
        (replace(_WAITS, busy=80), replace(_SMTP, processes=None), ["unknown"]),
        (replace(_WAITS, busy=19), _RELAYED, ["destination-concurrency-limit"]),
        (replace(_WAITS, busy=19), replace(_RELAYED, processes=20), ["too-few-delivery-processes"]),
        (replace(_WAITS, busy=19), replace(_RELAYED, destination=0), ["waiting-in-queue-manager"]),
        (_WAITS, _SMTP, ["waiting-in-queue-manager"]),
        (replace(_WELL, timed_out_connections=40), _SMTP, []),
        (
            replace(_WAITS, timed_out_connections=40),
            _SMTP,
            ["slow-connections", "waiting-in-queue-manager"],
        ),
        (
            replace(_WELL, reasons=(("remote-rate-limit", 90),), providers=(Tried("big.example", 700, 90),)),
            _SMTP,
            ["throttled-by-destination"],
        ),
        (
            replace(_WELL, reasons=(("remote-rate-limit", 60),), providers=(Tried("big.example", 700, 60),)),
            _SMTP,
            [],
        ),
        # So few attempts a minute are no rate.
        (
            replace(
                _WELL,
                per_minute=4,
                reasons=(("remote-rate-limit", 90),),
                providers=(Tried("big.example", 700, 90),),
            ),
            _SMTP,
            [],
        ),
        # Most of what that provider puts off has other reasons.
        (
            replace(
                _WELL,
                reasons=(("greylisted", 200), ("remote-rate-limit", 20)),
                providers=(Tried("big.example", 700, 220),),
            ),
            _SMTP,
            [],
        ),
        (
            replace(_WELL, deferred=360, reasons=(("dns-failure", 360),), destinations=_MANY),
            _SMTP,
            ["failing-name-lookup"],
        ),
        (
            replace(_WELL, deferred=360, reasons=(("connection-refused", 360),), destinations=_MANY),
            _SMTP,
            ["unreachable-destinations"],
        ),
        (replace(_WELL, deferred=60, reasons=(("connection-refused", 60),)), _SMTP, []),
        (
            replace(_WELL, deferred=60, reasons=(("connection-refused", 60),)),
            _LMTP,
            ["unreachable-destinations"],
        ),
        (replace(_WELL, deferred=60, reasons=(("lookup-failure", 60),)), _LMTP, ["failing-delivery"]),
        (replace(_WELL, deferred=60, reasons=(("lookup-failure", 60),)), _SMTP, []),
        (replace(_WELL, deferred=400, reasons=(("greylisted", 400),)), _SMTP, ["greylisted-by-destinations"]),
        # Greylisting passes: what is put off besides has to be much by itself.
        (replace(_WELL, deferred=400, reasons=(("greylisted", 250), ("other", 150))), _SMTP, []),
        (
            replace(_WELL, deferred=700, reasons=(("greylisted", 350), ("other", 350))),
            _SMTP,
            ["greylisted-by-destinations", "many-deferrals"],
        ),
        # A greylisting server behind one's own LMTP is no fault of the delivery.
        (replace(_WELL, deferred=100, reasons=(("greylisted", 100),)), _LMTP, []),
        (_WAITS, replace(_SMTP, rate_delay=1), ["destination-rate-delay"]),
        (
            replace(_WAITS, busy=80),
            replace(_SMTP, rate_delay=1),
            ["too-few-delivery-processes"],
        ),
        (
            replace(_WAITS, busy=80, connecting=Times(6, 8), providers=_EVEN),
            _SMTP,
            ["slow-connection-setup", "too-few-delivery-processes"],
        ),
        # Nothing waits; sending takes longer; one provider has most mail; connections time out.
        (replace(_WELL, connecting=Times(6, 8), providers=_EVEN), _SMTP, []),
        (
            replace(_WAITS, busy=80, connecting=Times(6, 8), sending=Times(7, 9), providers=_EVEN),
            _SMTP,
            ["too-few-delivery-processes"],
        ),
        (replace(_WAITS, busy=80, connecting=Times(6, 8)), _SMTP, ["too-few-delivery-processes"]),
        (
            replace(_WAITS, busy=80, connecting=Times(30, 30), providers=_EVEN, timed_out_connections=600),
            _SMTP,
            ["slow-connections", "too-few-delivery-processes"],
        ),
        (
            replace(_WELL, tls_connections=950, per_minute=120),
            _SMTP,
            ["no-connection-reuse"],
        ),
        (replace(_WELL, tls_connections=950, per_minute=20), _SMTP, []),
        # They are reused, though many are new: idle ones are closed after two seconds.
        (replace(_WELL, tls_connections=500, tls_reused=450, per_minute=120), _SMTP, []),
        (replace(_WELL, tls_connections=950, per_minute=120, providers=()), _SMTP, []),
        (
            replace(_WELL, bounce_reasons=(("unknown-user", 150),)),
            _LMTP,
            ["unknown-recipients-accepted"],
        ),
        (replace(_WELL, bounce_reasons=(("unknown-user", 150),)), _SMTP, []),
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
        (replace(_WAITS, busy=80, window=60), _SMTP, "80 of 100 were busy in the busiest minute"),
        (replace(_WAITS, busy=80), _SMTP, "80 of 100 were busy in the busiest 10 minutes"),
        (_WAITS, _SMTP, "of 100 processes only about 3 were busy"),
        (_WAITS, replace(_SMTP, processes=0), "though about 3 were busy"),
        (_WAITS, _SMTP, "big.example got most mail"),
        (
            replace(
                _WELL,
                reasons=(("remote-rate-limit", 190),),
                providers=(Tried("big.example", 600, 90), Tried("a.example", 300, 100)),
            ),
            _SMTP,
            (
                "100 of 300 attempts at a.example were put off, "
                "most because it limits the rate (also: big.example)"
            ),
        ),
        (
            replace(_WELL, deferred=600, reasons=(("", 600),), destinations=()),
            _SMTP,
            "600 of 1000 attempts were deferred (no reason given 600)",
        ),
        (
            replace(
                _WELL, deferred=700, reasons=(("unavailable", 400), ("remote-rate-limit", 300)), providers=()
            ),
            _SMTP,
            "400 of 1000 attempts were deferred for other reasons (unavailable 400)",
        ),
        (replace(_WAITS, busy=49), _SMTP, "so the limit for each destination is what it waits for; big"),
        (replace(_WAITS, busy=50), _SMTP, "is what it waits for, or at times a process; big.example"),
        (_WAITS, replace(_SMTP, rate_delay=2), "a pause of 2 s between two deliveries to one destination"),
        (
            replace(_WELL, deferred=600, reasons=(("greylisted", 600),), destinations=_MANY),
            _SMTP,
            "most deferrals: d0.example 60, d1.example 60, d2.example 60",
        ),
    ],
)
def test_the_numbers_that_are_told(load: DeliveryLoad, limits: DeliveryLimits, words: str) -> None:
    (reason,) = diagnose_deliveries(load, limits, default_thresholds().delivery)
    assert words in reason.summary


def test_waiting_mail_without_a_provider_names_none() -> None:
    (reason,) = diagnose_deliveries(replace(_WAITS, providers=()), _SMTP, default_thresholds().delivery)
    assert "got most mail" not in reason.summary


def test_a_provider_that_put_off_a_handful_is_not_named_beside_one_that_limits_the_rate() -> None:
    load = replace(
        _WELL,
        reasons=(("remote-rate-limit", 92),),
        providers=(Tried("big.example", 600, 90), Tried("few.example", 4, 2)),
    )
    (reason,) = diagnose_deliveries(load, _SMTP, default_thresholds().delivery)
    assert "few.example" not in reason.summary
