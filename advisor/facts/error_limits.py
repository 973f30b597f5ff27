"""Limits on a client's errors that stay the same under stress, and the pause behind each error.

Knowledge: STRESS_README, TUNING_README on clients that make many errors, smtpd_chat_reply() in
src/smtpd/smtpd_chat.c.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.causes import Cause
from advisor.facts.overload_facts import causes
from advisor.facts.registry import collection, fact
from advisor.facts.services import smtp_services
from advisor.missing import Missing
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_LIMITS = ("smtpd_hard_error_limit", "smtpd_junk_command_limit")
_ERRORS = frozenset({Cause.REJECTED_CLIENTS, Cause.AUTH_ABUSE})


class ErrorLimit(msgspec.Struct, frozen=True):
    """A limit that is set for a service: in normal operation, and under stress."""

    service: Service
    name: str
    value: int
    stressed: int
    span: Span

    @property
    def key(self) -> str:
        """Postfix's own name of the service."""
        return self.service.key


@collection(element=ErrorLimit, variable="limit", locate=lambda limit: limit.span)
def error_limits(case: Case) -> tuple[ErrorLimit, ...]:
    """The error limits that are set of public SMTP servers that can be in stress, but for mail programs."""
    found = []
    for service in smtp_services(case):
        if not service.is_stressable or service.is_submission:
            continue
        for name in _LIMITS:
            setting = case.instance.setting(name, service)
            value, stressed = setting.number(), setting.number(stress=True)
            if isinstance(setting.origin, Default) or isinstance(value, BadValue):
                continue
            if not isinstance(stressed, BadValue):
                found.append(ErrorLimit(service, name, value, stressed, setting.origin.span))
    return tuple(found)


@fact()
def adaptive_number(case: Case, stress: int, normal: int) -> str:
    """A number that adapts to stress, in the form that this release understands (STRESS_README)."""
    if case.instance.release < Release.parse("3.0"):
        return f"${{stress?{stress}}}${{stress:{normal}}}"
    return f"${{stress?{{{stress}}}:{{{normal}}}}}"


@fact()
def errors_fill_the_processes(case: Case, service: Service) -> bool:
    """Whether a log shows that clients which only make errors hold the processes."""
    found = causes(case, service)
    return not isinstance(found, Missing) and not _ERRORS.isdisjoint(found)
