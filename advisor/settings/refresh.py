"""Writes data/catalogue.json from facts files: `python -m advisor.settings.refresh PARAMETERS SERVICES`.

A new Postfix release means new facts files and one run of this; nothing else changes.
"""

import hashlib
import re
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from advisor.errors import AdvisorError, InputError, UsageError, unreadable
from advisor.settings.catalogue import (
    Attribute,
    Catalogue,
    Deprecation,
    Family,
    Kind,
    Parameter,
    Provenance,
    StockService,
)

TARGET: Final = Path(__file__).with_name("data") / "catalogue.json"
# "nint" and "nbool" differ from their plain forms only in how the default is written in C.
_KINDS: Final = {"nint": Kind.INT, "nbool": Kind.BOOL}


def _kind(name: str) -> Kind:
    return _KINDS.get(name) or Kind(name)


def _replacement(facts: dict[str, Any], names: frozenset[str]) -> str | None:
    instead: str = (facts["deprecated"] or {}).get("instead", "")
    named: list[str] = [word for word in re.findall(r"\w+", instead) if word in names]
    if named:
        return named[0]
    heirs: list[str] = facts.get("fallback_for", [])
    return heirs[0] if len(heirs) == 1 and ("legacy_since" in facts or facts["deprecated"]) else None


def _parameter(name: str, facts: dict[str, Any], names: frozenset[str]) -> Parameter:
    deprecated = facts["deprecated"]
    return Parameter(
        name=name,
        type=_kind(facts["type"]),
        introduced=facts["introduced"],
        removed=facts["removed"],
        deprecated=Deprecation(deprecated["since"], deprecated["instead"]) if deprecated else None,
        replacement=_replacement(facts, names),
        unit=facts.get("unit"),
        unit_from=facts.get("unit_from"),
        minimum=facts.get("min"),
        maximum=facts.get("max"),
        minimum_length=facts.get("min_length"),
        maximum_length=facts.get("max_length"),
        computed=facts.get("computed", False),
        build_dependent=facts.get("build_dependent", False),
        read_only=facts.get("read_only", False),
        legacy_since=facts.get("legacy_since"),
        renamed_since=facts.get("renamed_since"),
        fallback_for=tuple(facts.get("fallback_for", ())),
        only_in=tuple(facts.get("only_in", ())),
        daemons=tuple(facts["daemons"]),
        defaults=facts["defaults"],
        types={release: _kind(kind) for release, kind in facts.get("types", {}).items()},
        ranges={release: (low, high) for release, (low, high) in facts.get("ranges", {}).items()},
    )


def _family(suffix: str, facts: dict[str, Any]) -> Family:
    return Family(
        suffix=suffix,
        fallback=facts["fallback"],
        type=_kind(facts["type"]),
        introduced=facts["introduced"],
        programs=tuple(facts["postconf_programs"]),
        unit=facts.get("unit"),
        minimum=facts.get("min"),
        maximum=facts.get("max"),
    )


def _attributes(facts: dict[str, Any]) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(name, fact["introduced"], fact.get("removed")) for name, fact in sorted(facts.items())
    )


def _stock_services(facts: dict[str, dict[str, Any]]) -> tuple[StockService, ...]:
    """The services that are no comment in the stock master.cf; those of a network stand first, as there."""
    columns = ("private", "unpriv", "chroot", "wakeup", "maxproc")
    return tuple(
        StockService(
            name=fact["name"],
            type=fact["type"],
            command=fact["command"],
            introduced=fact["introduced"],
            removed=fact["removed"],
            fields={
                release: tuple(fields[column] for column in columns)
                for release, fields in fact["fields"].items()
            },
            arguments={release: tuple(words) for release, words in fact.get("args", {}).items()},
        )
        for _, fact in sorted(facts.items(), key=lambda item: (item[1]["type"] != "inet", item[0]))
        if fact["stock"]
    )


def _read(path: Path, keys: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """The facts in a file that has those keys, and its SHA-256."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(error, str(path)) from error
    try:
        facts = msgspec.json.decode(data, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InputError(
            f"is no JSON object: {error}", where=str(path), cure="name a facts file in JSON"
        ) from error
    for key in keys:
        if key not in facts:
            raise InputError(
                f"has no key {key!r}", where=str(path), cure="name the facts files in the order of the usage"
            )
    return facts, hashlib.sha256(data).hexdigest()


def build(parameters: Path, services: Path) -> Catalogue:
    """The catalogue of the two facts files. Raises InputError if one is not what it should be."""
    facts, digest = _read(parameters, ("source", "parameters", "service_parameter_families", "latest_patch"))
    service_facts, service_digest = _read(services, ("source", "programs", "services"))
    names = frozenset(facts["parameters"])
    try:
        return Catalogue(
            provenance=Provenance(
                sources=(facts["source"], service_facts["source"]),
                sha256={parameters.name: digest, services.name: service_digest},
                latest_patch=facts["latest_patch"],
            ),
            parameters={
                name: _parameter(name, fact, names) for name, fact in sorted(facts["parameters"].items())
            },
            families=tuple(
                _family(suffix, fact)
                for suffix, fact in sorted(
                    facts["service_parameter_families"].items(), key=lambda item: (-len(item[0]), item[0])
                )
            ),
            table_attributes={
                driver: _attributes(fact) for driver, fact in sorted(facts["table_driver_attributes"].items())
            },
            stock_services=_stock_services(service_facts["services"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"lacks or misspells something: {error!r}",
            where=str(parameters),
            cure="make the facts again, or teach refresh.py their new form",
        ) from error


def write(catalogue: Catalogue, target: Path) -> None:
    """Writes the catalogue, one parameter a line, so that a refresh can be read as a diff."""
    encoder = msgspec.json.Encoder()

    def block(entries: dict[str, Any]) -> str:
        lines = (f"{encoder.encode(key).decode()}:{encoder.encode(v).decode()}" for key, v in entries.items())
        return "{\n" + ",\n".join(lines) + "\n}"

    families = ",\n".join(encoder.encode(family).decode() for family in catalogue.families)
    stock = ",\n".join(encoder.encode(service).decode() for service in catalogue.stock_services)
    target.write_text(
        f'{{"provenance":{encoder.encode(catalogue.provenance).decode()},\n'
        f'"parameters":{block(catalogue.parameters)},\n'
        f'"families":[\n{families}\n],\n'
        f'"table_attributes":{block(dict(catalogue.table_attributes))},\n'
        f'"stock_services":[\n{stock}\n]}}\n',
        encoding="utf-8",
    )


def main(arguments: list[str]) -> int:
    """Runs the command; the exit code is 0, or the error's own."""
    try:
        if len(arguments) != 2:
            raise UsageError(
                f"{len(arguments)} arguments",
                where="advisor.settings.refresh",
                cure="name the two facts files: PARAMETERS.json MASTER-SERVICES.json",
            )
        write(build(Path(arguments[0]), Path(arguments[1])), TARGET)
    except AdvisorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
