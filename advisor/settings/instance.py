"""A Postfix instance: main.cf and master.cf as the programs of one release understand them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from advisor.errors import InputError, NothingToCheck, unreadable
from advisor.settings.build import build_of
from advisor.settings.catalogue import catalogue
from advisor.settings.expand import references
from advisor.settings.files import MAIN, MASTER, main_cf_at
from advisor.settings.given import Form, Given, stock_master_cf
from advisor.settings.host import Host
from advisor.settings.known_names import KnownNames, Reference, is_built_in, known_names
from advisor.settings.release import ASSUMED, Release
from advisor.settings.scope import Scope
from advisor.settings.service import Service, services
from advisor.settings.setting import Setting
from advisor.settings.tables import TableReader, folder_tables, no_tables
from advisor.syntax.main_cf import Assignment, MainCf, parse_main_cf
from advisor.syntax.master_cf import MasterCf, parse_master_cf
from advisor.syntax.source import SourceFile

_NOTHING_TOLD = Host()
_FILES = Given()


@dataclass(frozen=True)
class Instance:
    """One configuration. `name` is its folder as shown, or what stands for it; `release_source` says how the
    release was found, `given` how the text came here.

    `host` is what was told of the machine,
    `table(path)` the text of a lookup table, None where it cannot be read. Nothing here raises for what
    stands in the files: a value that Postfix would refuse is a Setting that says so.
    """

    name: str
    main_cf: MainCf
    master_cf: MasterCf | None
    release: Release
    release_source: str
    host: Host
    given: Given
    table: TableReader = field(repr=False, compare=False)
    _scope: Scope = field(repr=False, compare=False)

    @classmethod
    def of(
        cls,
        main: SourceFile,
        master: SourceFile | None,
        release: Release,
        release_source: str,
        *,
        host: Host = _NOTHING_TOLD,
        given: Given = _FILES,
        table: TableReader = no_tables,
    ) -> "Instance":
        """The instance of two texts; without master.cf it has no services, or those that are assumed."""
        if master is None and given.stock_services:
            master = stock_master_cf(release)
        trees = parse_main_cf(main), parse_master_cf(master) if master else None
        return cls._of(*trees, release, release_source, host=host, given=given, table=table)

    @classmethod
    def _of(
        cls,
        main_cf: MainCf,
        master_cf: MasterCf | None,
        release: Release,
        release_source: str,
        *,
        host: Host,
        given: Given,
        table: TableReader,
    ) -> "Instance":
        names = frozenset(entry.name for entry in master_cf.entries) if master_cf else None
        scope = _scope(release, main_cf.by_name, names, host, given)
        return cls(
            given.name or str(PurePath(main_cf.source.name).parent),
            main_cf,
            master_cf,
            release,
            release_source,
            host,
            given,
            table,
            _scope=scope,
        )

    def with_text(self, *, main: SourceFile | None = None, master: SourceFile | None = None) -> "Instance":
        """The same instance with other text in main.cf or master.cf."""
        changed = Instance._of(
            parse_main_cf(main, self.main_cf) if main else self.main_cf,
            parse_master_cf(master, self.master_cf) if master else self.master_cf,
            self.release,
            self.release_source,
            host=self.host,
            given=self.given,
            table=self.table,
        )
        changed._scope.take_over(self._scope)
        return changed

    @classmethod
    def read(
        cls,
        path: Path,
        release: Release,
        release_source: str,
        *,
        host: Host = _NOTHING_TOLD,
        is_own: bool = False,
    ) -> "Instance":
        """The instance in a folder, or of one of its files: a main.cf and a master.cf go together.

        `is_own`: it is the configuration of this machine's Postfix, so tables anywhere may be read.

        Raises InputError if something is missing or unreadable, NothingToCheck where there is no main.cf.
        """
        try:
            main = main_cf_at(path)
            if not path.exists():
                raise InputError(
                    "does not exist", where=str(path), cure="name a folder with a main.cf, or the file itself"
                )
            if not main.exists():
                raise NothingToCheck(
                    f"no main.cf {'in this folder' if main.parent == path else 'beside it'}",
                    where=str(path),
                    cure="name the folder that 'postconf config_directory' shows",
                )
            master = main.with_name(MASTER)
            has_master = main.name == MAIN and master.exists()
        except OSError as error:
            raise unreadable(error, str(path)) from error
        return cls.of(
            SourceFile.read(main),
            SourceFile.read(master) if has_master else None,
            release,
            release_source,
            host=host,
            table=folder_tables(main.parent, is_own=is_own),
        )

    @property
    def release_is_assumed(self) -> bool:
        """Whether nobody told the release, so that it may well be an older one."""
        return self.release_source == ASSUMED

    def setting(self, name: str, service: Service | None = None) -> Setting:
        """The effective value for a service, or without one, for all that do not override it."""
        # Asked some thousand times a check, so a service is known again by its place in memory.
        key = (name, id(service))
        found = self._found.get(key)
        if found is not None and found[0] is service:
            return found[1]
        if service is None:
            setting = self._scope.setting(name, None, stressable=True)
        else:
            setting = self._scope.setting(name, service.entry, stressable=service.is_stressable)
        self._found[key] = service, setting
        return setting

    @cached_property
    def _found(self) -> dict[tuple[str, int], tuple[Service | None, Setting]]:
        return {}

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The entries that master(8) uses, in file order."""
        return services(self.master_cf, self._scope)

    def service(self, key: str) -> Service | None:
        """The service of that name and type, such as `smtp/inet`."""
        return self._by_key.get(key)

    @cached_property
    def overridden(self) -> frozenset[str]:
        """The names that the options of any service give a value."""
        return frozenset[str]().union(*(service.entry.overridden for service in self.services))

    @cached_property
    def _by_key(self) -> Mapping[str, Service]:
        return {service.key: service for service in self.services}

    def is_known(self, name: str) -> bool:
        """Whether Postfix reads a line of main.cf with that name.

        What postconf(1) printed, it knows: a name that no release has is then used by the host's services.
        """
        if name not in self._asked:
            self._asked[name] = self._reads(name)
        return self._asked[name]

    @cached_property
    def _asked(self) -> dict[str, bool]:
        return {}

    def _reads(self, name: str) -> bool:
        if name in self.given.unread:
            return False
        if self.given.form is Form.PRINTED and catalogue().parameter(name) is None:
            return True
        return name in self._known.used or is_built_in(name, self._scope, self.master_cf)

    def unused(self) -> tuple[Assignment, ...]:
        """The lines of main.cf that postconf(1) reports as "unused parameter", in file order.

        Of a name that is assigned more than once, the last line. Without master.cf, any parameter that could
        be named after a service counts as used.
        """
        last = (lines[-1] for lines in self._scope.main.values())
        return tuple(
            sorted((line for line in last if not self.is_known(line.name)), key=lambda line: line.start)
        )

    def undefined(self) -> tuple[Reference, ...]:
        """The references to names that nothing defines: there Postfix puts nothing, without a word."""
        return self._known.undefined

    @cached_property
    def referring(self) -> Mapping[str, frozenset[str]]:
        """For each name that a written value refers to, the names of those values."""
        pairs = [(line.name, line.raw_value) for line in self.main_cf.assignments]
        for service in self.services:
            pairs += [(override.name, override.value) for override in service.entry.overrides]
        return turned(pairs)

    @cached_property
    def _known(self) -> KnownNames:
        return known_names(self._scope, self.master_cf)


def turned(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Of pairs of a name and its value: for each name that a value refers to, the names of those values."""
    found: dict[str, frozenset[str]] = {}
    for name, value in pairs:
        for referred in references(value) if "$" in value else ():
            found[referred] = found.get(referred, frozenset()) | {name}
    return found


def _scope(
    release: Release,
    assignments: Mapping[str, tuple[Assignment, ...]],
    services: frozenset[str] | None,
    host: Host,
    given: Given,
) -> Scope:
    """The scope of main.cf, with the host's own defaults as far as they hold under that main.cf."""
    here, bare = (Scope(release, catalogue(), main, services) for main in (assignments, {}))

    def is_as_by_default(name: str) -> bool:
        one, other = (scope.setting(name, None, stressable=False) for scope in (here, bare))
        return one.normal == other.normal

    build = build_of(host.defaults, release, is_as_by_default)
    unread = frozenset(name for name in given.unread if catalogue().parameter(name))
    return Scope(release, catalogue(), assignments, services, build, unread)
