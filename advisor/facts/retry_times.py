"""How often deferred mail is tried again, and for how long (TUNING_README, qmgr(8))."""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.missing import Missing
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_NAMES = ("minimal_backoff_time", "maximal_backoff_time", "maximal_queue_lifetime", "queue_run_delay")


class RetryTime(msgspec.Struct, frozen=True):
    """A time in main.cf that says when deferred mail is tried again, or given up."""

    name: str
    seconds: int
    span: Span


@collection(element=RetryTime, variable="time", locate=lambda time: time.span)
def retry_times(case: Case) -> tuple[RetryTime, ...]:
    """The times that main.cf sets for mail which has to be tried again."""
    found: list[RetryTime] = []
    for name in _NAMES:
        setting = case.instance.setting(name)
        seconds = setting.seconds()
        if isinstance(setting.origin, MainCfLine) and not isinstance(seconds, BadValue):
            found.append(RetryTime(name, seconds, setting.origin.span))
    return tuple(found)


@fact(unit="s")
def queue_seconds(case: Case, name: str) -> int | Missing:
    """The value of a time parameter of the queue manager."""
    seconds = case.instance.setting(name).seconds()
    return Missing(str(seconds), f"correct {name}") if isinstance(seconds, BadValue) else seconds


@fact()
def sends_through_relayhost(case: Case) -> bool:
    """Whether all mail for other domains goes to one next hop, relayhost."""
    return bool(case.instance.setting("relayhost").normal)
