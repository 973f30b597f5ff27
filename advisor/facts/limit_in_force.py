"""Which process limit was in force when the log was written, and from when on.

master(8) reads its limits when it starts and when it is reloaded, and names the limit in each warning that a
service has reached it (src/master/master.c, master_avail.c); a service that is full warns at least every
1000 s. The given configuration is taken for that of the last reload.
"""

from datetime import UTC, datetime

import msgspec

from advisor.logs.metrics import Metrics
from advisor.settings.service import Service

_MINUTE = 60
_RELOAD = "reload"


class LimitInForce(msgspec.Struct, frozen=True):
    """`number` processes (0: no limit), and how it is known. Before `since` it was another; None: it was the
    same all the time, as far as the log tells.
    """

    number: int
    source: str
    since: float | None = None


def limit_in_force(service: Service, metrics: Metrics) -> LimitInForce:
    """The last limit of the service that the log tells of, or else the given one."""
    warned = sorted((each.time, each.limit) for each in metrics.limit_warnings if each.entry == service.name)
    changes = settings_read(metrics)
    if not warned:
        return LimitInForce(service.process_limit, _given(service))
    last_time, number = warned[-1]
    source = "master's warning in the log"
    if changes and last_time < changes[-1]:
        number, source = service.process_limit, _given(service)
    other = [each for each in warned if each[1] != number]
    since = next((each for each in changes if other and each > other[-1][0]), None)
    if since is None:  # no change was logged: the given text may be newer than what runs
        return LimitInForce(warned[-1][1], "master's warning in the log")
    return LimitInForce(number, f"{source}, since {_clock(since)}; {other[-1][1]} before", since)


def settings_read(metrics: Metrics) -> tuple[float, ...]:
    """When Postfix read its settings anew, in seconds since the epoch, but for the log's beginning: the first
    minute behind a reload, and the second of a start.
    """
    if metrics.first is None or metrics.last is None:
        return ()
    first, last = metrics.first, metrics.last
    reloads = {
        float((minute + 1) * _MINUTE)
        for (_, message), counts in metrics.series.items()
        if message == _RELOAD
        for minute in counts
    }
    starts = {each.time for each in metrics.starts}
    return tuple(sorted(each for each in reloads | starts if first + _MINUTE < each < last))


def _given(service: Service) -> str:
    return "master.cf" if service.explicit_process_limit else "default_process_limit"


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%b %d %H:%M}"
