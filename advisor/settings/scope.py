"""Where values come from: the default of the release, main.cf, then `-o` in master.cf; the last one wins.

Knowledge: src/postconf/postconf_lookup.c, mail_conf_suck() and mail_conf_eval() in src/global/mail_conf.c,
and for `stress` get_master_ent() in src/master/master_ent.c: master(8) hands `-o stress=` (or `stress=yes`)
to a public service before the options of master.cf, which therefore override it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from advisor.errors import SettingsError
from advisor.settings.build import Build
from advisor.settings.catalogue import Catalogue, Kind, Parameter
from advisor.settings.domain_names import has_functions
from advisor.settings.expand import Expanded, Lookup, Opaque, expand, expanded
from advisor.settings.release import Release
from advisor.settings.setting import Default, MainCfLine, Origin, ServiceOverride, Setting, Shadowed
from advisor.settings.values import BadValue
from advisor.syntax.main_cf import Assignment
from advisor.syntax.master_cf import ServiceEntry
from advisor.syntax.source import Span

STRESS = "stress"
# What each service has of its own without an option.
_OF_EACH = frozenset({"service_name", "process_name"})


class Written(msgspec.Struct, frozen=True):
    """A value somebody wrote: `raw` is what Postfix stores."""

    raw: str
    origin: Origin


class _Shared(msgspec.Struct, frozen=True):
    """The setting of all services that have none of the names it hangs on among their options."""

    setting: Setting
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """main.cf's assignments by name, in file order, and what a release adds to them.

    `services` are the names in master.cf that parameters may be named after; None if there is no master.cf.
    `build` is what was told of the installed programs, and counts before the catalogue; `unread` are built-in
    names that those programs do not have.
    """

    release: Release
    catalogue: Catalogue
    main: Mapping[str, tuple[Assignment, ...]]
    services: frozenset[str] | None
    build: Build = field(default_factory=Build)
    unread: frozenset[str] = frozenset()
    _derived: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lines: dict[str, tuple[Written, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _defaults: dict[str, str | Opaque | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _parameters: dict[str, Parameter | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _shared: dict[tuple[str, bool, bool], "_Shared"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _own: dict[tuple[str, bool, Span, str], Setting] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._derived["mail_version"] = str(self.release)
        if (domain := self._domain_of_myhostname()) is not None:
            self._derived["mydomain"] = domain

    def take_over(self, other: "Scope") -> None:
        """Makes use of what another scope has worked out for the same programs, as far as it holds here too:
        the defaults, and the settings that hang on nothing that differs and stand where they stood.
        """
        if (self.release, self.services, self.build, self.unread) != (
            other.release,
            other.services,
            other.build,
            other.unread,
        ):
            return
        self._parameters.update(other._parameters)
        differing = {name for name, _ in self._derived.items() ^ other._derived.items()}
        self._defaults.update(
            (name, default) for name, default in other._defaults.items() if name not in differing
        )
        differing |= {
            name for name in self.main.keys() | other.main.keys() if self._raw(name) != other._raw(name)
        }
        moved = {name for name in self.main if self.written(name, None) != other.written(name, None)}
        self._shared.update(
            (key, shared)
            for key, shared in other._shared.items()
            if shared.setting.name not in moved and shared.names.isdisjoint(differing)
        )

    def _raw(self, name: str) -> tuple[str, ...]:
        return tuple(line.raw_value for line in self.main.get(name, ()))

    def parameter(self, name: str) -> Parameter | None:
        """What is known of the parameter, be it built in or named after a service."""
        if name not in self._parameters:
            known = self.catalogue.parameter(name)
            self._parameters[name] = known or self.catalogue.service_parameter(name, self.services)
        return self._parameters[name]

    def has(self, parameter: Parameter) -> bool:
        """Whether the programs read that parameter as one of their own."""
        if parameter.name in self.unread:
            return False
        if self.build.is_complete and self.catalogue.parameter(parameter.name):
            return self.build.has(parameter.name)
        return parameter.exists_in(self.release)

    def written(self, name: str, entry: ServiceEntry | None) -> tuple[Written, ...]:
        """All values written for the name, the strongest first; none for one that nothing reads."""
        if name in self.unread:
            return ()
        lines = self._lines.get(name)
        if lines is None:
            found = reversed(self.main.get(name, ()))
            lines = tuple(Written(line.raw_value, MainCfLine(line.span)) for line in found)
            self._lines[name] = lines
        if entry is None or not entry.overrides:
            return lines
        overrides = [override for override in reversed(entry.overrides) if override.name == name]
        if not overrides:
            return lines
        own = (Written(override.value, ServiceOverride(override.span, entry.key)) for override in overrides)
        return (*own, *lines)

    def setting(self, name: str, entry: ServiceEntry | None, *, stressable: bool) -> Setting:
        """The effective value. `stressable`: master(8) may start the service with `stress=yes`.

        Most services have the same values: each is worked out once for all that have nothing of their own
        among the names it hangs on.
        """
        key = (name, entry is None, stressable)
        shared = self._shared.get(key)
        if shared is not None and (entry is None or shared.names.isdisjoint(entry.overridden)):
            return shared.setting
        own = (name, stressable, entry.span, entry.text) if entry else None
        if own is not None and own in self._own:
            return self._own[own]
        names = {name}
        setting = self._worked_out(name, entry, names, stressable=stressable)
        if entry is None or own is None or names.isdisjoint(entry.overridden | _OF_EACH):
            self._shared[key] = _Shared(setting, frozenset(names))
        else:
            self._own[own] = setting
        return setting

    def _worked_out(
        self, name: str, entry: ServiceEntry | None, names: set[str], *, stressable: bool
    ) -> Setting:
        """The setting; every name that was looked up for it is added to `names`."""
        parameter = self.parameter(name)
        written = self.written(name, entry)
        default = self._default(name, entry) if not written or name == STRESS else None
        raw = written[0].raw if written else default.text if isinstance(default, Opaque) else default or ""
        unknown = {name} if isinstance(default, Opaque) and not written else set[str]()
        text = "" if unknown else collapse(raw)
        normal = stress = text
        problem = None
        is_plain = "$" not in raw and name != STRESS  # as most are: nothing is put in
        if not unknown and not is_plain and not (parameter and parameter.kind(self.release) is Kind.RAW):

            def under(stress: str) -> str:
                lookup = self._lookup(entry, stress, unknown, names)
                return collapse(self._expand(stress if name == STRESS else raw, lookup))

            try:
                normal = under(self._stress(entry, stressable, under=False))
                is_same = STRESS not in names  # whatever it is
                stress = normal if is_same else under(self._stress(entry, stressable, under=True))
            except SettingsError as error:
                problem = BadValue(text, f"a value that Postfix can expand: {error.message}; {error.cure}")
                normal = stress = text
        return Setting(
            name=name,
            text=text,
            normal=normal,
            stress=stress,
            origin=written[0].origin if written else Default(self.release),
            shadowed=tuple(Shadowed(collapse(loser.raw), loser.origin) for loser in written[1:]),
            parameter=parameter,
            release=self.release,
            unit=self._unit(parameter, entry, names),
            exists=bool(written) or default is not None,
            unknown=frozenset(unknown),
            problem=problem,
        )

    def evaluate(self, raw: str, entry: ServiceEntry | None) -> str:
        """The raw text expanded as postconf(1) does it. Raises SettingsError."""
        return self._expand(raw, self._lookup(entry, None, set(), set()))

    def expanded(self, raw: str, entry: ServiceEntry | None) -> Expanded:
        """The raw text expanded as postconf(1) does it, which hands `stress` to nobody, with its faults."""
        lookup = self._lookup(entry, None, set(), set())
        return expanded(raw, lookup, functions=has_functions(self.release))

    def _expand(self, text: str, lookup: Lookup) -> str:
        return expand(text, lookup, functions=has_functions(self.release))

    def unexpanded(self, name: str) -> str | Opaque | None:
        """The value in main.cf as it is written, or the default: Opaque if only the host can tell.

        None for a name that neither the release nor anybody else has defined.
        """
        return self._lookup(None, None, set(), set())(name)

    def _lookup(
        self, entry: ServiceEntry | None, stress: str | None, unknown: set[str], names: set[str]
    ) -> Lookup:
        """The unexpanded value of a name, which is added to `names`, and to `unknown` if only the host knows.

        `stress` is what master(8) says of it; None without a service that runs.
        """

        def lookup(name: str) -> str | Opaque | None:
            names.add(name)
            if name == STRESS and stress is not None:
                return stress
            written = self.written(name, entry)
            value = written[0].raw if written else self._default(name, entry)
            if isinstance(value, Opaque):
                unknown.add(name)
            return value

        return lookup

    def _default(self, name: str, entry: ServiceEntry | None) -> str | Opaque | None:
        """The default; None if the release has no such name, Opaque if only the host can tell."""
        if entry and name == "service_name":
            return entry.name
        if entry and name == "process_name":
            return program(entry)
        if name not in self._defaults:
            self._defaults[name] = self._default_for_all(name)
        return self._defaults[name]

    def _default_for_all(self, name: str) -> str | Opaque | None:
        parameter = self.parameter(name)
        told = None if name in self.unread else self.build.defaults.get(name)
        if parameter is None:
            return told
        if parameter.is_legacy_in(self.release):
            return ""  # postconf(1) registers such names as empty strings, whatever their default was
        if not self.has(parameter):
            return None
        default = self._derived.get(name, parameter.default(self.release) if told is None else told)
        return Opaque(f"${name}") if default is None else default

    def _stress(self, entry: ServiceEntry | None, stressable: bool, *, under: bool) -> str:  # noqa: FBT001
        """The value of `stress`, in normal times or under stress."""
        for written in self.written(STRESS, entry):
            if isinstance(written.origin, ServiceOverride) or not (stressable and (entry or under)):
                return written.raw
        return "yes" if stressable and under else ""

    def _unit(self, parameter: Parameter | None, entry: ServiceEntry | None, names: set[str]) -> str:
        """get_def_time_unit() in src/global/mail_conf_time.c: the first letter of the expanded default."""
        if parameter is None or parameter.unit_from is None:
            return (parameter and parameter.unit) or "s"
        try:
            lookup = self._lookup(entry, None, set(), names)
            default = self._expand(parameter.default(self.release) or "", lookup)
        except SettingsError:
            default = ""
        return next((letter for letter in default if letter.isascii() and letter.isalpha()), "s")

    def _domain_of_myhostname(self) -> str | None:
        """The default of mydomain, if main.cf sets myhostname: what follows its first dot.

        At that point Postfix knows what main.cf says and no defaults (check_mydomainname() in mail_params.c).
        """
        if "myhostname" not in self.main:
            return None

        def main_cf_only(name: str) -> str | None:
            return self.main[name][-1].raw_value if name in self.main else None

        try:
            host = self._expand(self.main["myhostname"][-1].raw_value, main_cf_only)
        except SettingsError:
            return None
        return host.partition(".")[2] if "." in host else "localdomain"


def program(entry: ServiceEntry) -> str:
    """The name of the program a service runs, without a folder."""
    return entry.command.rpartition("/")[2]


def collapse(text: str) -> str:
    """The text as postconf(1) prints it: runs of blanks, tabs, CR and LF are one blank."""
    if " " not in text and text.isprintable():
        return text  # most are one word
    return " ".join(part for part in text.translate(_BLANKS).split(" ") if part)


_BLANKS = str.maketrans("\t\r\n", "   ")
