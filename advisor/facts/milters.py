"""Milters: how long they may take, what happens without them, which protocol they are spoken to in.

Knowledge: MILTER_README; milter_new() in src/milter/milter.c, src/milter/milter8.c; RFC 5321, 4.5.3.2.6.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.inspection import inspection
from advisor.facts.overload_facts import sessions
from advisor.facts.registry import collection, fact, known, observed
from advisor.facts.wanted import Remove
from advisor.facts.written import key_of, written_places
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue, parse_seconds, split_items
from advisor.syntax.source import Span

_PROTOCOL = "milter_protocol"
_ACTION = "milter_default_action"
_CONTENT = "milter_content_timeout"
_STEP_SECONDS = 10
_PROBLEMS = ("protocol version", "unreasonable packet length")


class ProtocolSetting(msgspec.Struct, frozen=True):
    """A line that sets milter_protocol where milters are in use."""

    value: str
    version: int
    service: str
    span: Span
    removal: tuple[Remove, ...]


@collection(element=ProtocolSetting, variable="protocol", locate=lambda protocol: protocol.span)
def milter_protocols(case: Case) -> tuple[ProtocolSetting, ...]:
    """Where milter_protocol is set, if milters are in use."""
    return tuple(_protocols(case))


def _protocols(case: Case) -> Iterator[ProtocolSetting]:
    instance = case.instance
    if not _in_use(instance):
        return
    for place in written_places(instance, _PROTOCOL):
        value = instance.setting(_PROTOCOL, place).normal
        version = re.match(r"\d+", value)
        if version:
            key = key_of(place)
            yield ProtocolSetting(
                value,
                int(version.group()),
                key or "",
                case.place(_PROTOCOL, place),
                (Remove(_PROTOCOL, key),),
            )


def _in_use(instance: Instance) -> bool:
    places = (None, *instance.services)
    return any(
        instance.setting(name, place).normal
        for name in ("smtpd_milters", "non_smtpd_milters")
        for place in places
    )


@fact()
def milters_of(case: Case, service: Service) -> tuple[str, ...]:
    """The milters that an SMTP server asks."""
    return tuple(split_items(each.strip("{}"))[0] for each in inspection(case.instance, service).milters)


@fact()
def milter_action_is_implicit(case: Case) -> bool:
    """Whether milters are in use, and nothing says what happens to mail when one does not answer."""
    return _in_use(case.instance) and not written_places(case.instance, _ACTION)


@fact()
def milter_action(case: Case) -> str:
    """What happens to mail when a milter does not answer."""
    return case.instance.setting(_ACTION).normal


@observed(unit="failures")
def milter_connect_failures(case: Case) -> int | Missing:
    """How often a milter could not be reached."""
    return sum(count for (milter, _), count in _trouble(case).items() if milter)


@observed()
def unreachable_milters(case: Case) -> tuple[str, ...] | Missing:
    """The milters that could not be reached."""
    return tuple(sorted(milter for milter, _ in _trouble(case) if milter))


@observed(unit="errors")
def milter_protocol_errors(case: Case) -> int | Missing:
    """How often a milter and Postfix did not understand each other."""
    return sum(count for (_, problem), count in _trouble(case).items() if problem in _PROBLEMS)


def _trouble(case: Case) -> dict[tuple[str, ...], int]:
    return dict(known(case.observed).details.keys.get("milter-trouble", {}))


@observed(unit="s")
def wait_before_sender(case: Case, service: Service) -> float | Missing:
    """The mean time of good clients from connect to their accepted sender, while the processes were full."""
    return known(known(case.observed).service(service.key)).load.waits.envelope.mean


@observed(unit="connections")
def lost_at_end_of_message(case: Case) -> int | Missing:
    """How many clients left after their message's last line, before they had an answer."""
    return known(case.observed).details.keys.get("lost-connection", {}).get(("END-OF-MESSAGE",), 0)


@observed(unit="share")
def lost_at_end_of_message_share(case: Case, service: Service) -> float | Missing:
    """Their share of all sessions of a service."""
    return known(lost_at_end_of_message(case)) / max(1, known(sessions(case, service)))


@fact(unit="s")
def end_of_message_wait(case: Case, service: Service) -> int | Missing:
    """The longest that a client may have to wait for the answer to its message, by the time limits set."""
    own, rest = _content_timeouts(case.instance, service)
    return own * _seconds(case.instance, _CONTENT, service) + rest


@fact()
def end_of_message_checks(case: Case, service: Service) -> tuple[str, ...]:
    """What is asked before a client has the answer to its message, in words."""
    asked = inspection(case.instance, service)
    return (
        *((f"the filter {asked.proxy_filter}",) if asked.proxy_filter else ()),
        *(
            (f"{len(asked.milters)} milters" if len(asked.milters) > 1 else "a milter",)
            if asked.milters
            else ()
        ),
        *(("a policy service",) if asked.message_policies else ()),
    )


@fact(unit="s")
def content_timeout_that_fits(case: Case, service: Service, most: int) -> int | Missing:
    """The milter_content_timeout with which the longest wait is `most`; 0 where it decides nothing."""
    own, rest = _content_timeouts(case.instance, service)
    return max(0, most - rest) // own // _STEP_SECONDS * _STEP_SECONDS if own else 0


def _content_timeouts(instance: Instance, service: Service) -> tuple[int, int]:
    """How many milters have the time limit of main.cf, and the seconds of all else."""
    asked = inspection(instance, service)
    own = [_own_timeout(milter) for milter in asked.milters]
    rest = sum(each for each in own if each is not None)
    if asked.proxy_filter:
        rest += _seconds(instance, "smtpd_proxy_timeout", service)
    if asked.message_policies:
        rest += len(asked.message_policies) * _seconds(instance, "smtpd_policy_service_timeout", service)
    return own.count(None), rest


def _own_timeout(milter: str) -> int | None:
    """The seconds of a `content_timeout=` in braces."""
    options = (item.partition("=") for item in split_items(milter.strip("{}"))[1:])
    found = [parse_seconds(value.strip()) for name, _, value in options if name.strip() == "content_timeout"]
    return found[-1] if found and not isinstance(found[-1], BadValue) else None


def _seconds(instance: Instance, name: str, service: Service) -> int:
    value = instance.setting(name, service).seconds()
    return known(Missing(f"{name}: {value}", f"correct {name}") if isinstance(value, BadValue) else value)
