"""Sessions -> the load of their service. Everything is measured with the limits in force when the log was
written, and then only read.
"""

from collections.abc import Callable

import msgspec
import numpy as np

from advisor.capacity.clients import peaks_by
from advisor.capacity.occupancy import Floats, Mask, Occupancy, Windows
from advisor.facts.clientele import clientele_of
from advisor.facts.failures import failures, program_of_instance
from advisor.facts.fullness import fewest_idle, is_full_at_end, is_hidden, longest_full, may_be_hidden
from advisor.facts.held import held_by
from advisor.facts.load import Load, Lost, Slow
from advisor.facts.pool import Busy, Pool, mean, quantile
from advisor.facts.thresholds import Thresholds
from advisor.facts.waits import measure_waits
from advisor.logs.classes import CLASSES, ENDINGS, STAGES, SessionClass
from advisor.logs.metrics import Metrics
from advisor.logs.tables import Rows

# The client was gone before smtpd(8) asked for its address; and the client was rare, and is not in the table.
_UNSEEN = "unknown"
_NAMELESS = ("", _UNSEEN)
# Of clients that hold the slots for as long as each other to a millisecond, the first that came is named.
_DIGITS = 3
_LOST_CONNECTION = ENDINGS.index("lost-connection")
_AT_CONNECT = STAGES.index("CONNECT")
_TOO_MANY = ENDINGS.index("too-many-errors")
# What smtpd_junk_command_limit counts (postconf(5)).
_CHAT = tuple(STAGES.index(each) for each in ("NOOP", "VRFY", "ETRN", "RSET"))
_TIMEOUT = CLASSES.index(SessionClass.TIMEOUT)
# Stamps of whole seconds make a pause longer or shorter than the limit that ended it.
_STAMPS = 1.5


def measure(
    metrics: Metrics,
    *,
    service: str,
    tag: str,
    limit: int,
    limit_source: str,
    since: float | None = None,
    entry: str,
    exempt: Callable[[str], bool],
    is_local: Callable[[str], bool],
    is_submission: bool,
    timeout: float,
    thresholds: Thresholds,
) -> Load:
    """The load of the service that logs under `tag` and is called `entry` in master.cf.

    Of what came before `since`, when another limit was in force, no session, message or warning counts.

    `exempt(address)` tells clients to which no per-client limit applies, `is_local` those of mynetworks. The
    metrics must hold sessions of `tag`. `timeout` is smtpd_timeout in seconds, 0 where it is not known.
    """
    first, last = since or metrics.first or 0.0, metrics.last or 0.0
    pool = pool_of(metrics, tag, limit, since, thresholds)
    warnings = [item.time for item in metrics.limit_warnings if item.entry == entry and item.time >= first]
    longest = longest_full(pool.full, thresholds.full_within_seconds)
    full_at_end = is_full_at_end(pool, warnings, limit, thresholds)
    if full_at_end and longest < thresholds.full_seconds:
        # No time passes in the log with those who hold it then: they came in all of it.
        pool = msgspec.structs.replace(pool, during=Windows.whole(first, last))
    total = pool.held(pool.busy)
    client, client_share, slow_share = _busiest_client(pool, exempt)
    service_time = mean(_free_of_waiting(pool, pool.good, thresholds).seconds)
    good_load = Occupancy.of(pool.others.start, pool.others.end).busiest_mean(
        thresholds.load_window_seconds, pool.full
    )
    starts, rate = _slow_rate(pool, first, last, thresholds)
    return Load(
        service=service,
        tag=tag,
        limit=limit,
        limit_source=limit_source,
        window=last - first,
        sessions=len(pool.busy),
        productive=len(pool.good),
        peak=pool.occupancy.peak,
        full_seconds=float(np.sum(pool.full.full)),
        longest_full=longest,
        full_at_end=full_at_end,
        has_start=bool(metrics.starts),
        fewest_idle=fewest_idle(pool, first, last, limit, thresholds),
        hidden=is_hidden(pool, warnings, limit, thresholds),
        hidden_maybe=may_be_hidden(pool, warnings, limit, thresholds),
        limit_warnings=len(warnings),
        lost=_lost(pool, limit, thresholds),
        slow=Slow(
            pool.slow_threshold,
            starts,
            rate,
            pool.held(pool.slow) / total if total else 0.0,
            _outlasting(pool, timeout),
            _chatting(pool),
            int(np.sum(pool.busy.column("kind") == _TIMEOUT)),
        ),
        shares=_shares(pool, total),
        held=held_by(pool, total, is_submission=is_submission),
        busiest_client=client,
        busiest_client_share=client_share,
        busiest_client_slow_share=slow_share,
        busiest_client_sessions=_sessions_at_once(pool, client),
        good_load=good_load,
        offered_load=_offered_load(pool, pool.others, service_time, good_load),
        load_without_users=_load_without_users(pool, thresholds),
        service_time=service_time,
        median_session=quantile(pool.good.seconds, 0.5),
        p95_session=quantile(pool.good.seconds, 0.95),
        waits=measure_waits(
            pool,
            _since(since, metrics.message_rows(tag)),
            _since(since, metrics.message_rows(program_of_instance(tag, "pickup"))),
            limit,
            is_local,
            thresholds,
        ),
        client_concurrency=_client_concurrency(pool, client, exempt),
        clientele=clientele_of(pool, exempt),
        longest_pause=_longest_pause(pool.good),
        failures=failures(metrics, tag),
        samples=tuple(
            sample
            for where, name in (
                (tag, "lost-connection"),
                (program_of_instance(tag, "master"), "process-limit"),
            )
            for sample in metrics.samples.get((where, name), [])[:2]
        ),
    )


