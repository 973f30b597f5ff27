"""What `advisor collect --script` brought from another host: configuration, tables, facts, maybe a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from advisor.errors import NothingToCheck
from advisor.inputs.archive import Content, files_of
from advisor.inputs.printed import printed_defaults, printed_table_types
from advisor.logs.source import LogText
from advisor.settings.given import Form, Given
from advisor.settings.host import Host
from advisor.settings.tables import CONFIGURATION, TableReader
from advisor.syntax.main_cf import parse_main_cf
from advisor.syntax.source import SourceFile


@dataclass(frozen=True, slots=True)
class Bundle:
    """A configuration with what came along. Names are those of a folder: `mx1.tar/main.cf`."""

    main: SourceFile
    master: SourceFile | None
    given: Given
    host: Host
    table: TableReader = field(repr=False)
    logs: tuple[LogText, ...] = field(repr=False)


def read_bundle(path: Path) -> Bundle:
    """The bundle at `path`; also a tar of a whole configuration folder that somebody made by hand.

    Raises InputError for an archive that is damaged or too large, NothingToCheck for one without main.cf.
    """
    files = files_of(path)
    roots = [name.parent for name in files if name.name == "main.cf" and "tables" not in name.parts]
    if not roots:
        raise NothingToCheck(
            "no main.cf in this archive", where=str(path), cure="make it with 'advisor collect --script'"
        )
    root = min(roots, key=lambda each: len(each.parts))
    inside = {
        str(name.relative_to(root)): content for name, content in files.items() if name.is_relative_to(root)
    }
    texts = {
        name: SourceFile.from_bytes(f"{path}/{name}", content.data)
        for name, content in inside.items()
        if not name.startswith("log/")
    }
    host = texts.get("host")
    told = {line.name: line.value for line in parse_main_cf(host).assignments} if host else {}
    folder = told.get("config_directory", "")
    return Bundle(
        texts["main.cf"],
        texts.get("master.cf"),
        Given(Form.BUNDLE, str(path), folder="" if folder == str(CONFIGURATION) else folder),
        _host(path, inside, told),
        _table_reader(texts),
        tuple(
            LogText(f"{path}/{name}", content.data, content.modified)
            for name, content in sorted(inside.items())
            if name.startswith("log/")
        ),
    )


def _table_reader(texts: Mapping[str, SourceFile]) -> TableReader:
    """A table is at tables/ and its whole path; in a tar of a folder, /etc/postfix/NAME is NAME."""

    def read(path: str) -> SourceFile | None:
        place = PurePosixPath(path)
        if ".." in place.parts or not place.is_absolute():
            return None
        beside = str(place.relative_to(CONFIGURATION)) if place.is_relative_to(CONFIGURATION) else ""
        return texts.get(f"tables{place}") or texts.get(beside)

    return read


def _host(path: Path, inside: Mapping[str, Content], told: Mapping[str, str]) -> Host:
    def printed(name: str) -> bytes:
        """What the program said; nothing where it is not installed."""
        return inside[name].data.strip() if name in inside else b""

    defaults, table_types = printed("postconf-d"), printed("postconf-m")
    return Host(
        printed_defaults(f"{path}/postconf-d", defaults) if defaults else None,
        printed_table_types(f"{path}/postconf-m", table_types) if table_types else None,
        _number(told, "memory"),
        _number(told, "processors"),
        _number(told, "open_files"),
        _number(told, "somaxconn"),
    )


def _number(told: Mapping[str, str], name: str) -> int | None:
    text = told.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
