"""Settings in force as JSON, version 1: the types are the format."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from advisor.report.json_text import as_json
from advisor.report.model import VERSION
from advisor.settings.instance import Instance
from advisor.settings.listing import Listed
from advisor.settings.setting import Default, MainCfLine, Origin, ServiceOverride


class ByDefault(msgspec.Struct, frozen=True, tag_field="kind", tag="default"):
    """The default of a release of Postfix."""

    release: str


class ByMainCf(msgspec.Struct, frozen=True, tag_field="kind", tag="MainCfLine"):
    """A line of main.cf; lines and columns count from 1."""

    file: str
    line: int
    column: int


class ByService(msgspec.Struct, frozen=True, tag_field="kind", tag="ServiceOverride"):
    """A `-o` in master.cf."""

    file: str
    line: int
    column: int


class ShadowedItem(msgspec.Struct, frozen=True):
    """A value that does not count, since another is set behind it or nearer to the service."""

    text: str
    origin: ByDefault | ByMainCf | ByService


class SettingItem(msgspec.Struct, frozen=True):
    """One setting: its `text`, and its `value`, also while all processes are busy (`stress`), both null where
    the host sets what is in `unknown`. `services` is empty for all that have no own value; `problem` is null
    where Postfix takes the value.
    """

    name: str
    services: list[str]
    text: str
    value: str | None
    stress: str | None
    unknown: list[str]
    problem: str | None
    origin: ByDefault | ByMainCf | ByService
    shadows: list[ShadowedItem]


class Release(msgspec.Struct, frozen=True):
    """The release whose defaults count, and how it was found."""

    version: str
    source: str


class ShowDocument(msgspec.Struct, frozen=True):
    """What `advisor show --output-format json` writes."""

    version: Literal[1]
    configuration: str
    postfix: Release
    settings: list[SettingItem]


def settings_as_json(instance: Instance, entries: Sequence[Listed]) -> str:
    """The document, indented, with a newline behind it."""
    document = ShowDocument(
        version=VERSION,
        configuration=instance.name,
        postfix=Release(str(instance.release), instance.release_source),
        settings=[_entry(entry) for entry in entries],
    )
    return as_json(msgspec.to_builtins(document))


def _entry(entry: Listed) -> SettingItem:
    setting = entry.setting
    return SettingItem(
        name=setting.name,
        services=list(entry.services),
        text=setting.text,
        value=setting.normal if setting.known else None,
        stress=setting.stress if setting.known else None,
        unknown=sorted(setting.unknown),
        problem=None if setting.problem is None else str(setting.problem),
        origin=_origin(setting.origin),
        shadows=[ShadowedItem(loser.text, _origin(loser.origin)) for loser in setting.shadowed],
    )


def _origin(origin: Origin) -> ByDefault | ByMainCf | ByService:
    match origin:
        case Default():
            return ByDefault(str(origin.release))
        case MainCfLine(span):
            return ByMainCf(span.file, span.line, span.column)
        case ServiceOverride():
            return ByService(origin.span.file, origin.span.line, origin.span.column)