def pool_of(metrics: Metrics, tag: str, limit: int, since: float | None, thresholds: Thresholds) -> Pool:
    """The sessions that were logged under `tag` while the limit was in force, and when it was reached."""
    sessions = _since(since, metrics.session_rows(tag))
    first, last = since or metrics.first or 0.0, metrics.last or 0.0
    return Pool.of(sessions, metrics.clients, first, last, limit, thresholds)


def _since(since: float | None, rows: Rows) -> Rows:
    """The rows from a time on, as `--since` would leave them: of a session that began before the begin is not
    known, and a message that did is left out.
    """
    if since is None:
        return rows
    before = rows["start"] < since
    if "end" not in (rows.dtype.names or ()):
        return rows[~before]
    kept = rows[~(rows["end"] < since)]
    kept["start"][kept["start"] < since] = np.nan
    return kept


def _shares(pool: Pool, total: float) -> dict[SessionClass, float]:
    if not total:
        return {}
    seconds = pool.during.overlaps(pool.busy.start, pool.busy.end)
    held = np.bincount(pool.busy.rows["kind"], seconds, len(CLASSES)).tolist()
    return {kind: each / total for kind, each in zip(CLASSES, held, strict=True)}


def _busiest_client(pool: Pool, exempt: Callable[[str], bool]) -> tuple[str, float, float]:
    """The address that held most slot time; its shares of all slot time, and of that of slow sessions."""
    seconds = pool.during.overlaps(pool.busy.start, pool.busy.end)
    held = np.bincount(pool.busy.client, seconds, len(pool.addresses))
    total = float(np.sum(held))
    order = np.argsort(-held.round(_DIGITS), kind="stable").tolist()
    judged = (
        code for code in order if pool.addresses[code] not in _NAMELESS and not exempt(pool.addresses[code])
    )
    client = next(judged, None)
    if not total or client is None:
        return "", 0.0, 0.0
    slow = pool.held(pool.slow)
    own = pool.held(pool.slow.where(pool.slow.client == client))
    return pool.addresses[client], float(held[client]) / total, own / slow if slow else 0.0


def _sessions_at_once(pool: Pool, address: str) -> int:
    """The most that one client had at a time."""
    if not address:
        return 0
    own = pool.busy.where(pool.busy.client == pool.addresses.index(address))
    return Occupancy.of(own.start, own.end).peak


def _client_concurrency(pool: Pool, busiest: str, exempt: Callable[[str], bool]) -> int:
    """How many sessions at a time one client may well need."""
    clients = [
        code
        for code in np.unique(pool.good.client).tolist()
        if pool.addresses[code] != busiest and not exempt(pool.addresses[code])
    ]
    own = pool.busy.where(np.isin(pool.busy.client, clients))
    peaks = peaks_by(own.client, own.start, own.end, len(pool.addresses))
    return int(quantile(peaks[clients], 0.999)) if clients else 0


