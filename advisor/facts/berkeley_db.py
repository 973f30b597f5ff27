"""The tables of a configuration that need Berkeley DB: hash: and btree:, written or by default.

Knowledge: DATABASE_README; the defaults that name such a table, by program.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.settings.instance import Instance
from advisor.syntax.source import Span

_TABLE = re.compile(r"(?:^|[\s,{:=])((?:hash|btree):)")
# Who opens a table of that kind although nobody wrote one, and the parameter whose default names it.
_IMPLICIT = {"postscreen": "postscreen_cache_map", "local": "alias_maps"}
_PROBES = ("reject_unverified_sender", "reject_unverified_recipient")


class BerkeleyDbUse(msgspec.Struct, frozen=True):
    """A parameter that names such a table. `text` is its name, with the service where an option has it."""

    text: str
    span: Span


def berkeley_db_uses(instance: Instance) -> tuple[BerkeleyDbUse, ...]:
    """The uses of Berkeley DB, the written ones first, each parameter of a place once."""
    return tuple(_uses(instance))


def _uses(instance: Instance) -> Iterator[BerkeleyDbUse]:
    values = list(instance.main_cf.assignments)
    for line in {line.name: line for line in values}.values():
        if _TABLE.search(line.raw_value):
            yield BerkeleyDbUse(line.name, line.value_span)
    for service in instance.services:
        for option in service.entry.overrides:
            if _TABLE.search(option.value):
                yield BerkeleyDbUse(f"{option.name} of {service.key}", option.span)
    end = instance.main_cf.source.end_span
    commands = {service.command for service in instance.services}
    for command, name in _IMPLICIT.items():
        if command in commands and instance.setting(name).is_default and _by_default(instance, name):
            yield BerkeleyDbUse(f"the default of {name}", end)
    probes = any(word in line.raw_value for line in values for word in _PROBES)
    if (
        probes
        and instance.setting("address_verify_map").is_default
        and _by_default(instance, "address_verify_map")
    ):
        yield BerkeleyDbUse("the default of address_verify_map", end)


def _by_default(instance: Instance, name: str) -> bool:
    return bool(_TABLE.search(instance.setting(name).normal))
