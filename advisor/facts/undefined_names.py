"""Names that a value refers to and that nothing defines: Postfix puts nothing in their place, without a word.

Knowledge: mac_expand() in src/util/mac_expand.c; the stock master.cf, whose submission service once referred
to `$mua_client_restrictions` and others that an administrator was to define.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.main_cf_parameters import nearest_parameter
from advisor.facts.registry import collection
from advisor.facts.relay import refuses_strangers
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.syntax.source import Span

# Lists of the tables that one may use: a name too many in them opens and closes nothing.
_LISTS_OF_TABLES = ("proxy_read_maps", "proxy_write_maps")


class ReferringPlace(msgspec.Struct, frozen=True):
    """One value of main.cf (`key` is None), or the options of the service `key` together.

    `names` are those that nothing defines, `parameters` the ones whose values refer to them; both are empty
    where all is well. `suggestion` is a parameter that is spelt almost like the first name.
    `are_restrictions`: the values are restriction lists; `are_tables`: they only list tables. `are_empty`:
    nothing else stands in the values. `refuses_strangers`: the service refuses each client that has not
    logged in, as it is; `is_submission`: it should.
    """

    key: str | None
    span: Span
    names: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    suggestion: str = ""
    are_restrictions: bool = False
    are_tables: bool = False
    are_empty: bool = False
    refuses_strangers: bool = False
    is_submission: bool = False


@collection(element=ReferringPlace, variable="place", locate=lambda place: place.span)
def referring_places(case: Case) -> tuple[ReferringPlace, ...]:
    """The values of main.cf, and the services with all their options."""
    return tuple(_places(case.instance))


class _Use(msgspec.Struct, frozen=True):
    """A parameter whose value, at `span`, refers to `name`."""

    parameter: str
    name: str
    span: Span


def _places(instance: Instance) -> Iterator[ReferringPlace]:
    undefined: dict[Span, set[str]] = {}
    for reference in instance.undefined():
        if not isinstance(reference.origin, Default):
            undefined.setdefault(reference.origin.span, set()).add(reference.name)
    for line in {line.name: line for line in instance.main_cf.assignments}.values():
        names = undefined.get(line.span, set()) if instance.is_known(line.name) else set()
        uses = _uses(line.name, line.raw_value, line.span, names)
        yield _place(instance, None, line.value_span, list(uses))
    for service in instance.services:
        found = [
            use
            for each in service.entry.overrides
            for use in _uses(each.name, each.value, each.span, undefined.get(each.span, set()))
        ]
        yield _place(instance, service, found[0].span if found else service.span, found)


def _uses(parameter: str, text: str, span: Span, undefined: set[str]) -> Iterator[_Use]:
    """The names in a text that leave a hole: where one is only asked for, `${name?…}`, none was forgotten."""
    named = references(text)
    for name in dict.fromkeys(named):
        asked = re.findall(r"\$[{(]\s*" + re.escape(name) + r"\s*[?:]", text)
        if name in undefined and named.count(name) > len(asked):
            yield _Use(parameter, name, span)


def _place(instance: Instance, service: Service | None, span: Span, uses: list[_Use]) -> ReferringPlace:
    key = service.key if service else None
    if not uses:
        return ReferringPlace(key, span)
    parameters = tuple(dict.fromkeys(use.parameter for use in uses))
    settings = [instance.setting(name, service) for name in parameters]
    return ReferringPlace(
        key,
        span,
        names=tuple(dict.fromkeys(use.name for use in uses)),
        parameters=parameters,
        suggestion=nearest_parameter(instance, uses[0].name),
        are_restrictions=all(name.endswith("_restrictions") and name.isprintable() for name in parameters),
        are_tables=all(name in _LISTS_OF_TABLES for name in parameters),
        are_empty=all(setting.known and not setting.normal + setting.stress for setting in settings),
        refuses_strangers=service is not None and refuses_strangers(instance, service),
        is_submission=service is not None and service.is_submission,
    )
