"""Pauses between deliveries, and how soon a destination that has one is given up for a while.

With a rate delay one delivery to a destination runs at a time, so one failed connection is a whole
"pseudo-cohort" of them: with the default limit of 1, all mail for it is deferred (qmgr_feedback.c,
qmgr_queue_throttle() in src/qmgr/qmgr_queue.c, QSHAPE_README).
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.transports import is_delivery_agent
from advisor.settings.instance import Instance
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_DELAY = "destination_rate_delay"
_COHORT_LIMIT = "destination_concurrency_failed_cohort_limit"
_ALL = "default"


class RateDelay(msgspec.Struct, frozen=True):
    """A line of main.cf that lets Postfix wait `seconds` between deliveries to one destination.

    `prefix` is that of the parameter: a transport's name, or `default` for all. `transports` are those that
    it reaches, and `cohort_limit` is the least failed_cohort_limit among them; 0 there means no limit, and
    is left out unless all have it.
    """

    prefix: str
    seconds: int
    span: Span
    transports: tuple[str, ...]
    cohort_limit: int

    @property
    def name(self) -> str:
        """The parameter with the delay."""
        return f"{self.prefix}_{_DELAY}"

    @property
    def cohort_limit_name(self) -> str:
        """The parameter with the limit, for the same transports."""
        return f"{self.prefix}_{_COHORT_LIMIT}"

    @property
    def is_for_all(self) -> bool:
        """Whether it is the default of all transports, those of this machine's own mail too."""
        return self.prefix == _ALL


@collection(element=RateDelay, variable="delay", locate=lambda delay: delay.span)
def rate_delays(case: Case) -> tuple[RateDelay, ...]:
    """The pauses between deliveries that main.cf sets."""
    instance = case.instance
    agents = [service.name for service in instance.services if is_delivery_agent(service)]
    own = {name: found for name in agents if (found := _written(instance, name)) is not None}
    delays = [_delay(instance, name, *own[name], (name,)) for name in own]
    general = _written(instance, _ALL)
    followers = tuple(name for name in agents if _follows_default(instance, name))
    if general is not None and followers:
        delays.append(_delay(instance, _ALL, *general, followers))
    return tuple(each for each in delays if each.seconds)


def _written(instance: Instance, prefix: str) -> tuple[int, Span] | None:
    """The delay and its line, where main.cf has a value of its own."""
    setting = instance.setting(f"{prefix}_{_DELAY}")
    seconds = setting.seconds()
    if not isinstance(setting.origin, MainCfLine) or isinstance(seconds, BadValue):
        return None
    if prefix != _ALL and _follows_default(instance, prefix):
        return None
    return seconds, setting.origin.span


def _follows_default(instance: Instance, transport: str) -> bool:
    return instance.setting(f"{transport}_{_DELAY}").text == f"${_ALL}_{_DELAY}"


def _delay(
    instance: Instance, prefix: str, seconds: int, span: Span, transports: tuple[str, ...]
) -> RateDelay:
    limits = [instance.setting(f"{name}_{_COHORT_LIMIT}").number() for name in transports]
    known = [limit for limit in limits if not isinstance(limit, BadValue) and limit > 0]
    return RateDelay(prefix, seconds, span, transports, min(known, default=0))
