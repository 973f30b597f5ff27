"""What was observed of transports: by key, and nothing of those that the log does not show."""

from msgspec.structs import replace

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_diagnosis import Reason
from advisor.facts.delivery_observed import Deliveries, TransportObservation
from advisor.missing import Missing
from tests.facts.test_delivery_diagnosis import LIMITS, WELL

_WELL = TransportObservation("smtp/unix", (), WELL, LIMITS, ())
_NOTHING = Deliveries({}, (), (), 0, (), 0)


def test_a_transport_is_found_by_its_key_alone() -> None:
    found = replace(_NOTHING, transports={"smtp/unix": _WELL})
    assert found.transport("smtp/unix") is _WELL
    missing = found.transport("lmtp/unix")
    assert isinstance(missing, Missing)
    assert "lmtp/unix" in missing.what


def test_the_causes_are_those_of_the_reasons_in_their_order() -> None:
    causes = (DeliveryCause.SLOW_CONNECTIONS, DeliveryCause.TOO_FEW_PROCESSES)
    assert replace(_WELL, reasons=tuple(Reason(cause, "why") for cause in causes)).causes == causes
    assert _WELL.causes == ()
