"""What postconf(1) says of the names in master.cf: undefined, unused, read-only, deprecated.

Knowledge: src/postconf/postconf_user.c, postconf_dbms.c, postconf_lookup.c, postconf_unused.c.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from advisor.postconf.checks import READ_ONLY, UNDEFINED
from advisor.postconf.master_entries import Entry
from advisor.postconf.names import Names
from advisor.postconf.remarks import Tables, say_faults, say_unused
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.catalogue import catalogue
from advisor.settings.domain_names import has_functions
from advisor.settings.expand import Lookup, Opaque, expanded, scanned
from advisor.settings.known_names import InTables
from advisor.settings.setting import ServiceOverride
from advisor.settings.table_prefixes import TableItem, TableSetting, table_items
from advisor.settings.values import LIST_SEPARATORS
from advisor.syntax.source import Span

_CLASSES: Final = "smtpd_restriction_classes"
_EMPTY: Final[Mapping[str, str]] = {}
_NOWHERE: Final = Span("", 1, 1, 1, 1)


class ServiceNames(msgspec.Struct, frozen=True):
    """The names that the entries use, under a main.cf. `path` is master.cf in messages."""

    entries: Sequence[Entry]
    names: Names
    path: str
    tables: Tables

    def scan(self, stderr: Stderr) -> tuple[Entry, ...]:
        """The entries without what they assign to read-only parameters; says what is wrong. Raises Fatal."""
        spaces: dict[str, dict[str, str]] = {}
        for entry in self.entries:
            if entry.parameters is None:
                continue
            classes = self._restriction_classes(entry, stderr)
            for name in sorted(self._read_only(entry)) if entry.key not in spaces else ():
                if self.names.scope.release >= READ_ONLY:
                    stderr.warn(
                        f"{self.path}: read-only parameter assignment: {name}={entry.parameters[name]}"
                    )
            spaces.setdefault(entry.key, self._settled(entry))
            for name in (*classes, *self._macros(entry, stderr)):
                if self.names.scope.release >= UNDEFINED and not self._is_defined(name, entry):
                    stderr.warn(f"{self.path}: undefined parameter: {name}")
            for item in self._tables(entry, stderr):
                if not isinstance(item, TableSetting):
                    found = InTables(item, ServiceOverride(_NOWHERE, entry.key))
                    self.tables.say(found, stderr, entry.key)
        return tuple(
            replace(entry, parameters=entry.parameters and spaces[entry.key]) for entry in self.entries
        )

    def expand(self, text: str, entry: Entry, stderr: Stderr) -> str:
        """The text with every macro replaced as for that service. Raises Fatal."""
        done = expanded(text, self._lookup(entry), functions=self._functions)
        if done.faults:
            say_faults(done.faults, stderr)
            raise Fatal("macro processing error")
        return done.text

    def warn_of_unused(self, stderr: Stderr) -> None:
        """Says which options set a parameter that no program reads, or that a later release will not have."""
        silent = Stderr()
        for entry in self.entries:
            used = frozenset(self._used(entry, silent))
            for name, value in self._settled(entry).items():
                is_used = name in used or self.names.is_known(name) or self.names.is_referred_to(name)
                say_unused(name, value, self.path, self.names.scope.release, stderr, is_used=is_used)

    @property
    def _functions(self) -> bool:
        return has_functions(self.names.scope.release)

    def _lookup(self, entry: Entry) -> Lookup:
        own = {**(entry.parameters or _EMPTY), "process_name": entry.program, "service_name": entry.name}

        def lookup(name: str) -> str | Opaque | None:
            return own[name] if name in own else self.names.value(name)

        return lookup

    def _read_only(self, entry: Entry) -> Iterator[str]:
        return (name for name in entry.parameters or _EMPTY if self.names.is_read_only(name))

    def _settled(self, entry: Entry) -> dict[str, str]:
        gone = frozenset(self._read_only(entry))
        return {name: value for name, value in (entry.parameters or _EMPTY).items() if name not in gone}

    def _macros(self, entry: Entry, stderr: Stderr) -> Iterator[str]:
        """The names that the values refer to, each as often as it stands there."""
        for name, value in self._settled(entry).items():
            if not self.names.is_raw(name):
                found = scanned(value, functions=self._functions)
                say_faults(found.faults, stderr)
                yield from found.names

    def _restriction_classes(self, entry: Entry, stderr: Stderr) -> tuple[str, ...]:
        """What the service's own list of classes names, expanded with its own options and no others."""
        own = entry.parameters or _EMPTY
        done = expanded(own.get(_CLASSES, ""), own.get, functions=self._functions)
        if done.faults:
            say_faults(done.faults, stderr)
            raise Fatal(f"dictionary {entry.key}: macro processing error")
        blanks = dict.fromkeys(map(ord, LIST_SEPARATORS), " ")
        return tuple(name for name in done.text.translate(blanks).split(" ") if name)

    def _tables(self, entry: Entry, stderr: Stderr) -> Iterator[TableItem]:
        """What the values say of tables: those of parameters that Postfix knows, and expands."""
        for name, value in self._settled(entry).items():
            if self.names.may_hold_tables(name):
                text = self.expand(value, entry, stderr)
                yield from table_items(text, catalogue(), self.names.scope.release)

    def _used(self, entry: Entry, stderr: Stderr) -> Iterator[str]:
        yield from self._restriction_classes(entry, stderr)
        yield from self._macros(entry, stderr)
        for item in self._tables(entry, stderr):
            if isinstance(item, TableSetting):
                yield item.name

    def _is_defined(self, name: str, entry: Entry) -> bool:
        return (
            name in (entry.parameters or _EMPTY) or self.names.is_written(name) or self.names.is_known(name)
        )
