"""Where the values of a parameter are written, and which names the written values refer to."""

import re
from collections.abc import Iterator

from advisor.facts.wanted import Assign, Remove
from advisor.settings.catalogue import Parameter, catalogue
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.service import Service

# `${name?…}`, `${name:…}` and `${{a} == {b} ? …}`.
_CONDITION = re.compile(r"\$[{(](?:\{|\s*\w+\s*[?:])")


def written_places(instance: Instance, *names: str) -> tuple[Service | None, ...]:
    """Where any of the names is set: None stands for main.cf, then the services that have it by `-o`."""
    main = (None,) if any(name in instance.main_cf.by_name for name in names) else ()
    if instance.overridden.isdisjoint(names):
        return main
    return (*main, *(each for each in instance.services if not each.entry.overridden.isdisjoint(names)))


def written_parameters(instance: Instance) -> Iterator[Parameter]:
    """The parameters of any release that are set somewhere, in the catalogue's order."""
    names = instance.overridden.union(instance.main_cf.by_name)
    return (each for name, each in catalogue().parameters.items() if name in names)


def is_written(instance: Instance, name: str, place: Service | None) -> bool:
    """Whether that very place sets the name."""
    if place is not None:
        return name in place.entry.overridden
    return name in instance.main_cf.by_name


def written_text(instance: Instance, name: str, place: Service | None) -> str:
    """The value as that place has it, with its blanks; a CR, which no new value may have, becomes one. Empty
    where it has none.
    """
    if place is not None:
        options = [override.value for override in place.entry.overrides if override.name == name]
    else:
        options = [line.raw_value for line in instance.main_cf.by_name.get(name, ())]
    return options[-1].replace("\r", " ") if options else ""


def text_of_list(instance: Instance, name: str, place: Service | None) -> str:
    """The value as that place has it; what it comes to without stress where a condition is written there."""
    if has_condition(instance, name, place):
        return instance.setting(name, place).normal
    return written_text(instance, name, place)


def has_condition(instance: Instance, name: str, place: Service | None) -> bool:
    """Whether a condition decides what the value is, so that its elements cannot be changed one by one."""
    return bool(_CONDITION.search(written_text(instance, name, place)))


def referring_names(instance: Instance, name: str) -> tuple[str, ...]:
    """The parameters with `$name` in a value of main.cf or of a `-o`."""
    values = [(line.name, line.raw_value) for line in instance.main_cf.assignments]
    values += [(each.name, each.value) for service in instance.services for each in service.entry.overrides]
    return tuple(dict.fromkeys(other for other, value in values if name in references(value)))


def assigned(instance: Instance, name: str, value: str, place: Service | None) -> Assign | Remove:
    """What gives the name that value there; in main.cf, no line that says what the release does anyway."""
    parameter = catalogue().parameter(name)
    if place is None and parameter is not None and parameter.default(instance.release) == value:
        return Remove(name)
    return Assign(name, value, key_of(place))


def key_of(place: Service | None) -> str | None:
    """The service's key; None for main.cf."""
    return place.key if place else None
