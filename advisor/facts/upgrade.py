"""What an upgrade from today's release to the one that is asked about changes for this configuration.

Defaults by release are the catalogue's; each is worked out under both releases, so that one which is only
written in another way does not count. The two that 3.9 turned on count also where the older release has not
got them. Knowledge: RELEASE_NOTES of 3.9, 3.10 and 3.11; log lines of both releases.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.berkeley_db import berkeley_db_uses
from advisor.facts.case import Case
from advisor.facts.default_effects import effect_of, is_quiet
from advisor.facts.registry import collection, fact
from advisor.facts.written import is_written
from advisor.settings.catalogue import Kind, Parameter, catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.shared_parameters import SHARED_PARAMETERS
from advisor.syntax.source import Span

_WITHOUT_BERKELEY_DB = Release(3, 11)
_QUEUE_ID_BEFORE_LOSSES = Release(3, 10)


class UpgradeChange(msgspec.Struct, frozen=True):
    """One thing that is no longer as it was, at the place it has to do with; without a `subject`, none.

    `subject` is a parameter with its `old` and `new` default, or words for what else changes. `effect` is
    what that does here. `is_weighty`: mail or clients may be treated otherwise. `keeps`: the parameter that,
    set to `kept`, keeps all as it is; empty where nothing does. `is_kept`: that is what the patch does.
    """

    span: Span
    subject: str = ""
    old: str = ""
    new: str = ""
    effect: str = ""
    is_weighty: bool = False
    keeps: str = ""
    kept: str = ""
    is_kept: bool = False


@collection(element=UpgradeChange, variable="change", locate=lambda change: change.span)
def upgrade_changes(case: Case) -> tuple[UpgradeChange, ...]:
    """What the upgrade from today's release changes here; nothing where no upgrade is asked about."""
    instance = case.instance
    today = instance.host.today
    if today is None or today >= instance.release:
        return ()
    return (UpgradeChange(instance.main_cf.source.end_span), *_changes(instance, today))


@fact()
def upgrade_path(case: Case) -> str:
    """Today's release, as far as it was told, and the one to come."""
    return f"{case.instance.host.today or 'that of today'} to {case.instance.release}"


def _changes(instance: Instance, today: Release) -> Iterator[UpgradeChange]:
    yield from _defaults(instance, today)
    if today < _WITHOUT_BERKELEY_DB <= instance.release and (uses := berkeley_db_uses(instance)):
        yield UpgradeChange(
            uses[0].span,
            "Berkeley DB",
            effect="a build of 3.11 may come without it, and could not read the tables of "
            f"{', '.join(use.text for use in uses)}. Look for hash in `postconf -m` of the new package "
            "before its first start; where it is missing, make the tables anew in a type that it has, such "
            "as lmdb, and name that",
            is_weighty=True,
        )
    servers = [service.key for service in instance.services if service.is_smtp_server]
    if today < _QUEUE_ID_BEFORE_LOSSES <= instance.release and servers:
        yield UpgradeChange(
            instance.main_cf.source.end_span,
            "The log",
            effect="smtpd writes NOQUEUE or the queue ID before 'lost connection after …' and 'timeout "
            "after …'. A pattern that wants these words right behind the process ID, as of fail2ban or "
            "logwatch, finds none",
        )


def _defaults(instance: Instance, today: Release) -> Iterator[UpgradeChange]:
    before = Instance.of(
        instance.main_cf.source,
        instance.master_cf.source if instance.master_cf else None,
        today,
        "",
        host=instance.host,
        given=instance.given,
        table=instance.table,
    )
    for name, parameter in catalogue().parameters.items():
        if not parameter.exists_in(instance.release) or parameter.read_only or parameter.computed:
            continue
        if (
            parameter.kind(instance.release) is Kind.RAW
            or is_quiet(name)
            or is_written(instance, name, None)
            or not _is_read(instance, parameter)
        ):
            continue
        old, new = before.setting(name), instance.setting(name)
        same_text = parameter.exists_in(today) and parameter.default(today) == parameter.default(
            instance.release
        )
        if same_text or (old.normal, old.stress) == (new.normal, new.stress):
            continue
        if not parameter.exists_in(today) and not _comes_turned_on(parameter, today, instance.release):
            continue
        effect = effect_of(before, name)
        if effect is not None:
            was = old.normal if parameter.exists_in(today) else "no"
            yield UpgradeChange(
                instance.main_cf.source.end_span,
                name,
                was,
                new.normal,
                effect.text,
                effect.is_weighty,
                name,
                # What depends on the level would flip with it.
                was if "$compatibility_level" in old.text or not parameter.exists_in(today) else old.text,
                effect.keep,
            )


def _comes_turned_on(parameter: Parameter, today: Release, release: Release) -> bool:
    """Whether the parameter was carried back to older releases turned off, and is on in the newer one."""
    oldest = min(parameter.defaults, key=Release.parse, default="")
    return (
        bool(oldest)
        and today < release
        and parameter.defaults[oldest] == "no"
        and len(parameter.defaults) > 1
    )


def _is_read(instance: Instance, parameter: Parameter) -> bool:
    """Whether a service that sets nothing else itself reads the parameter."""
    if instance.master_cf is None or parameter.name in SHARED_PARAMETERS:
        return True
    return any(
        service.command in parameter.daemons and not is_written(instance, parameter.name, service)
        for service in instance.services
    )
