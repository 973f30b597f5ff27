"""What the log shows of one service: its sessions, how many processes they kept busy, and who held them.

Everything is measured with the limits in force when the log was written, and then only read. The terms are
those of docs/overload.md; a *slot* is one process of the service, serving one client.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from advisor.capacity.occupancy import Interval, busiest_mean, busy_at, overlap, stretches
from advisor.facts.pool import Busy, Pool, mean, quantile
from advisor.facts.thresholds import Thresholds
from advisor.facts.waits import Waits, measure_waits
from advisor.logs.metrics import Metrics, Sample
from advisor.logs.sessions import SessionClass

# master(8) keeps an idle process for max_idle = 100 s, and warns of a full service once in 1000 s.
_TURNOVER_SECONDS = 100
_UNSEEN = "unknown"


@dataclass(frozen=True, slots=True)
class Lost:
    """Connections that ended before the first command.

    `unseen`: the peer had reset it before smtpd asked for its address; `at_once`: within a second, address
    known; `later`: after the client had waited. `while_full`: unseen or at once, with all slots busy.
    """

    unseen: int
    at_once: int
    later: int
    while_full: int


@dataclass(frozen=True, slots=True)
class Slow:
    """Sessions that hold a slot and give nothing back. `threshold` is in seconds, `rate` per second, measured
    while slots were free from `starts` beginnings; `share` is that of the slot time while the pool was full.
    """

    threshold: float
    starts: int
    rate: float
    share: float


@dataclass(frozen=True, slots=True)
class Load:
    """The load of one service. Times in seconds, loads in erlangs (mean number of busy processes).

    `limit` is the process limit in force, 0 for none. `hidden`: the slots were busy before their clients
    showed in the log. `shares`: the part of each class in the slot time while the pool was full (of all the
    time, when it never was). `client_concurrency`: the most sessions at a time of one client that delivers
    mail, but for one client in a thousand, the busiest, and those to which no limit applies. `longest_pause`:
    the longest that one of 99.9 % of the good clients can have been silent. `good_load`: the mean number of
    sessions that are not slow, in the busiest minute with free
    slots. `offered_load`: what would have been busy had every client been served.
    """

    service: str
    tag: str
    limit: int
    limit_source: str
    window: float
    sessions: int
    productive: int
    peak: int
    full_seconds: float
    longest_full: float
    hidden: bool
    limit_warnings: int
    lost: Lost
    slow: Slow
    shares: dict[SessionClass, float]
    busiest_client: str
    busiest_client_share: float
    busiest_client_slow_share: float
    good_load: float
    offered_load: float
    service_time: float
    median_session: float
    p95_session: float
    waits: Waits
    client_concurrency: int
    longest_pause: float
    trouble: int
    samples: tuple[Sample, ...]


def measure(
    metrics: Metrics,
    *,
    service: str,
    tag: str,
    limit: int,
    limit_source: str,
    entry: str,
    exempt: Callable[[str], bool],
    is_local: Callable[[str], bool],
    thresholds: Thresholds,
) -> Load:
    """The load of the service that logs under `tag` and is called `entry` in master.cf.

    `exempt(address)` tells clients to which no per-client limit applies, `is_local` those of mynetworks. The
    metrics must hold sessions of `tag`.
    """
    first, last = metrics.first or 0.0, metrics.last or 0.0
    pool = Pool.of(metrics.all_sessions(tag), first, last, limit, thresholds)
    total = pool.held(pool.busy)
    client, client_share, slow_share = _busiest_client(pool, exempt)
    free = [each for each in pool.good if overlap(pool.full, each.interval) == 0]
    served = free if len(free) >= thresholds.free_sessions else pool.good
    service_time = mean(each.seconds for each in served)
    good_load = busiest_mean(
        stretches(each.interval for each in pool.others), thresholds.load_window_seconds, pool.full
    )
    warnings = [item.time for item in metrics.limit_warnings if item.entry == entry]
    starts, rate = _slow_rate(pool, first, last, thresholds)
    return Load(
        service=service,
        tag=tag,
        limit=limit,
        limit_source=limit_source,
        window=last - first,
        sessions=len(pool.busy),
        productive=len(pool.good),
        peak=max((stretch.busy for stretch in pool.occupancy), default=0),
        full_seconds=sum(window.full for window in pool.full),
        longest_full=max((window.full for window in pool.full), default=0.0),
        hidden=_hidden(pool, warnings, limit, thresholds),
        limit_warnings=len(warnings),
        lost=_lost(pool, limit, thresholds),
        slow=Slow(pool.slow_threshold, starts, rate, pool.held(pool.slow) / total if total else 0.0),
        shares=_shares(pool, total),
        busiest_client=client,
        busiest_client_share=client_share,
        busiest_client_slow_share=slow_share,
        good_load=good_load,
        offered_load=_offered_load(pool, service_time, good_load),
        service_time=service_time,
        median_session=quantile([each.seconds for each in pool.good], 0.5),
        p95_session=quantile([each.seconds for each in pool.good], 0.95),
        waits=measure_waits(
            pool, [each for each in metrics.messages.closed if each.tag == tag], limit, is_local, thresholds
        ),
        client_concurrency=_client_concurrency(pool, client, exempt),
        longest_pause=_longest_pause(pool.good),
        trouble=sum(
            count for (where, name), count in metrics.counters.items() if where == tag and name in _TROUBLE
        ),
        samples=tuple(
            sample
            for where, name in ((tag, "lost-connection"), (_master(tag), "process-limit"))
            for sample in metrics.samples.get((where, name), [])[:2]
        ),
    )


def _shares(pool: Pool, total: float) -> dict[SessionClass, float]:
    if not total:
        return {}
    return {
        kind: pool.held(each for each in pool.busy if each.session.kind is kind) / total
        for kind in SessionClass
    }


def _busiest_client(pool: Pool, exempt: Callable[[str], bool]) -> tuple[str, float, float]:
    """The address that held most slot time; its shares of all slot time, and of that of slow sessions."""
    held: defaultdict[str, float] = defaultdict(float)
    for each in pool.busy:
        held[each.client] += overlap(pool.during, each.interval)
    total = sum(held.values())
    judged = [client for client in held if client != _UNSEEN and not exempt(client)]
    if not total or not judged:
        return "", 0.0, 0.0
    client = max(judged, key=lambda name: held[name])
    slow = pool.held(pool.slow)
    own = pool.held(each for each in pool.slow if each.client == client)
    return client, held[client] / total, own / slow if slow else 0.0


def _client_concurrency(pool: Pool, busiest: str, exempt: Callable[[str], bool]) -> int:
    """How many sessions at a time one client may well need."""
    clients = {each.client for each in pool.good if each.client != busiest and not exempt(each.client)}
    own: defaultdict[str, list[Interval]] = defaultdict(list)
    for each in pool.busy:
        if each.client in clients:
            own[each.client].append(each.interval)
    peaks = [max((stretch.busy for stretch in stretches(each)), default=1) for each in own.values()]
    return int(quantile([float(peak) for peak in peaks], 0.999))


def _slow_rate(pool: Pool, first: float, last: float, thresholds: Thresholds) -> tuple[int, float]:
    """How many slow sessions began while slots were free, and how many a second: in the time when they came
    fastest, if enough came then, else in all the free time. While the pool is full beginnings are held back,
    so that what is seen there is the least that came.
    """
    edges = [first, *(edge for window in pool.full for edge in (window.start, window.end)), last]
    free = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]
    full = [(window.start, window.end) for window in pool.full]
    begins = [each.interval.start for each in pool.slow if each.session.start is not None]
    counts = [sum(start <= begin < end for begin in begins) for start, end in (*free, *full)]
    rates = [
        count / (end - start)
        for count, (start, end) in zip(counts, (*free, *full), strict=True)
        if count >= thresholds.slow_starts
    ]
    starts, seconds = sum(counts[: len(free)]), sum(end - start for start, end in free)
    return starts, max(rates, default=starts / seconds if seconds else 0.0)


# Messages by which smtpd says that something behind it failed.
_TROUBLE = ("policy-trouble", "milter-trouble", "proxy-trouble", "connect-failure", "fatal")


def _master(tag: str) -> str:
    """master(8) logs under the instance's name, not under that of a service."""
    return f"{tag.partition('/')[0]}/master"


