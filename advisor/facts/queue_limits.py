"""Limits of the queue that contradict each other: Postfix logs a warning and goes by another value.

Knowledge: src/qmgr/qmgr.c (qmgr_pre_init, qmgr_post_init), src/smtpd/smtpd.c and smtpd_check_size() in
src/smtpd/smtpd_check.c.
"""

from math import ceil

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.settings.instance import Instance
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue, format_seconds
from advisor.syntax.source import Span

# smtpd refuses mail when less than this many times message_size_limit is free, whatever queue_minfree says.
_FREE_SPACE_FACTOR = 1.5


class QueueLimit(msgspec.Struct, frozen=True):
    """A parameter that main.cf sets, and the one that bounds it; values as Postfix writes them.

    `wanted` is the value that agrees with the other one, which is `bound`; for qmgr(8) it is the one that
    counts already. `is_too_small` or else too large, where they do not agree.
    """

    name: str
    span: Span
    value: str
    other: str
    other_value: str
    wanted: str
    agrees: bool
    is_too_small: bool


@collection(element=QueueLimit, variable="limit", locate=lambda limit: limit.span)
def queue_limits(case: Case) -> tuple[QueueLimit, ...]:
    """The limits of the queue in main.cf that Postfix compares with another one."""
    instance = case.instance
    found = (_free_space(instance), _recipients(instance), _bounce_lifetime(instance))
    return tuple(each for each in found if each is not None)


def _free_space(instance: Instance) -> QueueLimit | None:
    free, size = _numbers(instance, "queue_minfree", "message_size_limit")
    if not free or not size:  # 0 is no limit
        return None
    return _limit(instance, ("queue_minfree", free), ("message_size_limit", size), _FREE_SPACE_FACTOR)


def _recipients(instance: Instance) -> QueueLimit | None:
    names = ("qmgr_message_recipient_limit", "qmgr_message_active_limit")
    recipients, messages = _numbers(instance, *names)
    if recipients is None or messages is None:
        return None
    return _limit(instance, (names[0], recipients), (names[1], messages))


def _bounce_lifetime(instance: Instance) -> QueueLimit | None:
    names = ("bounce_queue_lifetime", "maximal_queue_lifetime")
    bounces, all_mail = (instance.setting(name).seconds() for name in names)
    span = _place(instance, *names)
    if isinstance(bounces, BadValue) or isinstance(all_mail, BadValue) or span is None:
        return None
    values = format_seconds(bounces), format_seconds(all_mail)
    return QueueLimit(
        names[0],
        span,
        values[0],
        names[1],
        values[1],
        wanted=values[1],
        agrees=bounces <= all_mail,
        is_too_small=False,
    )


def _limit(
    instance: Instance, small: tuple[str, int], large: tuple[str, int], factor: float = 1
) -> QueueLimit | None:
    (name, value), (other, other_value) = small, large
    span = _place(instance, name, other)
    if span is None:
        return None
    least = ceil(factor * other_value)
    return QueueLimit(
        name, span, str(value), other, str(other_value), str(least), value >= least, is_too_small=True
    )


def _numbers(instance: Instance, *names: str) -> tuple[int | None, ...]:
    values = (instance.setting(name).number() for name in names)
    return tuple(None if isinstance(value, BadValue) else value for value in values)


def _place(instance: Instance, *names: str) -> Span | None:
    """The line of the first that main.cf sets."""
    origins = (instance.setting(name).origin for name in names)
    return next((origin.span for origin in origins if isinstance(origin, MainCfLine)), None)
