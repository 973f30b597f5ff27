"""The loops of rules that speak in none of the causes' own loops."""

import msgspec

from advisor.facts.causes import Cause, Remedy
from advisor.rehearsal.scene import Role, StandIn, Visit
from tests.lab import loads
from tests.lab.catalogue import (
    QUICK,
    client_limit,
    processes,
    slow_clients,
    slow_milter,
    slow_policy,
    timeout,
)
from tests.lab.configuration import BEHIND_POSTSCREEN, configuration, screened
from tests.lab.loops import Loop
from tests.lab.machine import Machine
from tests.lab.trials import Trial

# postscreen_greet_wait, shorter than by default: fewer clients wait before it is over.
_GREET_WAIT = 2.0


def guessing_clients(*, limit: int = 20, guessers: float = 12, good: float = 10, seconds: float = 32) -> Loop:
    """Dictionary attacks from many addresses, and error limits that are the same under stress."""
    pace = 0.25

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK) + loads.guessers(
            seed, guessers, seconds, pace=pace
        )

    return Loop(
        "rejected-clients",
        f"{limit} processes, {good:g} good clients and {guessers:g} attacks a second",
        Cause.REJECTED_CLIENTS,
        configuration(
            limit,
            "smtpd_hard_error_limit = 12",
            recipients="texthash:$config_directory/recipients",
            tables={"recipients": "user@lab.test known\n"},
        ),
        visits,
        seconds,
        QUICK,
        frozenset({"literal-error-limits", "error-delay-holds-slots"}),
        wrong=(timeout("10s"), client_limit(5)),
        others=(
            processes(40),
            Trial(
                "smtpd_hard_error_limit = ${stress?{1}:{12}}",
                Remedy.END_ON_ERRORS,
                ("smtpd_hard_error_limit=${stress?{1}:{12}}",),
            ),
        ),
    )


def short_queue(*, limit: int = 60, queue: int = 5, good: float = 35, seconds: float = 30) -> Loop:
    """Good clients that postscreen(8) does not know yet, and few places behind it."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.all_new(loads.good(seed, good, seconds, takes=QUICK))

    return Loop(
        "a short queue behind postscreen",
        f"{limit} processes behind postscreen, a queue of {queue}, {good:g} good clients a second",
        Cause.NONE,
        screened(
            limit,
            f"postscreen_post_queue_limit = {queue}",
            f"postscreen_greet_wait = {_GREET_WAIT:g}s",
        ),
        visits,
        seconds,
        _GREET_WAIT + 1 + QUICK,
        frozenset({"postscreen-post-queue-limit-below-smtpd"}),
        service=BEHIND_POSTSCREEN,
    )


def short_lives(*, good: float = 20, seconds: float = 24) -> Loop:
    """Processes that end behind each client: what they cost is processor time."""

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK)

    return Loop(
        "processes for one client each",
        f"40 processes, {good:g} good clients a second, max_use = 1",
        Cause.NONE,
        configuration(40, "max_use = 1"),
        visits,
        seconds,
        QUICK,
        frozenset({"short-process-reuse"}),
        is_alone=True,
    )


def late_answers(*, limit: int = 40, waits: float = 9.0, good: float = 10, seconds: float = 30) -> Loop:
    """A milter that answers when the client has given up, and will send its message again. Of that the log
    has no line: Postfix is silent on clients that leave behind the end of a message.
    """
    loop = slow_milter(limit=limit, waits=waits, good=good, seconds=seconds)
    return msgspec.structs.replace(
        loop,
        name="slow-milter, later than clients wait",
        others=(processes(200),),
    )


def hanging_milters(*, limit: int = 250, good: float = 3, gives_up: int = 45) -> Loop:
    """Three milters that never answer a message, and clients that give up before the last of their time
    limits has passed. Clients wait for ten minutes; with the rule's option it is a shorter time.
    """
    ports, waits, takes, seconds = (10041, 10042, 10043), 24, 32.0, 80.0
    own = f"[rules.end-of-data-too-slow]\noptions = {{ most = {gives_up}, least = 5 }}\n"

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK)

    return Loop(
        "milters that hang",
        f"{good:g} clients a second that wait for {gives_up} s, three milters with {waits} s each",
        Cause.FAILING_MILTER,
        configuration(
            limit,
            f"smtpd_milters = {', '.join(f'inet:127.0.0.1:{port}' for port in ports)}",
            f"milter_content_timeout = {waits}s",
            "milter_default_action = accept",
            tables={"advisor.toml": own},
        ),
        visits,
        seconds,
        takes,
        frozenset({"end-of-data-too-slow"}),
        machine=Machine(tuple(StandIn(Role.MILTER, port, 10 * seconds) for port in ports)),
        others=(timeout("10s"), processes(2 * limit)),
        patience=float(gives_up),
    )


def literal_timeout(*, limit: int = 64, slow: float = 4, good: float = 10, seconds: float = 32) -> Loop:
    """Silent clients, and a time limit that is the same under stress."""
    loop = slow_clients(limit=limit, slow=slow, good=good, seconds=seconds)
    return msgspec.structs.replace(
        loop,
        name="slow-clients, a plain smtpd_timeout",
        files=configuration(limit, "smtpd_timeout = 300s"),
        rules=frozenset({"literal-smtpd-timeout", "slow-clients-hold-slots"}),
        wrong=(timeout("${stress?{10}:{300}}s"),),
        others=(),
    )


def short_timeout(*, limit: int = 200, good: float = 6, seconds: float = 30) -> Loop:
    """Good clients that take three seconds for each command, and a time limit of two."""
    takes = 18.0

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=takes)

    return Loop(
        "a short smtpd_timeout",
        f"{limit} processes, {good:g} clients a second that pause for 3 s",
        Cause.NONE,
        configuration(limit, "smtpd_timeout = 2s"),
        visits,
        seconds,
        takes,
        frozenset({"smtpd-timeout-too-short"}),
    )


def tiny_limit(*, limit: int = 8, waits: float = 1.5, good: float = 10, seconds: float = 24) -> Loop:
    """A policy service that takes its time, and hardly a process."""
    loop = slow_policy(limit=limit, waits=waits, good=good, seconds=seconds)
    return msgspec.structs.replace(
        loop,
        name="slow-policy, a tiny process limit",
        rules=frozenset({"tiny-smtpd-process-limit"}),
        outside=None,
        others=(),
    )


def slow_senders(
    *, limit: int = 32, slow: float = 1.2, good: float = 4, seconds: float = 120, rate: float = 200
) -> Loop:
    """Senders of so many bytes a second, which no time limit for a single byte ends."""
    size = 12_000

    def visits(seed: int) -> tuple[Visit, ...]:
        return loads.good(seed, good, seconds, takes=QUICK) + loads.slow_senders(
            seed, slow, seconds, rate=rate, size=size
        )

    return Loop(
        "slow-transfer",
        f"{limit} processes, {good:g} good clients and {slow:g} senders of {rate:g} bytes a second",
        Cause.SLOW_TRANSFER,
        configuration(limit, "smtpd_timeout = ${stress?{10}:{10}}s"),
        visits,
        seconds,
        QUICK,
        frozenset({"trickling-clients"}),
        wrong=(client_limit(5), timeout("5s")),
        others=(processes(100),),
    )
