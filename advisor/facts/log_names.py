"""What makes a log hard to read: SMTP servers that log under one name, and short queue ids.

Knowledge: the stock master.cf, whose submission services have `-o syslog_name=postfix/submission`.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Assign
from advisor.settings.service import Service
from advisor.syntax.source import Span

_NAME = "syslog_name"
_PORT_25 = frozenset({"smtp", "25"})


class LogName(msgspec.Struct, frozen=True):
    """A name in the log, the SMTP server that is to keep it, and the others that have it too."""

    tag: str
    span: Span
    keeper: str
    others: tuple[str, ...]
    changes: tuple[Assign, ...]


@collection(element=LogName, variable="name", locate=lambda name: name.span)
def smtp_log_names(case: Case) -> tuple[LogName, ...]:
    """The names under which the SMTP servers that other hosts can reach write their log lines."""
    groups: dict[str, list[Service]] = {}
    for service in smtp_services(case):
        groups.setdefault(service.program_tag, []).append(service)
    return tuple(_log_name(case, tag, group) for tag, group in groups.items())


def _log_name(case: Case, tag: str, group: list[Service]) -> LogName:
    """A server behind postscreen(8), and that of port 25, are what people look for under the old name."""
    main = [each for each in group if each.type == "pass" or _port(each) in _PORT_25] or group[:1]
    others = [each for each in group if each not in main]
    prefix = case.instance.setting(_NAME).normal
    return LogName(
        tag,
        (others or group)[0].span,
        " and ".join(each.key for each in main),
        tuple(each.key for each in others),
        tuple(Assign(_NAME, f"{prefix}/{_port(each)}", each.key) for each in others),
    )


def _port(service: Service) -> str:
    return service.name.rpartition(":")[2]


@fact()
def has_long_queue_ids(case: Case) -> bool:
    """Whether this release can make queue ids that never come again (2.9 and newer)."""
    return case.instance.setting("enable_long_queue_ids").exists


@fact()
def uses_long_queue_ids(case: Case) -> bool:
    """Whether queue ids never come again."""
    return case.instance.setting("enable_long_queue_ids").boolean() is not False
