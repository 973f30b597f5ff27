"""Parameters of TLS's first days, and disable_dns_lookups: what they mean today, and what says the same.

`X_use_tls` and `X_enforce_tls` count only where the security level of X is empty, and disable_dns_lookups
only where the DNS support level is. Knowledge: postconf(5); DEPRECATION_README; global_tls_level() in
src/smtp/smtp_tls_policy.c; pre_init() in src/smtp/smtp.c; main() in src/smtpd/smtpd.c.
"""

from collections.abc import Callable, Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.wanted import Assign, Remove, Wanted
from advisor.facts.written import is_written, key_of, referring_names, written_parameters, written_places
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

_USE, _ENFORCE, _PEERNAME = "_use_tls", "_enforce_tls", "_tls_enforce_peername"
_DNS = "disable_dns_lookups"
_NO_TLS = "none"
# Levels that let mail pass in plain text.
_NOT_ENFORCED = ("may", _NO_TLS)

Place = Service | None


class OldParameters(msgspec.Struct, frozen=True):
    """Old names that go together. `meaning` tells in words what they say today. `changes` take the lines away
    and say the same in today's names; they are empty where only a person can. `alters`: without the lines
    Postfix behaves in another way. `warns`: postconf(1) of this release says that a name will go.
    `is_weaker`: TLS is asked to be enforced, and the line has no effect.
    """

    names: tuple[str, ...]
    span: Span
    meaning: tuple[str, ...]
    changes: tuple[Wanted, ...]
    alters: bool
    warns: bool
    is_weaker: bool = False


class _Scheme(msgspec.Struct, frozen=True):
    """Old names, the name of today, and what is in force at a place; `neutral` is what nothing at all means.

    `services` are those whose program reads the name of today.
    """

    names: tuple[str, ...]
    today: str
    neutral: str
    in_force: Callable[[Place], str]
    services: tuple[Service, ...]


@collection(element=OldParameters, variable="old", locate=lambda old: old.span)
def old_tls_parameters(case: Case) -> tuple[OldParameters, ...]:
    """The old names that are set: first all that can be written in today's names, and be it none; then each
    other one.
    """
    schemes = [
        scheme
        for scheme in (*_tls_schemes(case.instance), *_dns_schemes(case.instance))
        if _can_be_rewritten(case.instance, scheme)
    ]
    return (_rewritten(case, schemes), *_others(case))


def security_level(instance: Instance, prefix: str, place: Place) -> str:
    """The TLS security level of smtp, smtpd and their like, old names taken into account: enforcing means
    `verify` to a client that checks the peer's name. Empty if an old name that counts has no valid value.
    """
    level = instance.setting(_level_name(prefix), place).normal
    if level:
        return level
    old = [instance.setting(prefix + end, place) for end in (_ENFORCE, _USE, _PEERNAME)]
    enforce, use, verifies = (each.boolean() if each.exists else False for each in old)
    if not all(isinstance(each, bool) for each in (enforce, use, verifies)):
        return ""
    if enforce:
        return "verify" if verifies else "encrypt"
    return "may" if use else _NO_TLS


def _level_name(prefix: str) -> str:
    parameter = catalogue().parameter(prefix + _USE)
    return (parameter and parameter.replacement) or ""


def _tls_schemes(instance: Instance) -> Iterator[_Scheme]:
    for prefix in (name.removesuffix(_USE) for name in catalogue().parameters if name.endswith(_USE)):
        names = tuple(prefix + end for end in (_USE, _ENFORCE, _PEERNAME))
        written = tuple(name for name in names if written_places(instance, name))
        today = _level_name(prefix)
        if written and instance.setting(today).exists:

            def in_force(place: Place, prefix: str = prefix) -> str:
                return security_level(instance, prefix, place)

            yield _Scheme(written, today, _NO_TLS, in_force, instance.services)


def _dns_schemes(instance: Instance) -> Iterator[_Scheme]:
    if not written_places(instance, _DNS):
        return
    for program in ("smtp", "lmtp"):
        today = f"{program}_dns_support_level"
        services = tuple(service for service in instance.services if service.command == program)
        if instance.setting(today).exists and (services or program == "smtp"):

            def in_force(place: Place, today: str = today) -> str:
                return _dns_support(instance, today, place)

            yield _Scheme((_DNS,), today, "enabled", in_force, services)


def _dns_support(instance: Instance, today: str, place: Place) -> str:
    level = instance.setting(today, place).normal
    disabled = instance.setting(_DNS, place).boolean()
    if level or isinstance(disabled, BadValue):
        return level
    return "disabled" if disabled else "enabled"


def _can_be_rewritten(instance: Instance, scheme: _Scheme) -> bool:
    """Whether the values are known, and no other parameter refers to the old names."""
    places = (None, *written_places(instance, *scheme.names))
    settings = [instance.setting(name, place) for name in scheme.names for place in places]
    referring = {other for name in scheme.names for other in referring_names(instance, name)}
    return (
        all(scheme.in_force(place) for place in places)
        and all(setting.normal == setting.stress for setting in settings)
        and all(other.endswith((_USE, _ENFORCE, _PEERNAME)) for other in referring)
    )


