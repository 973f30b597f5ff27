"""Protections that Postfix turns on by default, and that somebody turned off.

Knowledge: RELEASE_NOTES of 3.7 and 3.9, postconf(5), the page about SMTP smuggling.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.restrictions import RestrictionLists
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Remove
from advisor.facts.written import is_written, key_of, written_places
from advisor.settings.service import Service
from advisor.syntax.source import Span

_STRAY, _FORBIDDEN, _RAW_KEYS = (
    "cleanup_replace_stray_cr_lf",
    "smtpd_forbidden_commands",
    "smtpd_tls_enable_rpk",
)
_BY_FINGERPRINT = ("permit_tls_clientcerts", "check_ccert_access")
_LISTS = tuple(
    f"smtpd_{stage}_restrictions" for stage in ("client", "helo", "sender", "relay", "recipient", "data")
)

Place = Service | None


class Protection(msgspec.Struct, frozen=True):
    """A parameter of a protection, written at the place `where`. `is_lost`: the value takes it away, and
    `changes` bring it back.
    """

    name: str
    value: str
    where: str
    span: Span
    is_lost: bool
    changes: tuple[Remove, ...]


@collection(element=Protection, variable="protection", locate=lambda protection: protection.span)
def written_protections(case: Case) -> tuple[Protection, ...]:
    """The lines about what protects by default."""
    return tuple(
        Protection(
            name,
            case.instance.setting(name, place).text,
            place.key if place else "main.cf",
            case.place(name, place),
            _is_lost(case, name, place),
            (Remove(name, key_of(place)),),
        )
        for name in (_STRAY, _FORBIDDEN, _RAW_KEYS)
        for place in written_places(case.instance, name)
    )


def _is_lost(case: Case, name: str, place: Place) -> bool:
    setting = case.instance.setting(name, place)
    # A release before the parameter takes no notice of it.
    if setting.parameter is None or not setting.parameter.exists_in(case.instance.release):
        return False
    if name == _FORBIDDEN:
        # A listener inside, such as a filter's way back, has nobody to forbid anything.
        return not setting.normal and (place is None or place.is_public) and bool(smtp_services(case))
    if name == _STRAY:
        return setting.boolean() is False
    return setting.boolean() is True and any(
        _knows_by_fingerprint(case, each) for each in _readers(case, place)
    )


def _readers(case: Case, place: Place) -> tuple[Service, ...]:
    if place is not None:
        return (place,)
    return tuple(
        each
        for each in case.instance.services
        if each.is_smtp_server and not is_written(case.instance, _RAW_KEYS, each)
    )


def _knows_by_fingerprint(case: Case, service: Service) -> bool:
    lists = RestrictionLists(case.instance, service)
    return any(step.name in _BY_FINGERPRINT for name in _LISTS for step in lists.steps(lists.items(name)))
