"""compatibility_level: which defaults a higher level changes, and which of these changes matter here.

The catalogue's defaults say themselves at which level they flip: `${{$compatibility_level} <level {2} ? {old}
: {new}}`. One more default is in master.cf: at level 0 a `-` in the chroot column means y, later n. What each
change does is told in COMPATIBILITY_README.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import msgspec

from advisor.facts.case import Case
from advisor.facts.chroot import chroot_conflict
from advisor.facts.old_tls import security_level
from advisor.facts.registry import fact, known
from advisor.facts.relay import permits_strangers_early
from advisor.facts.services import UNKNOWN_RELEASE
from advisor.facts.wanted import Assign, Column, Wanted
from advisor.facts.written import is_written, written_places
from advisor.missing import Missing
from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.values import BadValue

_NAME = "compatibility_level"
_FLIPS = re.compile(
    r"\$\{\{\$compatibility_level\} <(?:level)? \{(?P<level>[0-9.]+)\} \? \{(?P<old>.*)\} : \{(?P<new>.*)\}\}"
)
_LEVEL = re.compile(r"(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?", re.ASCII)
_CHROOT_LEVEL = Release(1, 0)


class Flip(msgspec.Struct, frozen=True):
    """A default that becomes another. `effect` is what that does here, empty for nothing; `pins` keep the old
    value, and are empty where nothing is lost without them.
    """

    name: str
    new: str
    effect: str
    pins: tuple[Wanted, ...]

    def __str__(self) -> str:
        if not self.effect:
            return self.name
        return (
            f"{self.name} = {self.new} ({self.effect})" if self.new else f"{self.name} empty ({self.effect})"
        )


@fact()
def compatibility_level(case: Case) -> str | Missing:
    """The compatibility_level in force."""
    text = _text(known(_level(case.instance)))
    return f"{text} (not set)" if case.instance.setting(_NAME).is_default else text


@fact()
def last_incompatible_level(case: Case) -> str:
    """The level that gives this release all its own defaults."""
    return _text(_last_level(case.instance.release))


@fact()
def compatibility_level_is_behind(case: Case) -> bool | Missing:
    """Whether some defaults in force are those of an older release."""
    return known(_level(case.instance)) < _last_level(case.instance.release)


@fact()
def compatibility_level_is_ahead(case: Case) -> bool | Missing:
    """Whether the level is above this release, so that the next one changes its defaults at once."""
    return known(_level(case.instance)) > case.instance.release


@fact()
def flips_that_matter(case: Case) -> tuple[str, ...] | Missing:
    """The defaults that the last level would change, and that make a difference here."""
    return tuple(str(flip) for flip in known(_flips(case.instance)) if flip.pins)


@fact()
def flips_without_harm(case: Case) -> tuple[str, ...] | Missing:
    """The defaults that the last level would change without harm."""
    return tuple(str(flip) for flip in known(_flips(case.instance)) if not flip.pins)


@fact()
def raised_compatibility_level(case: Case) -> tuple[Wanted, ...] | Missing:
    """The last level, and the old value of each default whose change would make a difference."""
    pins = tuple(pin for flip in known(_flips(case.instance)) for pin in flip.pins)
    return (*pins, Assign(_NAME, last_incompatible_level(case)))


def flip_effect(instance: Instance, name: str) -> tuple[str, bool] | None:
    """What the new default of a parameter that waits for a level does here, empty for nothing, and whether
    the old one is worth keeping; None for a parameter of another kind.
    """
    return _EFFECTS[name](instance) if name in _EFFECTS else None


def _text(level: Release) -> str:
    """As it is written in main.cf: 2, 3.6."""
    return str(level).removesuffix(".0").removesuffix(".0")


def _level(instance: Instance) -> Release | Missing:
    """compat_level_from_string() in src/global/compat_level.c: one to three numbers. The release has to be
    known too: a level is behind or ahead of that.
    """
    if instance.release_is_assumed:
        return UNKNOWN_RELEASE
    if instance.setting("mydestination").problem is not None:  # the old default of relay_domains refers to it
        return Missing("mydestination: Postfix cannot expand the value", "correct mydestination")
    setting = instance.setting(_NAME)
    text = setting.normal
    match = _LEVEL.fullmatch(text)
    is_number = setting.parameter is not None and setting.parameter.kind(instance.release) is Kind.INT
    if match is None or (is_number and isinstance(setting.number(), BadValue)):  # up to 3.5 it has no dots
        return Missing(f"{_NAME}: {text!r} is no level", f"correct {_NAME}")
    major, minor, patch = match.groups(default="0")
    return Release(int(major), int(minor), int(patch))


@cache
def _flipping_defaults(release: Release) -> Mapping[str, tuple[Release, str, str]]:
    """The level, the old and the new default of each parameter whose default depends on the level."""
    found = {}
    for name, parameter in catalogue().parameters.items():
        match = _FLIPS.fullmatch(parameter.default(release) or "") if parameter.exists_in(release) else None
        if match:
            level = match["level"] if "." in match["level"] else f"{match['level']}.0"
            found[name] = (Release.parse(level), match["old"], match["new"])
    return found


def _last_level(release: Release) -> Release:
    return max((level for level, _, _ in _flipping_defaults(release).values()), default=Release(0, 0))


def _flips(instance: Instance) -> tuple[Flip, ...] | Missing:
    present = _level(instance)
    if isinstance(present, Missing):
        return present
    return tuple(_made(instance, present))


def _made(instance: Instance, present: Release) -> Iterator[Flip]:
    for name, (level, old, new) in _flipping_defaults(instance.release).items():
        if present < level and not is_written(instance, name, None):
            effect, matters = _EFFECTS.get(name, _unknown)(instance)
            pin = security_level(instance, "smtp", None) if name == "smtp_tls_security_level" else old
            yield Flip(name, new, effect, (Assign(name, pin),) if matters else ())
    in_chroot = [
        service
        for service in instance.services
        if service.entry.chroot == "-" and not chroot_conflict(instance, service).problem
    ]
    if present < _CHROOT_LEVEL and in_chroot:
        of = "1 service" if len(in_chroot) == 1 else f"{len(in_chroot)} services"
        yield Flip(
            "chroot",
            "n",
            f"{of} of master.cf {'leaves' if len(in_chroot) == 1 else 'leave'} the chroot",
            tuple(Column(service.key, "chroot", "y") for service in in_chroot),
        )


# What a flip does here, and whether the old default is worth keeping.
_Effect = tuple[str, bool]


def _unknown(instance: Instance) -> _Effect:  # noqa: ARG001 - a default of a later release
    return "see COMPATIBILITY_README", True


def _domain(instance: Instance) -> _Effect:  # noqa: ARG001 - any program may hand in such an address
    return "an address such as user@host no longer gets the domain behind it", True


def _utf8(instance: Instance) -> _Effect:  # noqa: ARG001 - any client may send such an address
    return "mail with addresses outside ASCII is taken, and hosts without SMTPUTF8 refuse it", True


def _relay_domains(instance: Instance) -> _Effect:
    if instance.setting("mydestination").items() == () or not _others_come(instance):
        return "", False
    return "mail for subdomains of mydestination is no longer relayed", True


def _others_come(instance: Instance) -> bool:
    """Whether other hosts reach an SMTP server: who may relay concerns no one else."""
    return any(service.is_smtp_server and service.is_public for service in instance.services)


def _style(instance: Instance) -> _Effect:
    if is_written(instance, "mynetworks", None) or not _others_come(instance):
        return "", False
    return "hosts in the subnets of this server are strangers, and may no longer relay", True


def _relay_restrictions(instance: Instance) -> _Effect:
    servers = [
        service
        for service in instance.services
        if service.is_smtp_server and not is_written(instance, "smtpd_relay_restrictions", service)
    ]
    wide = [service.key for service in servers if permits_strangers_early(instance, service)]
    if wide:
        return f"who relays by smtpd_recipient_restrictions of {', '.join(wide)} alone is refused", True
    if instance.master_cf is None:
        return "who relays by smtpd_recipient_restrictions alone may be refused", True
    return "", False


def _order(instance: Instance) -> _Effect:  # noqa: ARG001 - the same for every list
    # A recipient has to pass both lists: which refusal comes first changes nothing of what is accepted.
    return "", False


def _server_digest(instance: Instance) -> _Effect:
    used = written_places(instance, "relay_clientcerts") or any(
        "check_ccert_access" in text for text in _written_values(instance)
    )
    return _digest(matters=bool(used))


def _client_digest(prefix: str) -> Callable[[Instance], _Effect]:
    def effect(instance: Instance) -> _Effect:
        names = ("tls_policy_maps", "tls_fingerprint_cert_match")
        used = any(instance.setting(f"{prefix}_{name}").text for name in names)
        level = instance.setting(f"{prefix}_tls_security_level").normal
        return _digest(matters=used or level == "fingerprint")

    return effect


def _digest(*, matters: bool) -> _Effect:
    return ("fingerprints in tables may be MD5" if matters else ""), matters


def _respectful(instance: Instance) -> _Effect:
    if any(service.is_postscreen for service in instance.services):
        return "programs that read postscreen's log have to know the new words", False
    return "", False


def _client_tls(instance: Instance) -> _Effect:
    level = security_level(instance, "smtp", None)
    if level == "none" and not written_places(instance, "smtp_use_tls"):
        return "outgoing mail is encrypted where the other side offers it", False
    return (f"today it is {level}", True) if level not in ("may", "") else ("", False)


def _written_values(instance: Instance) -> list[str]:
    options = (override.value for service in instance.services for override in service.entry.overrides)
    return [*(line.raw_value for line in instance.main_cf.assignments), *options]


_EFFECTS: Mapping[str, Callable[[Instance], _Effect]] = {
    "append_dot_mydomain": _domain,
    "smtputf8_enable": _utf8,
    "relay_domains": _relay_domains,
    "mynetworks_style": _style,
    "smtpd_relay_restrictions": _relay_restrictions,
    "smtpd_relay_before_recipient_restrictions": _order,
    "smtpd_tls_fingerprint_digest": _server_digest,
    "smtp_tls_fingerprint_digest": _client_digest("smtp"),
    "lmtp_tls_fingerprint_digest": _client_digest("lmtp"),
    "respectful_logging": _respectful,
    "smtp_tls_security_level": _client_tls,
}
