"""The remedies that people try against the causes found, each with a value: what can be replayed of them.

The values are those that the rules compute for this log; where no rule does, the usual ones.
"""

from collections.abc import Iterable, Sequence

import msgspec

from advisor.engine.changes import Change, SetParameter, SetServiceField, SetServiceOverride
from advisor.engine.verdicts import Finding
from advisor.facts.case import Case
from advisor.facts.causes import REMEDIES, Cause, Help, Remedy
from advisor.facts.overload_facts import client_limit_wanted, timeout_target
from advisor.missing import Missing
from advisor.simulation.asked import Key, Setting
from advisor.simulation.study import Study

_TIMEOUT, _CLIENTS, _PROCESSES = "smtpd_timeout", "smtpd_client_connection_count_limit", "process_limit"
_PARAMETERS = {
    Remedy.MORE_PROCESSES: _PROCESSES,
    Remedy.SHORTER_TIMEOUT: _TIMEOUT,
    Remedy.CLIENT_LIMIT: _CLIENTS,
}
# What guides and forums recommend, whatever the log says.
_POPULAR_TIMEOUT = 60
# As in rules/limits/one-client-holds-slots.toml: a good mail server opens as many at a time.
_CLIENT_SESSIONS = 10


class Tried(msgspec.Struct, frozen=True):
    """A remedy with a value, and what is known of it against the cause."""

    help: Help
    setting: Setting


def remedies(case: Case, study: Study, findings: Sequence[Finding]) -> tuple[Tried, ...]:
    """The remedies of the causes found, the heaviest cause first; each value once."""
    found: dict[str, Tried] = {}
    for cause in study.causes:
        for each in REMEDIES[cause]:
            for setting in _settings(case, study, findings, each.remedy):
                found.setdefault(str(setting), Tried(each, setting))
    return tuple(found.values())


def cannot_be_replayed(causes: Iterable[Cause]) -> tuple[str, ...]:
    """The remedies that help against the causes, and change no limit."""
    found = (
        each.remedy.value
        for cause in causes
        for each in REMEDIES[cause]
        if each.helps and each.remedy not in _PARAMETERS
    )
    return tuple(dict.fromkeys(found))


def _settings(case: Case, study: Study, findings: Sequence[Finding], remedy: Remedy) -> Iterable[Setting]:
    parameter = _PARAMETERS.get(remedy)
    if parameter is None:
        return
    key = Key(parameter, study.service.key)
    by_rule = [
        value
        for finding in findings
        for fix in finding.fixes
        for change in fix.changes
        if (value := _value(change, parameter, study.service.key))
    ]
    match remedy:
        case Remedy.MORE_PROCESSES:
            processes = study.limits.processes
            values = [each for each in by_rule if not each.isdigit() or int(each) > processes]
            values += [str(2 * processes)] if processes else []
        case Remedy.SHORTER_TIMEOUT:
            values = by_rule or _computed_timeout(case, study)
            values += [f"{_POPULAR_TIMEOUT}s"] if study.limits.timeout > _POPULAR_TIMEOUT else []
        case _:
            values = by_rule or _computed_client_limit(case, study)
    yield from (Setting(key, value) for value in values)


def _value(change: Change, name: str, service: str) -> str:
    """What the change gives to the service under that name; empty where it gives nothing."""
    match change:
        case SetParameter(found, value, key) if found == name and key in (None, service):
            return value
        case SetServiceField(key, found, value) | SetServiceOverride(key, found, value):
            return value if (key, found) == (service, name) else ""
        case _:
            return ""


def _computed_timeout(case: Case, study: Study) -> list[str]:
    target = timeout_target(case, study.service)
    if isinstance(target, Missing) or target >= study.limits.timeout:
        return []
    return [f"${{stress?{{{min(target, study.limits.stress_timeout):.0f}}}:{{{target}}}}}s"]


def _computed_client_limit(case: Case, study: Study) -> list[str]:
    wanted = client_limit_wanted(case, study.service, _CLIENT_SESSIONS)
    present = study.limits.client_limit
    if isinstance(wanted, Missing) or 0 < present <= wanted:
        return []
    return [str(wanted)]
