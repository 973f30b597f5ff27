"""Lookup tables for the private Postfix: a copy, this host's own, or what stands in.

Knowledge: DATABASE_README; postconf(5) on lists that may name files; access(5).
"""

import os
from enum import StrEnum
from pathlib import PurePosixPath

from advisor.rehearsal.here import Here
from advisor.rehearsal.places import CONFIG
from advisor.settings.instance import Instance
from advisor.settings.values import split_items
from advisor.settings.vocabulary import vocabulary

# Types whose text is compiled, and how the compiled file is called.
_COMPILED = {"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "cdb": ".cdb", "dbm": ".pag", "sdbm": ".pag"}
_TEXT = frozenset({"cidr", "pcre", "regexp", "texthash"})
# Types that have all they answer in their own name.
_COMPLETE = frozenset({"fail", "inline", "randmap", "static"})
_OF_TABLES = frozenset({"pipemap", "unionmap"})
_PROXY = "proxy:"


class Use(StrEnum):
    """What a table is asked for: whether a client may, whether a recipient exists, or anything else."""

    ACCESS = "access"
    RECIPIENTS = "recipients"
    OTHER = "other"


# What changes least: nobody is refused and nothing is rewritten.
_INSTEAD = {Use.ACCESS: "static:DUNNO", Use.RECIPIENTS: "static:OK", Use.OTHER: None}


class Tables:
    """The tables of one configuration: `files` are the copies by name, `notes` say what is no original."""

    def __init__(self, instance: Instance, here: Here) -> None:
        self.instance, self.here = instance, here
        self.files: dict[str, str] = {}
        self.notes: dict[str, None] = {}
        known = vocabulary().tables
        self._types = frozenset(known.known) | frozenset(known.newer) | here.table_types

    def is_table(self, item: str) -> bool:
        """Whether an element of a list names a table."""
        kind, colon, rest = item.removeprefix(_PROXY).partition(":")
        return bool(colon and rest) and kind in self._types

    def table(self, item: str, use: Use) -> str | None:
        """What is asked in its place; the same where it can be asked here, None for nothing."""
        found = self._found(item)
        if found is None:
            found = _INSTEAD[use]
            self.notes[f"{item}: {found or 'left out'}, for it is not to be had here"] = None
        return found

    def file(self, item: str) -> str | None:
        """The same for an element of a list that is the name of a file with further elements."""
        mark, path = ("!", item[1:]) if item.startswith("!") else ("", item)
        source = self.instance.table(path)
        if source is not None and source.name != path:
            return mark + self._copied(path, source.text)
        if os.path.isfile(path):  # noqa: PTH113 - a name that no Path would take is no file
            return item
        self.notes[f"{item}: left out, for it is not to be had here"] = None
        return None

    def _found(self, item: str) -> str | None:
        proxy = _PROXY if item.startswith(_PROXY) else ""
        kind, _, rest = item.removeprefix(_PROXY).partition(":")
        if kind in _OF_TABLES:
            parts = [self._found(part) for part in split_items(rest.removeprefix("{").removesuffix("}"))]
            inner = ", ".join(part for part in parts if part)
            return f"{proxy}{kind}:{{{inner}}}" if all(parts) and kind in self.here.table_types else None
        if rest.startswith("{") or kind in _COMPLETE:
            return item if kind in self.here.table_types else None
        if kind not in _COMPILED and kind not in _TEXT:
            return None
        end = _COMPILED.get(kind, "")
        is_here = kind in self.here.table_types and os.path.isfile(rest + end)  # noqa: PTH113 - see above
        source = self.instance.table(rest)
        if source is None or (is_here and source.name == rest):
            return item if is_here else None
        copied = "texthash" if kind in _COMPILED else kind
        if copied not in self.here.table_types:
            return None
        return f"{proxy}{copied}:{self._copied(rest, source.text)}"

    def _copied(self, path: str, text: str) -> str:
        """The place of a private copy."""
        name = PurePosixPath(path).name
        place = next(
            each
            for each in (f"tables/{number}/{name}" for number in range(len(self.files) + 1))
            if self.files.get(each, text) == text
        )
        self.files[place] = text
        return str(CONFIG / place)
