"""Changes applied to an instance's text: each at the place whose value wins today, one after another."""

from collections.abc import Sequence

from advisor.engine.changes import (
    AddService,
    Change,
    ChangeElement,
    DropIgnore,
    DropShadowed,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.wording import visible
from advisor.plan import comment_edits, main_cf_edits, master_cf_edits
from advisor.plan.list_edits import changed_items
from advisor.plan.readers import MASTER_ONLY, readers
from advisor.plan.text_edits import CannotEdit, TextEdit, apply_edits
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.values import split_items
from advisor.syntax.master_cf import MasterCf, ServiceEntry
from advisor.syntax.source import WHITE_SPACE, SourceFile

# The first release whose master.cf knows `-o { name = value }` (RELEASE_NOTES of 3.0).
_BRACES_SINCE = Release(3, 0)

Edits = tuple[TextEdit, ...]


def apply_changes(instance: Instance, changes: Sequence[Change]) -> Instance | CannotEdit:
    """The instance with all changes in its text, those for all services first; or why one cannot be made.

    It says nothing about what the new text means: that is the proof's task.
    """
    shared = frozenset(name for change in changes for name in names_for_all(change))
    for change in in_order(changes):
        changed = _apply(instance, change, shared, _company(change, changes))
        if isinstance(changed, CannotEdit):
            return changed
        instance = changed
    return instance


def in_order(changes: Sequence[Change]) -> list[Change]:
    """The changes without repetition: those of comments first, from the last line up, since they name lines;
    those of main.cf for all services before those for one of them. Which program a service runs is settled
    before what it reads.
    """
    return sorted(dict.fromkeys(changes), key=_rank)


def names_for_all(change: Change) -> tuple[str, ...]:
    """The parameters that the change gives another value for all services."""
    match change:
        case SetParameter(name, _, None) | UnsetParameter(name, None) | ChangeElement(name, service=None):
            return (name,)
        case RenameParameter(name, new_name):
            return name, new_name
        case _:
            return ()


def service_of(change: Change) -> str | None:
    """The key of the one service that the change is for."""
    return None if isinstance(change, RenameParameter | MoveComment | DropIgnore) else change.service


def _rank(change: Change) -> tuple[int, int]:
    if isinstance(change, DropIgnore):
        return -1, -change.line
    kinds: tuple[type[object], ...] = (
        DropShadowed,
        MoveComment,
        RenameParameter,
        UnsetParameter,
        SetParameter,
        ChangeElement,
        AddService,
        SetServiceField,
    )
    place = next((place for place, kind in enumerate(kinds) if isinstance(change, kind)), len(kinds))
    comes_first = isinstance(change, AddService | SetServiceField) or service_of(change) is None
    return (place if comes_first else len(kinds)), 0


def _company(change: Change, changes: Sequence[Change]) -> frozenset[str]:
    """The services that are to have the same value of the same parameter."""
    if not isinstance(change, SetParameter):
        return frozenset()
    return frozenset(
        each.service
        for each in changes
        if isinstance(each, SetParameter)
        and each.service is not None
        and (each.name, each.value) == (change.name, change.value)
    )


def _apply(
    instance: Instance, change: Change, shared: frozenset[str], company: frozenset[str]
) -> Instance | CannotEdit:
    refused = _unwritable(change)
    if refused:
        return refused
    match change:
        case DropIgnore():
            return _without_ignore(instance, change)
        case RenameParameter():
            return _renamed(instance, change)
        case SetParameter(name, value, None):
            return _with_main(instance, main_cf_edits.set_parameter(instance.main_cf, name, value))
        case UnsetParameter(name, None):
            return _with_main(instance, main_cf_edits.unset_parameter(instance.main_cf, name))
        case DropShadowed(name, None):
            return _with_main(instance, main_cf_edits.drop_shadowed(instance.main_cf, name))
        case ChangeElement(name, element, new, None):
            return _with_main(instance, main_cf_edits.change_element(instance.main_cf, name, element, new))
        case MoveComment(name):
            return _with_main(instance, main_cf_edits.move_comment(instance.main_cf, name))
        case _:
            return _for_service(instance, change, shared, company)


def _for_service(
    instance: Instance, change: Change, shared: frozenset[str], company: frozenset[str]
) -> Instance | CannotEdit:
    tree = instance.master_cf
    if tree is None:
        return CannotEdit("no master.cf was read, and the change belongs there")
    braces = instance.release >= _BRACES_SINCE
    if isinstance(change, AddService):
        return _with_master(instance, master_cf_edits.add_service(tree, change, braces=braces))
    entry = master_cf_edits.entry_of(tree, service_of(change) or "")
    if entry is None:
        return CannotEdit(f"master.cf has no service {visible(service_of(change) or '')}")
    if "\0" in entry.text:
        return CannotEdit(f"there is a NUL byte in the entry of {entry.key}: remove it first")
    match change:
        case SetServiceField(_, field, value):
            return _with_master(instance, master_cf_edits.set_field(tree, entry, field, value))
        case SetServiceOverride(_, name, value):
            return _overridden(instance, tree, entry, name, value)
        case SetParameter(name, value, _):
            if main_cf_suffices(instance, entry, name, company) and name not in shared:
                return _with_main(instance, main_cf_edits.set_parameter(instance.main_cf, name, value))
            return _overridden(instance, tree, entry, name, value)
        case ChangeElement():
            return _element(instance, tree, entry, change)
        case UnsetParameter(name, _):
            return _without_overrides(instance, entry, name, keep=0)
        case DropShadowed(name, _):
            return _without_overrides(instance, entry, name, keep=1)
        case _:
            return CannotEdit("this kind of change is not known")


def main_cf_suffices(instance: Instance, entry: ServiceEntry, name: str, company: frozenset[str]) -> bool:
    """Whether a line in main.cf reaches this service and, but for its company, no other that reads the
    parameter.
    """
    if master_cf_edits.override_of(entry, name):
        return False
    others = readers(instance, name) - {entry.key} - company
    overriding = {
        each.key for each in instance.services if master_cf_edits.override_of(each.entry, name) is not None
    }
    return others <= overriding


def _overridden(
    instance: Instance, tree: MasterCf, entry: ServiceEntry, name: str, value: str
) -> Instance | CannotEdit:
    if name in MASTER_ONLY:
        return CannotEdit(f"master(8) reads {name} from main.cf, for all services; '-o' does not reach it")
    braces = instance.release >= _BRACES_SINCE
    return _with_master(instance, master_cf_edits.set_override(tree, entry, name, value, braces=braces))


def _element(
    instance: Instance, tree: MasterCf, entry: ServiceEntry, change: ChangeElement
) -> Instance | CannotEdit:
    """In the service's own `-o`; where it has none, the whole list becomes one."""
    name, element, new = change.name, change.element, change.new
    present = master_cf_edits.override_of(entry, name)
    if present:
        return _with_master(instance, master_cf_edits.change_element(tree, entry, present, element, new))
    items = split_items(instance.setting(name).text)
    wanted = changed_items(items, element, new)
    return instance if wanted == items else _overridden(instance, tree, entry, name, ", ".join(wanted))


def _without_overrides(
    instance: Instance, entry: ServiceEntry, name: str, *, keep: int
) -> Instance | CannotEdit:
    """Without the `-o` of the name, from the first on: all, or all but the last."""
    for _ in range(sum(override.name == name for override in entry.overrides) - keep):
        tree = instance.master_cf
        present = master_cf_edits.entry_of(tree, entry.key) if tree else None
        if tree is None or present is None:
            return CannotEdit(f"the entry of {entry.key} cannot be taken apart")
        changed = _with_master(instance, master_cf_edits.unset_override(tree, present, name))
        if isinstance(changed, CannotEdit):
            return changed
        instance = changed
    return instance


def _renamed(instance: Instance, change: RenameParameter) -> Instance | CannotEdit:
    name, new_name = change.name, change.new_name
    written = {line.name for line in instance.main_cf.assignments}
    if {name, new_name} <= written:
        return CannotEdit(f"main.cf sets both {name} and {new_name}: decide which value is meant")
    changed = _with_main(instance, main_cf_edits.rename_parameter(instance.main_cf, name, new_name))
    if isinstance(changed, CannotEdit) or changed.master_cf is None:
        return changed
    return _with_master(changed, master_cf_edits.rename_overrides(changed.master_cf, name, new_name))


def _without_ignore(instance: Instance, change: DropIgnore) -> Instance | CannotEdit:
    master = instance.master_cf
    if master is not None and change.file == master.source.name:
        return _with_master(instance, comment_edits.drop_ignore(master, change))
    return _with_main(instance, comment_edits.drop_ignore(instance.main_cf, change))


def _with_main(instance: Instance, edits: Edits | CannotEdit) -> Instance | CannotEdit:
    if isinstance(edits, CannotEdit) or not edits:
        return edits if isinstance(edits, CannotEdit) else instance
    source = instance.main_cf.source
    return instance.with_text(main=SourceFile(source.name, apply_edits(source.text, edits)))


def _with_master(instance: Instance, edits: Edits | CannotEdit) -> Instance | CannotEdit:
    if isinstance(edits, CannotEdit) or not edits or instance.master_cf is None:
        return edits if isinstance(edits, CannotEdit) else instance
    if instance.given.stock_services:
        return CannotEdit("master.cf was not given, and the change belongs there: give --master")
    source = instance.master_cf.source
    return instance.with_text(master=SourceFile(source.name, apply_edits(source.text, edits)))


def _unwritable(change: Change) -> CannotEdit | None:
    """A name or value that would be something else once it stands in the file."""
    names, values = _words(change)
    for name in names:
        if (
            not name
            or name[0] == "#"
            or any(each in "={}" or not each.isprintable() or each.isspace() for each in name)
        ):
            return CannotEdit(f"{visible(name)!r} cannot be the name of a parameter")
    for value in values:
        # Bytes outside UTF-8 are surrogates here, and may stand in a value as any other character.
        if value != value.strip(WHITE_SPACE) or any(each < " " and each != "\t" for each in value):
            return CannotEdit(f"the value '{visible(value)}' cannot be written on one line as it is")
    return None


def _words(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match change:
        case SetParameter(name, value) | SetServiceOverride(_, name, value):
            return (name,), (value,)
        case RenameParameter(name, new_name):
            return (name, new_name), ()
        case ChangeElement(name, element, new):
            return (name,), (element, *new)
        case UnsetParameter(name) | DropShadowed(name) | MoveComment(name):
            return (name,), ()
        case SetServiceField(_, _, value):
            return (), (value,)
        case DropIgnore():
            return (), ()
        case AddService(service, command, fields, overrides):
            columns = tuple(value for _, value in fields)
            return tuple(name for name, _ in overrides), (
                service,
                command,
                *columns,
                *(each for _, each in overrides),
            )
