"""What was observed of the queue and of each transport."""

from collections.abc import Mapping

import msgspec

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_diagnosis import DeliveryLimits, Reason
from advisor.facts.delivery_load import DeliveryLoad
from advisor.missing import Missing


class TransportObservation(msgspec.Struct, frozen=True):
    """A transport under the log's load; `others` log under the same name, so that their mail is in it too."""

    service: str
    others: tuple[str, ...]
    load: DeliveryLoad
    limits: DeliveryLimits
    reasons: tuple[Reason, ...]

    @property
    def causes(self) -> tuple[DeliveryCause, ...]:
        """All that is wrong; empty for nothing."""
        return tuple(each.cause for each in self.reasons)


class Clog(msgspec.Struct, frozen=True):
    """A destination of which qmgr(8) warned that it fills the active queue, and its most messages there."""

    destination: str
    entries: int


class Deliveries(msgspec.Struct, frozen=True):
    """`transports` by key, those that the log shows. `clogs`: the largest first; `advice` is what qmgr(8)
    said of them. `suspended` attempts were not made, since the destination was given up for a while.
    `reasons` has what is wrong with the queue as a whole.

    Of 100 messages from this machine itself, 95 took no more than `pickup_wait` seconds to the active queue;
    0 where there are hardly any.
    """

    transports: Mapping[str, TransportObservation]
    clogs: tuple[Clog, ...]
    advice: tuple[str, ...]
    suspended: int
    reasons: tuple[Reason, ...]
    pickup_wait: float

    def transport(self, key: str) -> TransportObservation | Missing:
        """The observation of a transport that stood in the configuration of the log's day."""
        return self.transports.get(key) or Missing(
            f"the log has no delivery by {key} alone", "give a log of this configuration"
        )
