"""The largest message, and the largest mailbox that a delivery agent makes.

local(8) and virtual(8) refuse to run with a mailbox limit below that of a message. Knowledge: post_init() in
src/local/local.c and src/virtual/virtual.c, postconf(5).
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.server_tls import is_mail_exchanger
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Assign
from advisor.facts.written import is_written
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_MESSAGE = "message_size_limit"
# Postfix's own ratio: 51200000 to 10240000.
_MESSAGES_PER_MAILBOX = 5


class MailboxLimit(msgspec.Struct, frozen=True):
    """The limits, in bytes, that a delivery agent reads; 0 is no limit. `is_refused`: the agent does not run
    with them. `changes` raise the limit of the mailbox.
    """

    agent: str
    parameter: str
    mailbox: int | Missing
    message: int | Missing
    span: Span
    changes: tuple[Assign, ...]

    @property
    def is_refused(self) -> bool | Missing:
        """Whether the agent refuses to run."""
        if isinstance(self.mailbox, Missing):
            return self.mailbox
        if isinstance(self.message, Missing):
            return self.message
        return self.mailbox > 0 and (self.mailbox < self.message or self.message == 0)


@collection(element=MailboxLimit, variable="limit", locate=lambda limit: limit.span)
def mailbox_limits(case: Case) -> tuple[MailboxLimit, ...]:
    """The limits of Postfix's delivery agents that write mailboxes here, as far as mail comes to them."""
    agents = (
        ("local", "mailbox_size_limit", "local_transport", "mydestination"),
        ("virtual", "virtual_mailbox_limit", "virtual_transport", "virtual_mailbox_domains"),
    )
    return tuple(
        _limit(case, agent, parameter)
        for agent, parameter, transport, domains in agents
        if _service(case.instance, transport, agent) and _value(case.instance, domains)
    )


def _limit(case: Case, agent: str, parameter: str) -> MailboxLimit:
    transport = "local_transport" if agent == "local" else "virtual_transport"
    service = _service(case.instance, transport, agent)
    mailbox, message = (_bytes(case.instance, name, service) for name in (parameter, _MESSAGE))
    wanted = 0 if isinstance(message, Missing) else message * _MESSAGES_PER_MAILBOX
    key = service.key if service and is_written(case.instance, parameter, service) else None
    return MailboxLimit(
        service.key if service else agent,
        parameter,
        mailbox,
        message,
        case.place(parameter, service),
        (Assign(parameter, str(wanted), key),),
    )


@fact()
def receivers_of_any_size(case: Case, limit: int) -> tuple[str, ...]:
    """The servers for the Internet's mail that take messages of `limit` bytes and more, or of any size."""
    sizes = {
        each.key: _bytes(case.instance, _MESSAGE, each)
        for each in smtp_services(case)
        if is_mail_exchanger(case, each)
    }
    return tuple(
        key for key, size in sizes.items() if not isinstance(size, Missing) and (size == 0 or size >= limit)
    )


@fact(unit="bytes")
def largest_message(case: Case) -> int | Missing:
    """message_size_limit, 0 for none."""
    return _bytes(case.instance, _MESSAGE, None)


def _service(instance: Instance, transport: str, agent: str) -> Service | None:
    name = _value(instance, transport).partition(":")[0]
    service = instance.service(f"{name}/unix")
    return service if service and service.command == agent else None


def _bytes(instance: Instance, name: str, service: Service | None) -> int | Missing:
    value = instance.setting(name, service).number()
    return Missing(f"{name}: {value}", f"correct {name}") if isinstance(value, BadValue) else value


def _value(instance: Instance, name: str) -> str:
    setting = instance.setting(name)
    return setting.normal if setting.exists else ""
