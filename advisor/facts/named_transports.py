"""The mail transports that parameters name, and the pipe(8) transports that take one recipient at a time.

A transport is a delivery agent's entry in master.cf; what names one has the form `transport:nexthop`.
Knowledge: resolve_addr() in src/trivial-rewrite/resolve.c, ADDRESS_CLASS_README, deliver_message() in
src/pipe/pipe.c.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection, fact
from advisor.facts.wanted import Assign
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride, Setting
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

# Who uses the transport, and the list that has to have something in it for that; without one, always.
_BY_CLASS = {
    "local_transport": "mydestination",
    "virtual_transport": "virtual_mailbox_domains",
    "relay_transport": "relay_domains",
    "default_transport": "",
}
# What programs hand mail on to.
_FILTER = ("content_filter",)
_BY_PROGRAM = {
    "local": ("mailbox_transport", "fallback_transport"),
    "smtpd": _FILTER,
    "pickup": _FILTER,
    "qmqpd": _FILTER,
}
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
# Programs that deliver to the one recipient behind -d, and take a second for a mistake.
_ONE_RECIPIENT = ("deliver", "dovecot-lda", "maildrop", "procmail")
_MANY = re.compile(r"\$[({]?(?:recipient|user|original_recipient)\b", re.ASCII)


class NamedTransport(msgspec.Struct, frozen=True):
    """A transport and where it is to bring mail to, the parameter that says so, and where that is written;
    None for a default.
    """

    name: str
    nexthop: str
    parameter: str
    span: Span | None


def named_transports(instance: Instance) -> Iterator[NamedTransport]:
    """The transports that mail is handed to, as far as parameters say so."""
    for parameter, domains in _BY_CLASS.items():
        if not domains or instance.setting(domains).items() != ():
            yield from _named(instance.setting(parameter))
    for service in instance.services:
        for parameter in _BY_PROGRAM.get(service.command, ()):
            yield from _named(instance.setting(parameter, service))


def _named(setting: Setting) -> Iterator[NamedTransport]:
    name, _, nexthop = setting.normal.partition(":")
    if setting.problem is None and _NAME.fullmatch(name):
        origin = setting.origin
        span = origin.span if isinstance(origin, MainCfLine | ServiceOverride) else None
        yield NamedTransport(name, nexthop, setting.name, span)


class PipeTransport(msgspec.Struct, frozen=True):
    """A pipe(8) service. `parameter` names it as a transport, empty where none does. `reason` is why it can
    take only one recipient at a time, empty where it can take more.
    """

    key: str
    name: str
    span: Span
    parameter: str
    reason: str


@collection(element=PipeTransport, variable="transport", locate=lambda transport: transport.span)
def pipe_transports(case: Case) -> tuple[PipeTransport, ...]:
    """The services that run pipe(8)."""
    named = {each.name: each.parameter for each in named_transports(case.instance)}
    return tuple(
        PipeTransport(service.key, service.name, service.span, named.get(service.name, ""), _why_one(service))
        for service in case.instance.services
        if service.command == "pipe"
    )


@fact(unit="recipients")
def recipients_at_a_time(case: Case, transport: PipeTransport) -> int | Missing:
    """With how many recipients at a time a transport may be given a message; 0 stands for any number."""
    name = f"{transport.name}_destination_recipient_limit"
    value = case.instance.setting(name).number()
    return Missing(f"{name}: {value}", f"correct {name}") if isinstance(value, BadValue) else value


@fact()
def one_recipient_at_a_time(case: Case, transport: PipeTransport) -> tuple[Assign, ...]:  # noqa: ARG001
    """What makes the queue manager hand messages to a transport with one recipient each."""
    return (Assign(f"{transport.name}_destination_recipient_limit", "1"),)


def _why_one(service: Service) -> str:
    words = [word.text for word in service.entry.arguments]
    command = next((place for place, word in enumerate(words) if word.startswith("argv=")), len(words))
    flags = "".join(word.removeprefix("flags=") for word in words[:command] if word.startswith("flags="))
    if letters := [letter for letter in "DO" if letter in flags]:
        return f"has the flag {' and '.join(letters)}"
    program = words[command].removeprefix("argv=").rpartition("/")[2] if command < len(words) else ""
    for option, argument in zip(words[command:], words[command + 1 :], strict=False):
        if program in _ONE_RECIPIENT and option == "-d" and _MANY.search(argument):
            return f"hands {argument} to -d of {program}"
    return ""
