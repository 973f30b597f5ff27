"""What was observed of each service: its load, the cause, and the bounds for its time limit."""

from collections.abc import Mapping

import msgspec

from advisor.facts.coverage import Coverage
from advisor.facts.delivery_observed import Deliveries
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load
from advisor.facts.log_details import LogDetails
from advisor.facts.overload import Diagnosis
from advisor.missing import Missing


class Observation(msgspec.Struct, frozen=True):
    """One service under the log's load, and what was asked of others meanwhile; `timeout` is the normal
    smtpd_timeout then in force, in seconds.
    """

    load: Load
    asked: Inspection
    diagnosis: Diagnosis
    timeout: int | Missing


class Observed(msgspec.Struct, frozen=True):
    """All that the log showed. `services` by Postfix's key; `first` and `last` in seconds since the epoch.

    `messages`: how often each message of the grammar was logged, whoever wrote it; `details` what more is
    known of them.
    """

    first: float
    last: float
    services: Mapping[str, Observation | Missing]
    messages: Mapping[str, int]
    coverage: Coverage
    deliveries: Deliveries
    details: LogDetails

    def service(self, key: str) -> Observation | Missing:
        """The observation of a service that stood in the configuration of the log's day."""
        return self.services.get(
            key, Missing(f"{key} is not a service of this log", "give a log of this configuration")
        )