def _slow_rate(pool: Pool, first: float, last: float, thresholds: Thresholds) -> tuple[int, float]:
    """How many slow sessions began while slots were free, and how many a second: in the time when they came
    fastest, if enough came then, else in all the free time. While the pool is full beginnings are held back,
    so that what is seen there is the least that came.
    """
    begins = pool.slow.column("start")
    begins = np.sort(begins[~np.isnan(begins)])
    free_starts, free_ends = np.append(first, pool.full.ends), np.append(pool.full.starts, last)
    some = free_ends > free_starts
    free_starts, free_ends = free_starts[some], free_ends[some]
    starts = np.concatenate((free_starts, pool.full.starts))
    ends = np.concatenate((free_ends, pool.full.ends))
    counts = np.searchsorted(begins, ends, "left") - np.searchsorted(begins, starts, "left")
    enough = counts >= thresholds.slow_starts
    rates = counts[enough] / (ends - starts)[enough]
    if len(rates):
        return int(np.sum(counts[: len(free_starts)])), float(np.max(rates))
    begun, seconds = int(np.sum(counts[: len(free_starts)])), float(np.sum(free_ends - free_starts))
    return begun, begun / seconds if seconds else 0.0


def _outlasting(pool: Pool, timeout: float) -> float | None:
    """The share of the slot time of slow sessions that is of those which smtpd_timeout should have ended, if
    they were silent: who says one thing late, and then nothing, stays for less than twice as long. None where
    the log has nobody who met that limit: the given text may be newer than the log.
    """
    held = pool.held(pool.slow)
    if not held:
        return 0.0
    met = pool.slow.where(pool.slow.column("kind") == _TIMEOUT).column("longest_pause")
    if not np.any(np.abs(met - timeout) <= _STAMPS):
        return None
    outlasts = (pool.slow.seconds > 2 * timeout) & (pool.slow.column("kind") != _TIMEOUT)
    return pool.held(pool.slow.where(outlasts)) / held


def _chatting(pool: Pool) -> int:
    """How many sessions ended by too many errors behind a command that brings no mail."""
    stage, ended_by = pool.busy.column("stage"), pool.busy.column("ended_by")
    return int(np.sum((ended_by == _TOO_MANY) & np.isin(stage, _CHAT)))


def _lost(pool: Pool, limit: int, thresholds: Thresholds) -> Lost:
    rows = pool.busy.rows
    left = (rows["ended_by"] == _LOST_CONNECTION) & (rows["stage"] == _AT_CONNECT)
    lost, stayed = pool.busy.where(left), pool.busy.where(~left)
    unseen = _is_unseen(pool, lost)
    at_once = ~unseen & (lost.seconds <= 1)
    level = thresholds.full_share * limit
    # The slot that the leaving client itself had taken was free a moment ago; and who leaves fills no pool.
    full_of_others = Occupancy.of(stayed.start, stayed.end)
    met = lost.start[unseen | at_once]
    met_full = met[pool.full.hold(met) & (full_of_others.at(met) >= level - 1)]
    return Lost(
        unseen=int(np.sum(unseen)),
        at_once=int(np.sum(at_once)),
        later=int(np.sum(~unseen & ~at_once)),
        while_full=_most_within(thresholds.full_within_seconds, met_full) if limit > 1 else 0,
    )


def _most_within(seconds: float, times: Floats) -> int:
    """The most of these in any so many seconds."""
    ordered = np.sort(times)
    behind = np.searchsorted(ordered, ordered + seconds, "right")
    return int(np.max(behind - np.arange(len(ordered)), initial=0))


def _is_unseen(pool: Pool, sessions: Busy) -> Mask:
    place = pool.addresses.index(_UNSEEN) if _UNSEEN in pool.addresses else -1
    found: Mask = sessions.client == place
    return found


def _free_of_waiting(pool: Pool, sessions: Busy, thresholds: Thresholds) -> Busy:
    """Those that began with processes free, if they are enough to read a length from."""
    free = sessions.where(~pool.full.hold(sessions.start))
    return free if len(free) >= thresholds.free_sessions else sessions


def _load_without_users(pool: Pool, thresholds: Thresholds) -> float:
    """The load that is offered by sessions without a login."""
    others = pool.others.where(~pool.others.column("sasl"))
    good = pool.good.where(~pool.good.column("sasl"))
    load = Occupancy.of(others.start, others.end).busiest_mean(thresholds.load_window_seconds, pool.full)
    return _offered_load(pool, others, mean(_free_of_waiting(pool, good, thresholds).seconds), load)


def _offered_load(pool: Pool, sessions: Busy, service_time: float, good_load: float) -> float:
    """The load had no client been turned away: while the pool was full, arrivals of such sessions times the
    time a good one takes. Clients that the kernel's queue lost are not in it.
    """
    arrivals = pool.full.counts(sessions.start)
    loads = arrivals / (pool.full.ends - pool.full.starts) * service_time
    return float(loads.max(initial=good_load))


def _longest_pause(good: Busy) -> float:
    pauses = good.column("longest_pause")
    return quantile(pauses, 0.999) if len(pauses) >= 1000 else float(pauses.max(initial=0.0))
