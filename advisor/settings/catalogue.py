"""What is known of every parameter, by release.

The packaged data/catalogue.json is written by `python -m advisor.settings.refresh` from facts that were taken
from the compiled parameter tables of every Postfix release since 2.6; it names its sources.

History rule: the key of a history is the first release with that value, so for a wanted release the greatest
key that is not above it counts. A change that was carried back to older series has a key in each of them.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from advisor.settings.release import Release

Value = TypeVar("Value")


class Kind(StrEnum):
    """How a daemon reads a value: its CONFIG_*_TABLE (src/global/mail_conf.h). RAW is not $-expanded."""

    INT = "int"
    LONG = "long"
    TIME = "time"
    BOOL = "bool"
    STRING = "string"
    RAW = "raw"


class Deprecation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Since when postconf(1) warns that a parameter will go, and what it says to do instead."""

    since: str
    instead: str

    def applies_to(self, release: Release) -> bool:
        """Whether that release warns."""
        return Release.parse(self.since) <= release


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parameter of main.cf. Bounds are seconds for a time, and None where Postfix checks none.

    `legacy_since`: the release that gave the name up but still accepts it, mostly because a newer parameter's
    default refers to it (`fallback_for`). `build_dependent`: the default depends on how Postfix was built.
    """

    name: str
    type: Kind
    introduced: str
    removed: str | None = None
    deprecated: Deprecation | None = None
    replacement: str | None = None
    unit: str | None = None
    unit_from: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    minimum_length: int | None = None
    maximum_length: int | None = None
    computed: bool = False
    build_dependent: bool = False
    read_only: bool = False
    legacy_since: str | None = None
    renamed_since: str | None = None
    fallback_for: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()
    daemons: tuple[str, ...] = ()
    defaults: dict[str, str | None] = {}
    types: dict[str, Kind] = {}
    ranges: dict[str, tuple[int, int]] = {}

    def exists_in(self, release: Release) -> bool:
        """Whether a program of that release reads this name as a parameter of its own."""
        if self.only_in:
            return any(release == Release.parse(only) for only in self.only_in)
        gone = self.removed or self.renamed_since
        if gone and release >= Release.parse(gone):
            return False
        *carried_back, mainline = self.introduced.split(", ")
        return release >= Release.parse(mainline) or any(
            release >= (first := Release.parse(each)) and release.series == first.series
            for each in carried_back
        )

    def is_legacy_in(self, release: Release) -> bool:
        """Whether that release no longer has the name but postconf(1) still accepts it."""
        return (
            not self.exists_in(release)
            and self.legacy_since is not None
            and release >= Release.parse(self.legacy_since)
        )

    def default(self, release: Release) -> str | None:
        """The default as `postconf -d` prints it; None where the host computes it, or there is none.

        For a release before the first that the facts cover, the oldest default they know.
        """
        if len(self.defaults) < 2:
            return next(iter(self.defaults.values()), None)
        oldest = min(self.defaults, key=Release.parse)
        return self.defaults[oldest] if release < Release.parse(oldest) else _at(self.defaults, release)

    def kind(self, release: Release) -> Kind:
        """How that release reads the value."""
        return (_at(self.types, release) if self.types else None) or self.type

    def bounds(self, release: Release) -> tuple[int | None, int | None]:
        """The least and greatest value that release accepts; None where it checks none."""
        if not self.ranges:
            return self.minimum, self.maximum
        least, greatest = _at(self.ranges, release) or (0, 0)
        return least or None, greatest or None


class Family(msgspec.Struct, frozen=True, omit_defaults=True):
    """Parameters named after a service: `<service><suffix>`, with `$fallback` as default.

    `programs`: postconf(1) knows such a name only if the service runs one of them.
    """

    suffix: str
    fallback: str
    type: Kind
    introduced: str
    programs: tuple[str, ...]
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None

    def parameter(self, service: str) -> Parameter:
        """The parameter of that service."""
        return Parameter(
            name=service + self.suffix,
            type=self.type,
            introduced=self.introduced,
            unit=self.unit,
            minimum=self.minimum,
            maximum=self.maximum,
            daemons=("qmgr",) if self.suffix != "_time_limit" else self.programs,
            defaults={self.introduced: f"${self.fallback}"},
        )


class Attribute(msgspec.Struct, frozen=True, omit_defaults=True):
    """A setting of a table driver: `<table><_name>` in main.cf, or a line of the table's own file."""

    name: str
    introduced: str
    removed: str | None = None


class StockService(msgspec.Struct, frozen=True, omit_defaults=True):
    """An active line of the master.cf that Postfix comes with. `fields` (private, unpriv, chroot, wakeup,
    maxproc) and `arguments` are by the first release that has them.
    """

    name: str
    type: str
    command: str
    introduced: str
    removed: str | None
    fields: dict[str, tuple[str, str, str, str, str]]
    arguments: dict[str, tuple[str, ...]] = {}

    def line(self, release: Release) -> str:
        """The line as `postconf -M` prints it; empty if that release has none."""
        if release < Release.parse(self.introduced):
            return ""
        if self.removed and release >= Release.parse(self.removed):
            return ""
        fields = _at(self.fields, release) or self.fields[min(self.fields, key=Release.parse)]
        columns = " ".join(f"{field:<7}" for field in fields)
        words = (self.command, *(_at(self.arguments, release) or ()))
        return f"{self.name:<10} {self.type:<5} {columns} {' '.join(words)}"


class Provenance(msgspec.Struct, frozen=True):
    """Where the catalogue comes from: the facts' own words, the inputs' SHA-256, the releases covered."""

    sources: tuple[str, ...]
    sha256: dict[str, str]
    latest_patch: dict[str, str]


class Catalogue(msgspec.Struct, frozen=True, dict=True):
    """All parameters, families, table attributes and stock services."""

    provenance: Provenance
    parameters: dict[str, Parameter]
    families: tuple[Family, ...]
    table_attributes: dict[str, tuple[Attribute, ...]]
    stock_services: tuple[StockService, ...]

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name in any release; names made from services are `service_parameter`'s."""
        return self.parameters.get(name)

    def service_parameter(self, name: str, services: Iterable[str] | None) -> Parameter | None:
        """The parameter `name` of one of these services; None for `services` stands for any service."""
        for family in self.families:  # the longest suffix stands first
            service = name.removesuffix(family.suffix)
            if service and service != name and (services is None or service in services):
                return family.parameter(service)
        return None

    def attributes(self, table_type: str, release: Release) -> tuple[str, ...]:
        """The names of a table driver's attributes in that release; empty for a driver without any."""
        return tuple(
            attribute.name
            for attribute in self.table_attributes.get(table_type, ())
            if Release.parse(attribute.introduced) <= release
            and (attribute.removed is None or release < Release.parse(attribute.removed))
        )


def _at(history: Mapping[str, Value], release: Release) -> Value | None:
    """The value of the greatest key that is not above the release."""
    reached = [key for key in history if Release.parse(key) <= release]
    return history[max(reached, key=Release.parse)] if reached else None


@cache
def catalogue() -> Catalogue:
    """The packaged catalogue, read once."""
    data = Path(__file__).with_name("data").joinpath("catalogue.json").read_bytes()
    return msgspec.json.decode(data, type=Catalogue)