def _lost(pool: Pool, limit: int, thresholds: Thresholds) -> Lost:
    lost = [each for each in pool.busy if each.session.lost_at_connect]
    unseen = [each for each in lost if each.client == _UNSEEN]
    at_once = [each for each in lost if each.client != _UNSEEN and each.seconds <= 1]
    level = thresholds.full_share * limit
    return Lost(
        unseen=len(unseen),
        at_once=len(at_once),
        later=len(lost) - len(unseen) - len(at_once),
        # The slot that the leaving client itself had taken was free a moment ago.
        while_full=sum(
            busy_at(pool.occupancy, each.interval.start) >= level - 1 for each in (*unseen, *at_once)
        )
        if limit > 1
        else 0,
    )


def _hidden(pool: Pool, warnings: list[float], limit: int, thresholds: Thresholds) -> bool:
    """Whether the slots were full, by master's warning, while hardly a session shows in the log: the connect
    line is written only behind the lookup of the client's name (src/smtpd/smtpd_peer.c).
    """
    for time in warnings:
        around = [s.busy for s in pool.occupancy if s.start <= time + 1 and s.end >= time - 1]
        pids = {
            each.session.pid for each in pool.busy if abs(each.interval.start - time) <= _TURNOVER_SECONDS
        }
        if (
            max(around, default=0) < thresholds.hidden_busy_share * limit
            and len(pids) >= thresholds.hidden_turnover_share * limit
        ):
            return True
    return False


def _offered_load(pool: Pool, service_time: float, good_load: float) -> float:
    """The load had no client been turned away: while the pool was full, arrivals times the time a good
    session takes. Clients that the kernel's queue lost are not in it.
    """
    loads = [good_load]
    for window in pool.full:
        arrivals = sum(window.start <= each.interval.start <= window.end for each in pool.others)
        loads.append(arrivals / (window.end - window.start) * service_time)
    return max(loads)


def _longest_pause(good: list[Busy]) -> float:
    pauses = [each.session.longest_pause for each in good]
    return quantile(pauses, 0.999) if len(pauses) >= 1000 else max(pauses, default=0.0)
