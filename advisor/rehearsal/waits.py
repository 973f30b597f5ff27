"""What a log says of those a server asks: how long they let good clients wait, and so how long stand-ins do.

A log tells no more than one of them apart: the cause that was found has all of the wait, the others answer at
once.
"""

from advisor.facts.causes import Cause
from advisor.facts.observed import Observation
from advisor.rehearsal.stage_values import Delays


def delays_of(seen: Observation) -> tuple[Delays, float]:
    """When stand-ins answer, and the mean seconds of a good client's session that are not its own."""
    waits, asked = seen.load.waits, seen.asked
    # Clients of mynetworks show what the rest of the way takes, if they are not asked about.
    rest = waits.envelope_of_mynetworks if asked.policies_spare_mynetworks and asked.policies else None
    envelope = max(0.0, waits.envelope.mean - (rest or 0.0))
    found = (each for each in seen.diagnosis.causes if each in _ASKED)
    match min(found, key=seen.diagnosis.causes.index, default=None):
        case Cause.SLOW_POLICY:
            number = len(asked.policies) + len(asked.message_policies)
            return Delays(policy=envelope / max(1, number)), envelope
        case Cause.SLOW_MILTER:
            longest = max(envelope, waits.content.mean)
            return Delays(milter=longest / max(1, len(asked.milters))), longest
        case Cause.SLOW_DNSBL:
            return Delays(resolver=envelope / max(1, len(asked.dns_lists))), envelope
        case Cause.SLOW_PROXY_FILTER:
            workers = max(1, round(waits.filter_load))
            return Delays(filter=waits.filter.mean, filter_workers=workers), envelope + waits.filter.mean
        case Cause.CPU_BOUND_CHECKS:
            return Delays(), waits.content.mean
    return Delays(), 0.0


_ASKED = (
    Cause.SLOW_POLICY,
    Cause.SLOW_MILTER,
    Cause.SLOW_DNSBL,
    Cause.SLOW_PROXY_FILTER,
    Cause.CPU_BOUND_CHECKS,
)
