"""Parameters that are set under an old name, and what becomes of such a line.

A parameter is renamed, to us, where the default of the new name refers to the old one; the catalogue knows
both. So the old name works until somebody sets the new one, and from then on it is dead.
"""

from enum import StrEnum

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.services import UNKNOWN_RELEASE
from advisor.facts.wanted import Remove
from advisor.facts.written import is_written, key_of, referring_names, written_places
from advisor.missing import Missing
from advisor.settings.catalogue import Kind, Parameter, catalogue
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.syntax.source import Span


class State(StrEnum):
    """What the line under the old name does. NEW: there is none. EMPTY: nothing, for it has no value. LOST:
    nothing, since the default of the new name does not take its value over. MIXED: here this and there that.
    """

    NEW = "new"
    WORKS = "works"
    DEAD = "dead"
    EMPTY = "empty"
    LOST = "lost"
    MIXED = "mixed"


class RenamedParameter(msgspec.Struct, frozen=True):
    """A parameter that main.cf or a `-o` sets, by its old name or its new one.

    `differs`: the new name is set beside the old one, with another value. `warns`: postconf(1) of this
    release says that the old name will go. `removal` takes its lines away.
    """

    name: str
    new_name: str
    span: Span
    value: str
    new_value: str
    state: State
    differs: bool
    warns: bool
    removal: tuple[Remove, ...]


@collection(element=RenamedParameter, variable="parameter", locate=lambda parameter: parameter.span)
def renamed_parameters(case: Case) -> tuple[RenamedParameter, ...] | Missing:
    """The parameters that this release knows under a new name, and that are set by that or the old one."""
    instance = case.instance
    if instance.release_is_assumed:
        return UNKNOWN_RELEASE
    return tuple(
        _renamed(case, parameter, parameter.replacement, places)
        for name, parameter in catalogue().parameters.items()
        if parameter.replacement is not None
        and parameter.replacement in parameter.fallback_for
        and (places := written_places(instance, name, parameter.replacement))
        and instance.setting(parameter.replacement).exists
        # A site that writes $old_name uses it as a variable of its own.
        and not referring_names(instance, name)
    )


def _renamed(
    case: Case, parameter: Parameter, new_name: str, places: tuple[Service | None, ...]
) -> RenamedParameter:
    instance, name = case.instance, parameter.name
    old_places = written_places(instance, name)
    states = {place: _state(instance, name, new_name, place) for place in old_places}
    dead = [place for place, state in states.items() if state is State.DEAD]
    shown = (*dead, *old_places, *places)[0]
    state = State.MIXED if len(set(states.values())) > 1 else next(iter(states.values()), State.NEW)
    deprecated = parameter.deprecated
    return RenamedParameter(
        name,
        new_name,
        case.place(name if old_places else new_name, shown),
        instance.setting(name, shown).text,
        instance.setting(new_name, shown).text,
        state,
        differs=any(not _alike(instance, name, new_name, place) for place in dead),
        warns=deprecated is not None and deprecated.applies_to(instance.release),
        removal=tuple(Remove(name, key_of(place)) for place in old_places),
    )


def _state(instance: Instance, name: str, new_name: str, place: Service | None) -> State:
    if is_written(instance, new_name, None) or is_written(instance, new_name, place):
        return State.DEAD
    if _alike(instance, name, new_name, place):
        return State.WORKS
    return State.LOST if instance.setting(name, place).text else State.EMPTY


def _alike(instance: Instance, name: str, new_name: str, place: Service | None) -> bool:
    """Whether both names have the same value there, also under stress."""
    old, new = instance.setting(name, place), instance.setting(new_name, place)
    if new.parameter is not None and new.parameter.kind(instance.release) is Kind.TIME:
        return old.seconds() == new.seconds() and old.seconds(stress=True) == new.seconds(stress=True)
    return (old.normal, old.stress) == (new.normal, new.stress)
