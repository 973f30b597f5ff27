"""One SMTP server under the demand of a log: what may be asked of a replay, and what may not.

A replay knows how sessions share processes. It does not know work that takes longer when more is done at a
time: there it answers no question (docs/simulate.md).
"""

from collections.abc import Collection
from math import inf

import msgspec
import numpy as np

from advisor.capacity.occupancy import Occupancy
from advisor.capacity.replay import Limits
from advisor.capacity.strip import strip
from advisor.facts.causes import Cause
from advisor.facts.client_networks import members
from advisor.facts.limit_in_force import limit_in_force
from advisor.facts.measure import pool_of
from advisor.facts.observed import Observed
from advisor.facts.thresholds import Thresholds
from advisor.logs.classes import SessionClass
from advisor.logs.metrics import Metrics
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.simulation.limits import limits_of
from advisor.simulation.outcome import SESSIONS, Busy, Outcome, example, outcome
from advisor.simulation.sample import Sample

# Work that takes longer when more is done at a time, and who shares what.
_SHARED = {
    Cause.CPU_BOUND_CHECKS: "the processors are busy: with more at a time, each message takes longer",
    Cause.SLOW_PROXY_FILTER: "the filter takes no more at a time: with more processes, each waits longer",
    Cause.SLOW_TABLES: "whether the tables' server answers more at a time as fast is not in the log",
}
MEASURE = "measure it: advisor rehearse"
_IF_SERVED = {
    Cause.SLOW_POLICY: "if the policy service takes so many at a time",
    Cause.SLOW_MILTER: "if the milter takes so many at a time",
    Cause.SLOW_DNSBL: "if the resolver takes so many at a time",
}
LEAST = (
    "at least: of the time with all processes busy the log shows only who was accepted, and who had left by "
    "then, who is taken for a good client"
)
# RFC 5321 4.5.3.2.1: a client waits five minutes for the banner, and so does Postfix (smtp_helo_timeout).
PATIENCE = 300.0
FILLS = "so far: silent clients may stay for longer than the log is long, and would fill the processes later"
_NOBODY_DELIVERED = "no client of the log delivered mail: who is a good one is not known"
_IF_SILENT = (
    "if the slow clients are silent, and do not send a byte now and then: none of them has met a time "
    "limit yet"
)


