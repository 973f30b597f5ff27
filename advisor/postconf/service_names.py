"""What postconf(1) says of the names in master.cf: undefined, unused, read-only, deprecated.

Knowledge: src/postconf/postconf_user.c, postconf_dbms.c, postconf_lookup.c, postconf_unused.c.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.errors import SettingsError
from advisor.postconf.master_entries import Entry
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.expand import Lookup, Opaque, expand, references
from advisor.settings.instance import Instance
from advisor.settings.table_prefixes import table_setting_names
from advisor.settings.values import LIST_SEPARATORS

_CLASSES = "smtpd_restriction_classes"
_EMPTY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ServiceNames:
    """The names that the entries use, under the main.cf of the instance. `path` is master.cf in messages."""

    entries: Sequence[Entry]
    instance: Instance
    path: str

    def scan(self, stderr: Stderr) -> tuple[Entry, ...]:
        """The entries without what they assign to read-only parameters; says what is wrong. Raises Fatal."""
        spaces: dict[str, dict[str, str]] = {}
        for entry in self.entries:
            if entry.parameters is None:
                continue
            classes = self._restriction_classes(entry)
            for name in sorted(self._read_only(entry)) if entry.key not in spaces else ():
                stderr.warn(f"{self.path}: read-only parameter assignment: {name}={entry.parameters[name]}")
            spaces.setdefault(entry.key, self._settled(entry))
            for name in (*classes, *self._macros(entry)):
                if not self._is_defined(name, entry):
                    stderr.warn(f"{self.path}: undefined parameter: {name}")
            for name in self._with_tables(entry):
                self.expand(entry.parameters[name], entry)
        return tuple(
            replace(entry, parameters=entry.parameters and spaces[entry.key]) for entry in self.entries
        )

    def expand(self, text: str, entry: Entry) -> str:
        """The text with every macro replaced as for that service. Raises Fatal."""
        try:
            return expand(text, self._lookup(entry))
        except SettingsError as error:
            raise Fatal("macro processing error") from error

    def warn_of_unused(self, stderr: Stderr) -> None:
        """Says which options set a parameter that no program reads, or that a later release will not have."""
        for entry in self.entries:
            used = frozenset(self._used(entry))
            for name, value in self._settled(entry).items():
                parameter = catalogue().parameter(name)
                deprecation = parameter.deprecated if parameter else None
                if deprecation and not deprecation.applies_to(self.instance.release):
                    deprecation = None
                is_known = name in used or self.instance.is_known(name) or self.instance.is_referred_to(name)
                if deprecation:
                    fate = "will be" if is_known else "has been"
                    stderr.warn(
                        f'{self.path}: support for parameter "{name}" {fate} removed; '
                        f"instead, {deprecation.instead}"
                    )
                elif not is_known:
                    stderr.warn(f"{self.path}: unused parameter: {name}={value}")

    def _lookup(self, entry: Entry) -> Lookup:
        own = {**(entry.parameters or _EMPTY), "process_name": entry.program, "service_name": entry.name}

        def lookup(name: str) -> str | Opaque | None:
            return own[name] if name in own else self.instance.macro_value(name)

        return lookup

    def _read_only(self, entry: Entry) -> Iterator[str]:
        for name in entry.parameters or _EMPTY:
            parameter = catalogue().parameter(name)
            if parameter and parameter.read_only and parameter.exists_in(self.instance.release):
                yield name

    def _settled(self, entry: Entry) -> dict[str, str]:
        gone = frozenset(self._read_only(entry))
        return {name: value for name, value in (entry.parameters or _EMPTY).items() if name not in gone}

    def _macros(self, entry: Entry) -> Iterator[str]:
        """The names that the values refer to, each as often as it stands there."""
        for name, value in self._settled(entry).items():
            parameter = catalogue().parameter(name)
            release = self.instance.release
            if not (parameter and parameter.exists_in(release) and parameter.kind(release) is Kind.RAW):
                yield from references(value)

    def _restriction_classes(self, entry: Entry) -> tuple[str, ...]:
        """What the service's own list of classes names, expanded with its own options and no others."""
        own = entry.parameters or _EMPTY
        try:
            text = expand(own.get(_CLASSES, ""), own.get)
        except SettingsError as error:
            raise Fatal(f"dictionary {entry.key}: macro processing error") from error
        return tuple(text.translate(dict.fromkeys(map(ord, LIST_SEPARATORS), " ")).split())

    def _with_tables(self, entry: Entry) -> Iterator[str]:
        """The parameters whose values may hold tables: those that Postfix knows, and expands."""
        for name, value in self._settled(entry).items():
            parameter = catalogue().parameter(name)
            is_raw = parameter and parameter.kind(self.instance.release) is Kind.RAW
            if self.instance.is_built_in(name) and not is_raw and (":" in value or "$" in value):
                yield name

    def _used(self, entry: Entry) -> Iterator[str]:
        yield from self._restriction_classes(entry)
        yield from self._macros(entry)
        for name in self._with_tables(entry):
            text = self.expand((entry.parameters or _EMPTY)[name], entry)
            yield from table_setting_names(text, catalogue(), self.instance.release)

    def _is_defined(self, name: str, entry: Entry) -> bool:
        return (
            name in (entry.parameters or _EMPTY)
            or self.instance.is_written(name)
            or self.instance.is_known(name)
        )
