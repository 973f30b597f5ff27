"""What --set and --sweep name, in Postfix's own words -> changes of a configuration.

`name` is a parameter of main.cf; `smtp/inet/name` is a column of that entry of master.cf as `postconf -F`
names it, or else an option of it as `postconf -P` does.
"""

import msgspec

from advisor.engine.changes import (
    SERVICE_FIELDS,
    Change,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
)
from advisor.engine.suggest import did_you_mean
from advisor.errors import UsageError
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance

_SET, _SWEEP = "--set", "--sweep"


class Key(msgspec.Struct, frozen=True):
    """What is set: a parameter for all services, or a column or a parameter of one."""

    name: str
    service: str | None = None

    def __str__(self) -> str:
        return f"{self.service}/{self.name}" if self.service else self.name

    def to(self, value: str) -> Change:
        """The change that gives it this value."""
        if self.service is None:
            return SetParameter(self.name, value)
        if self.name in SERVICE_FIELDS:
            return SetServiceField(self.service, self.name, value)
        return SetServiceOverride(self.service, self.name, value)


class Setting(msgspec.Struct, frozen=True):
    """One --set."""

    key: Key
    value: str

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def change(self) -> Change:
        """The change that makes it."""
        return self.key.to(self.value)


class Range(msgspec.Struct, frozen=True):
    """One --sweep: a key, and the texts of the first and the last value."""

    key: Key
    first: str
    last: str


def setting_of(text: str, instance: Instance) -> Setting:
    """The --set that is meant. Raises UsageError for what names nothing."""
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} sets nothing", where=_SET, cure=f"write {_SET} NAME=VALUE")
    return Setting(_key_of(name.strip(), instance, _SET), value.strip())


def range_of(text: str, instance: Instance) -> Range:
    """The --sweep that is meant. Raises UsageError for what names nothing."""
    name, _, values = text.partition("=")
    first, dots, last = values.partition("..")
    if not dots or not first.strip() or not last.strip():
        raise UsageError(f"{text!r} is no range", where=_SWEEP, cure=f"write {_SWEEP} NAME=FIRST..LAST")
    return Range(_key_of(name.strip(), instance, _SWEEP), first.strip(), last.strip())


def _key_of(text: str, instance: Instance, where: str) -> Key:
    service, slash, name = text.rpartition("/")
    known = catalogue().parameters.keys()
    if not slash:
        if not name or not (name in known or instance.is_known(name)):
            servers = [each.key for each in instance.services if each.is_smtp_server]
            if name in SERVICE_FIELDS and servers:
                cure = f"did you mean {servers[0]}/{name}?"
            else:
                cure = did_you_mean(name, known)
            raise UsageError(f"there is no parameter {name!r}", where=where, cure=cure)
        return Key(name)
    if instance.service(service) is None:
        keys = [each.key for each in instance.services]
        raise UsageError(f"there is no service {service!r}", where=where, cure=did_you_mean(service, keys))
    if name not in SERVICE_FIELDS and name not in known and not instance.is_known(name):
        raise UsageError(
            f"{name!r} is no column of master.cf and no parameter",
            where=where,
            cure=did_you_mean(name, (*SERVICE_FIELDS, *known)),
        )
    return Key(name, service)