class Study(msgspec.Struct, frozen=True):
    """A server's demand, the limits that it had when the log was written, the causes found, and how many
    processes the log shows busy. `patience`: the seconds after which a client without a banner leaves, inf
    for never. `is_part`: it is of the fullest time of the log alone. `has_timeouts`: some clients have met
    the time limit.
    """

    service: Service
    limits: Limits
    causes: tuple[Cause, ...]
    sample: Sample
    logged: Occupancy
    patience: float
    is_part: bool = False
    has_timeouts: bool = True

    @classmethod
    def of(
        cls,
        instance: Instance,
        service: Service,
        metrics: Metrics,
        observed: Observed,
        thresholds: Thresholds,
        patience: float = inf,
        most: int | None = None,
    ) -> "Study | Missing":
        """The study of an SMTP server of the log's day, of at most so many sessions; Missing where the log
        does not show its demand.
        """
        seen = observed.service(service.key)
        limits = limits_of(instance, service)
        if isinstance(seen, Missing):
            return seen
        if isinstance(limits, Missing):
            return limits
        if seen.load.hidden:
            return Missing(
                "its processes look up client names before they log a session: the log shows no demand",
                "mend the resolver, then give a new log",
            )
        in_force = limit_in_force(service, metrics)
        pool = pool_of(metrics, service.program_tag, in_force.number, in_force.since, thresholds)
        is_exempt = members(instance, service, "smtpd_client_event_limit_exceptions")
        exempt = np.array([is_exempt(address) for address in pool.addresses], np.bool_)
        first, last = in_force.since or metrics.first or 0.0, metrics.last or 0.0
        sample = Sample.of(pool, first, last, exempt, limits.timeout, most)
        is_part = len(sample.logged) < len(pool.busy)
        return cls(
            service,
            msgspec.structs.replace(limits, processes=in_force.number),
            seen.diagnosis.causes,
            sample,
            pool.occupancy.between(sample.first, sample.last) if is_part else pool.occupancy,
            patience,
            is_part,
            bool(seen.load.shares.get(SessionClass.TIMEOUT, 0.0)),
        )

    def outcome(self, limits: Limits, sessions: int = SESSIONS) -> Outcome | Missing:
        """What becomes of the demand under the limits; Missing where a replay cannot tell. About so many
        sessions are replayed: more make the interval surer.
        """
        if self.grows and self.has_more(limits):
            return Missing(f"no gain is predicted: {self.grows}", MEASURE)
        if not self.sample.logged.is_good.any():
            return Missing(_NOBODY_DELIVERED, "give a log with clients that did")
        return outcome(self.sample, limits, self.patience, sessions)

    @property
    def grows(self) -> str:
        """Why work takes longer when more is done at a time, or may do so; empty where it does not."""
        return next((_SHARED[cause] for cause in self.causes if cause in _SHARED), "")

    @property
    def measured(self) -> Busy:
        """How busy the service was by its log."""
        return Busy.of(self.logged, self.limits.processes, self.sample.first)

    def busy_now(self, parts: int) -> tuple[int, ...]:
        """The most processes that the log shows busy in each of `parts` equal stretches."""
        return strip(self.logged, self.sample.first, self.sample.last, parts)

    def busy_under(self, limits: Limits, parts: int) -> tuple[int, ...]:
        """The same under the limits, for one draw of the demand."""
        busy = example(self.sample, limits, self.patience)
        return strip(busy, self.sample.first, self.sample.last, parts)

    def limits_behind(self, behind: Instance, changed: Collection[str]) -> Limits | Missing:
        """The limits of the service in a configuration where the keys in `changed` have new values. The log's
        own process limit stays where that is not one of them: the text's may be another.
        """
        service = behind.service(self.service.key)
        if service is None:
            return Missing(f"{self.service.key} is not there any more", "leave the service in master.cf")
        limits = limits_of(behind, service)
        own, default = f"{service.key}/process_limit", "default_process_limit"
        is_changed = own in changed or (default in changed and not service.explicit_process_limit)
        if isinstance(limits, Missing) or is_changed:
            return limits
        return msgspec.structs.replace(limits, processes=self.limits.processes)

    def doubts(self, limits: Limits) -> tuple[str, ...]:
        """What to know of a prediction for the limits."""
        found = [_IF_SERVED[cause] for cause in self.causes if cause in _IF_SERVED and self.has_more(limits)]
        if (
            Cause.SLOW_CLIENTS in self.causes
            and not self.has_timeouts
            and limits.timeout < self.limits.timeout
        ):
            found.append(_IF_SILENT)
        found += [LEAST] if self.sample.is_least else []
        return (*found, FILLS) if self.fills_later(limits) else tuple(found)

    def fills_later(self, limits: Limits) -> bool:
        """Whether the log is shorter than silent clients may stay, and they come too fast for the processes
        to hold them that long (Little's law).
        """
        sample = self.sample
        window = sample.last - sample.first
        if not 0 < window < limits.timeout or not limits.processes:
            return False
        clients, sessions = np.unique(sample.logged.client[sample.logged.silence > 0], return_counts=True)
        held = sessions / window * limits.timeout
        if limits.client_limit:
            held = np.where(clients < 0, held, np.minimum(held, limits.client_limit))
        return bool(np.sum(held) >= limits.processes)

    def has_more(self, limits: Limits) -> bool:
        """Whether the limits are of more processes."""
        return self.limits.processes > 0 and not 0 < limits.processes <= self.limits.processes
