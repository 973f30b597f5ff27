"""Settings that are only tried: the text with them, whether Postfix takes it, and the limits it then has.

A value stands in the text as a patch would write it, so that what refers to it follows.
"""

from collections.abc import Sequence

from advisor.capacity.replay import Limits
from advisor.engine.changes import Change, SetServiceField
from advisor.errors import SettingsError
from advisor.facts.case import NO_LOG, Case
from advisor.facts.lines import refused_lines
from advisor.facts.written_values import written_values
from advisor.missing import Missing
from advisor.plan.edits import apply_changes, names_for_all, service_of
from advisor.plan.text_edits import CannotEdit
from advisor.settings.instance import Instance
from advisor.settings.values import BadValue, parse_number
from advisor.simulation.asked import Setting
from advisor.simulation.study import Study


def limits_behind(instance: Instance, changes: Sequence[Change], study: Study) -> Limits | Missing:
    """The limits of the service behind the changes. Raises SettingsError for one that cannot be made."""
    keys = {name for change in changes for name in names_for_all(change)}
    keys |= {f"{each.service}/{each.field}" for each in changes if isinstance(each, SetServiceField)}
    return study.limits_behind(_changed(instance, changes), keys) if changes else study.limits


def must_be_accepted(instance: Instance, settings: Sequence[Setting]) -> None:
    """Raises SettingsError for a setting that Postfix would refuse."""
    for each in settings:
        _must_be_a_number(each)
    after = _changed(instance, [each.change for each in settings])
    known = {line.problem for line in refused_lines(instance)}
    for line in refused_lines(after):
        if line.problem not in known:
            raise SettingsError(f"Postfix refuses it: {line.problem}", where="--set", cure=line.cure)
    wanted = {(each.key.name, each.value) for each in settings}
    for value in written_values(Case(after, NO_LOG)):
        if value.expected and (value.name, value.text) in wanted:
            raise SettingsError(
                f"Postfix refuses {value.text!r}",
                where=f"--set {value.name}",
                cure=f"it wants {value.expected}",
            )


def _must_be_a_number(setting: Setting) -> None:
    """A line with a process limit that master(8) does not take is no line of master.cf any more."""
    if setting.key.service is None or setting.key.name != "process_limit" or setting.value == "-":
        return
    value = parse_number(setting.value)
    if isinstance(value, BadValue) or value < 0:
        raise SettingsError(
            f"Postfix refuses {setting.value!r}",
            where=f"--set {setting.key}",
            cure="it wants a number, 0 for no limit, or - for default_process_limit",
        )


def _changed(instance: Instance, changes: Sequence[Change]) -> Instance:
    found = apply_changes(instance, changes)
    if isinstance(found, CannotEdit):
        where = next((key for change in changes if (key := service_of(change))), instance.name)
        raise SettingsError(f"this cannot be set: {found.reason}", where=where)
    return found
