"""Which settings to show: those that were asked for by name or pattern, or all that are set anywhere."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

import msgspec

from advisor.errors import UsageError
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Setting

_PATTERN_CHARACTERS = frozenset("*?[")


class Listed(msgspec.Struct, frozen=True):
    """A setting, and the keys of the services for which it counts; `()`: all that have none of their own."""

    setting: Setting
    services: tuple[str, ...]


def listed(instance: Instance, asked: Sequence[str], service: str = "") -> tuple[Listed, ...]:
    """The settings asked for, sorted by name; first the one for all, then those of services that differ.

    `asked` are names and patterns (`*`, `?`, `[…]`); without any, all that main.cf or a `-o` sets. With
    `service` (`smtp/inet`, or `smtp` for each of that name) the settings are what those services see. Raises
    UsageError for a name that is none and a service that is not there.
    """
    chosen = _services(instance, service) if service else ()
    set_here = _set_names(instance, chosen)
    names = (
        [name for word in asked for name in _names(instance, word, set_here)] if asked else sorted(set_here)
    )
    make = _of_services if service else _for_all
    return tuple(entry for name in dict.fromkeys(names) for entry in make(instance, name, chosen))


def _services(instance: Instance, wanted: str) -> tuple[Service, ...]:
    found = tuple(each for each in instance.services if wanted in (each.key, each.name))
    if found:
        return found
    if instance.master_cf is None:
        raise UsageError("there is no master.cf, and so no service", where="--service", cure="leave it out")
    known = {name for each in instance.services for name in (each.key, each.name)}
    raise UsageError(
        f"master.cf has no service {wanted}", where="--service", cure=_nearest(wanted, sorted(known))
    )


def _set_names(instance: Instance, chosen: Sequence[Service]) -> frozenset[str]:
    """The names that main.cf sets, or a `-o` of the chosen services (of any, where none is chosen)."""
    overrides = (override.name for each in chosen or instance.services for override in each.entry.overrides)
    return frozenset((*(line.name for line in instance.main_cf.assignments), *overrides))


def _names(instance: Instance, word: str, set_here: frozenset[str]) -> list[str]:
    if not _PATTERN_CHARACTERS & set(word):
        if word not in set_here and not instance.setting(word).exists:
            raise UsageError(
                f"Postfix {instance.release} has no parameter {word}, and nothing sets it",
                cure=_nearest(word, sorted(set_here | _existing(instance))),
            )
        return [word]
    found = sorted(name for name in set_here | _existing(instance) if fnmatchcase(name, word))
    if not found:
        raise UsageError(
            f"no parameter of Postfix {instance.release} is like {word}", cure="try a shorter one"
        )
    return found


def _existing(instance: Instance) -> frozenset[str]:
    return frozenset(
        name for name, parameter in catalogue().parameters.items() if parameter.exists_in(instance.release)
    )


def _nearest(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else "without one, all that are set are shown"


def _of_services(instance: Instance, name: str, chosen: Sequence[Service]) -> Iterator[Listed]:
    for service in chosen:
        yield Listed(instance.setting(name, service), (service.key,))


def _for_all(instance: Instance, name: str, _: Sequence[Service]) -> Iterator[Listed]:
    """The setting for all, then each other one with the services that have it."""
    general = instance.setting(name)
    yield Listed(general, ())
    others: dict[tuple[object, ...], tuple[Setting, list[str]]] = {}
    for service in instance.services:
        own = instance.setting(name, service)
        if (own.text, own.normal, own.origin) != (general.text, general.normal, general.origin):
            key = (own.text, own.normal, own.stress, own.shadowed if own.is_default else own.origin)
            others.setdefault(key, (own, []))[1].append(service.key)
    for own, keys in others.values():
        yield Listed(own, tuple(keys))