def _rewritten(case: Case, schemes: list[_Scheme]) -> OldParameters:
    instance = case.instance
    names = tuple(dict.fromkeys(name for scheme in schemes for name in scheme.names))
    places = [(name, place) for name in names for place in written_places(instance, name)]
    assigned = {scheme.today: tuple(_assignments(instance, scheme)) for scheme in schemes}
    main = {each.name: each.value for all_of in assigned.values() for each in all_of if each.service is None}
    return OldParameters(
        names,
        min(
            (case.place(name, place) for name, place in places),
            default=case.instance.main_cf.source.end_span,
        ),
        tuple(dict.fromkeys(meaning for scheme in schemes for meaning in _meanings(instance, scheme))),
        (
            *(
                each
                for all_of in assigned.values()
                for each in all_of
                if each.service or not _follows(instance, each, main)
            ),
            *(Remove(name, key_of(place)) for name, place in places),
        ),
        alters=False,
        warns=any(_warns(instance, name) for name in names),
        is_weaker=any(_is_weaker(instance, scheme) for scheme in schemes),
    )


def _assignments(instance: Instance, scheme: _Scheme) -> Iterator[Assign]:
    """What has to be written so that each place keeps what is in force there once the old names are gone."""
    everywhere = scheme.in_force(None)
    declined = _declines(instance, scheme, None)
    if not instance.setting(scheme.today).normal and (everywhere != scheme.neutral or declined):
        yield Assign(scheme.today, everywhere)
    for place in written_places(instance, *scheme.names, scheme.today):
        if place not in scheme.services:
            continue
        left = instance.setting(scheme.today, place).normal or scheme.neutral
        behind = left if is_written(instance, scheme.today, place) else everywhere
        if behind != scheme.in_force(place) or (_declines(instance, scheme, place) and not declined):
            yield Assign(scheme.today, scheme.in_force(place), place.key)


def _declines(instance: Instance, scheme: _Scheme, place: Place) -> bool:
    """Whether somebody wrote down there that there shall be no TLS: that is more than nothing at all."""
    uses = (name for name in scheme.names if name.endswith(_USE) and is_written(instance, name, place))
    return scheme.in_force(place) == _NO_TLS and any(
        instance.setting(name, place).text == "no" for name in uses
    )


def _follows(instance: Instance, assign: Assign, main: dict[str, str]) -> bool:
    """Whether the parameter refers to another that is to have the same value."""
    text = instance.setting(assign.name).text
    return text.startswith("$") and main.get(text[1:]) == assign.value


def _meanings(instance: Instance, scheme: _Scheme) -> Iterator[str]:
    for place in written_places(instance, *scheme.names):
        if place is not None and place not in scheme.services:
            continue
        lines = [name for name in scheme.names if is_written(instance, name, place)]
        of = f" of {place.key}" if place else ""
        said = " and ".join(f"{name} = {instance.setting(name, place).text}" for name in lines) + of
        many = len(lines) > 1
        level = instance.setting(scheme.today, place).normal
        if level:
            yield f"{said} {'have' if many else 'has'} no effect beside {scheme.today} = {level}"
        elif scheme.in_force(place) == scheme.neutral and not _declines(instance, scheme, place):
            yield f"{said} {'are' if many else 'is'} the default"
        else:
            yield f"{said} {'mean' if many else 'means'} {scheme.today} = {scheme.in_force(place)}"


def _is_weaker(instance: Instance, scheme: _Scheme) -> bool:
    return any(
        instance.setting(name, place).boolean() is True
        and instance.setting(scheme.today, place).normal in _NOT_ENFORCED
        for name in scheme.names
        if name.endswith(_ENFORCE)
        for place in written_places(instance, name)
    )


def _warns(instance: Instance, name: str) -> bool:
    parameter = catalogue().parameter(name)
    deprecated = parameter.deprecated if parameter else None
    known = not instance.release_is_assumed
    return known and deprecated is not None and deprecated.applies_to(instance.release)


def _others(case: Case) -> Iterator[OldParameters]:
    """The names that this release warns of, that nothing replaces, and that are no old name of another."""
    instance = case.instance
    for parameter in written_parameters(instance):
        name = parameter.name
        if (
            not _warns(instance, name)
            or not parameter.exists_in(instance.release)
            or name == _DNS
            or name.endswith((_USE, _ENFORCE, _PEERNAME))
        ):
            continue
        places = written_places(instance, name)
        removal = tuple(Remove(name, key_of(place)) for place in places)
        default = parameter.default(instance.release)
        alters = any(instance.setting(name, place).text != default for place in places)
        advice = (parameter.deprecated.instead if parameter.deprecated else "").replace('"', "")
        said = ", ".join(
            dict.fromkeys(f"{name} = {instance.setting(name, place).text}".strip() for place in places)
        )
        is_best_unset = advice.startswith("do not specify")
        to_do = "is best left at its default" if is_best_unset else f"is out of date: {advice}"
        yield OldParameters(
            (name,),
            case.place(name, places[0]),
            (f"{said} {to_do}" if alters else f"{said} is the default",),
            # What a table of old holds has to be written anew, entry by entry.
            () if alters and parameter.replacement else removal,
            alters,
            warns=True,
        )
