"""The restriction classes that smtpd_restriction_classes announces, and those that are used or defined.

A class is a parameter of the administrator's own that holds restrictions. Knowledge: smtpd_check_init() in
src/smtpd/smtpd_check.c, which ends smtpd(8) for a class without a value, and generic_checks(), which answers
"451 4.3.5 Server configuration error" for a name it does not know; RESTRICTION_CLASS_README.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.restrictions import RESTRICTION_LISTS
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

CLASSES = "smtpd_restriction_classes"


class RestrictionClasses(msgspec.Struct, frozen=True):
    """The list of classes in main.cf (`key` is None) or in an option of the service `key`.

    `undefined` are in it and have no value; `unlisted` are defined and used as restrictions, but not in it;
    `wanted` is the list with them; empty where it has characters that a change must not repeat.
    """

    key: str | None
    span: Span
    undefined: tuple[str, ...]
    unlisted: tuple[str, ...]
    wanted: str


@collection(element=RestrictionClasses, variable="classes", locate=lambda classes: classes.span)
def restriction_classes(case: Case) -> tuple[RestrictionClasses, ...]:
    """The lists of restriction classes: that of main.cf, set or not, and those of services."""
    return tuple(_lists(case.instance))


def unlisted_classes(instance: Instance) -> frozenset[str]:
    """The names in main.cf that are used as restriction classes and are announced nowhere."""
    return frozenset(name for each in _lists(instance) for name in each.unlisted)


def unlisted_of(instance: Instance, service: Service | None) -> tuple[str, ...]:
    """The names that a service's lists use as restriction classes, and that are not announced to it; of
    main.cf's lists where there is no service.
    """
    listed = _items(instance, CLASSES, service)
    words = (
        word
        for name in (*RESTRICTION_LISTS, *listed)
        for word in _classes_in(instance, _items(instance, name, service))
    )
    return tuple(dict.fromkeys(word for word in words if word not in listed))


def _lists(instance: Instance) -> Iterator[RestrictionClasses]:
    general = instance.setting(CLASSES)
    servers = [service for service in instance.services if service.is_smtp_server]
    reading = [each for each in servers if instance.setting(CLASSES, each).origin == general.origin]
    span = instance.main_cf.source.end_span if isinstance(general.origin, Default) else general.origin.span
    yield _list(instance, None, span, reading if instance.master_cf else [None])
    for service in servers:
        origin = instance.setting(CLASSES, service).origin
        if service not in reading and not isinstance(origin, Default):
            yield _list(instance, service.key, origin.span, [service])


def _list(
    instance: Instance, key: str | None, span: Span, readers: list[Service] | list[None]
) -> RestrictionClasses:
    undefined: dict[str, None] = {}
    unlisted: dict[str, None] = {}
    text = instance.setting(CLASSES, instance.service(key) if key else None).text
    for reader in readers:
        listed = _items(instance, CLASSES, reader)
        for name in listed:
            setting = instance.setting(name, reader)
            if setting.problem is None and not setting.unknown and not setting.normal:
                undefined[name] = None
        unlisted |= dict.fromkeys(unlisted_of(instance, reader))
    separator = ", " if "," in text or not text else " "
    wanted = separator.join([*([text.rstrip(", ")] if text else []), *unlisted])
    wanted = wanted if wanted.isprintable() else ""
    return RestrictionClasses(key, span, tuple(undefined), tuple(unlisted), wanted)


def _classes_in(instance: Instance, words: tuple[str, ...]) -> Iterator[str]:
    """The words that can only be classes: names of main.cf's own. One behind check_… is that one's table."""
    own = {line.name for line in instance.main_cf.assignments}
    for before, word in zip(("", *words), words, strict=False):
        if word in own and catalogue().parameter(word) is None and not before.lower().startswith("check_"):
            yield word


def _items(instance: Instance, name: str, service: Service | None) -> tuple[str, ...]:
    items = instance.setting(name, service).items()
    return () if isinstance(items, BadValue) else items
