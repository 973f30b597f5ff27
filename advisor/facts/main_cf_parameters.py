"""The parameters that main.cf sets, those that Postfix does not read, and what may have been meant."""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import Source, collection, fact
from advisor.facts.restriction_classes import unlisted_classes
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.main_cf import Assignment
from advisor.syntax.source import Span, begins_with_mark

# Names that a well-known patch adds to Postfix: the line works there, and does nothing elsewhere.
_PATCHES = {
    "virtual_maildir": "the VDA quota patch",
    "virtual_mailbox_limit_": "the VDA quota patch",
    "virtual_overquota": "the VDA quota patch",
    "virtual_trash": "the VDA quota patch",
    "virtual_create_maildirsize": "the VDA quota patch",
}


class MainCfParameter(msgspec.Struct, frozen=True):
    """A name that main.cf sets, at the line that counts. `is_used`: Postfix knows it, or something refers to
    it; the rest is empty then. `suggestion` is the parameter that was meant, or empty; `suggestion_is_set`
    tells whether main.cf has that one too. `removed_in` is the release that took the parameter away,
    `came_with` the one that brings it; `patch` names a third-party patch that reads it; `service` the service
    that would have to exist for it.
    """

    name: str
    value: str
    span: Span
    is_used: bool
    suggestion: str = ""
    suggestion_is_set: bool = False
    patch: str = ""
    service: str = ""
    removed_in: str = ""
    came_with: str = ""


@collection(element=MainCfParameter, variable="parameter", locate=lambda parameter: parameter.span)
def main_cf_parameters(case: Case) -> tuple[MainCfParameter, ...]:
    """The parameters that main.cf sets."""
    lines = {line.name: line for line in case.instance.main_cf.assignments if not begins_with_mark(line.name)}
    # A class that is used and not announced is no stray line: undeclared-restriction-class speaks of it.
    unused = {line.name for line in case.instance.unused()} - unlisted_classes(case.instance)
    return tuple(
        _unused(case.instance, line, frozenset(lines))
        if line.name in unused
        else MainCfParameter(line.name, line.value, line.span, is_used=True)
        for line in lines.values()
    )


@fact(source=Source.TEXT)
def is_read(case: Case, parameter: MainCfParameter) -> bool:
    """Whether Postfix reads the parameter, or something that it reads refers to it."""
    return case.instance.is_known(parameter.name)


def _unused(instance: Instance, line: Assignment, names: frozenset[str]) -> MainCfParameter:
    patch = next((by for prefix, by in _PATCHES.items() if line.name.startswith(prefix)), "")
    service = _missing_service(line.name)
    removed_in, came_with = _elsewhere(instance.release, line.name)
    is_plain = line.name.isprintable() and not (patch or service or removed_in or came_with)
    suggestion = nearest_parameter(instance, line.name) if is_plain else ""
    return MainCfParameter(
        line.name,
        line.value,
        line.span,
        is_used=False,
        suggestion=suggestion,
        suggestion_is_set=suggestion in names,
        patch=patch,
        service=service,
        removed_in=removed_in,
        came_with=came_with,
    )


def _elsewhere(release: Release, name: str) -> tuple[str, str]:
    """The release that took the parameter away, or the one that brings it; empty for what is no such name."""
    parameter = catalogue().parameter(name)
    if parameter is None:
        return "", ""
    if parameter.removed and release >= Release.parse(parameter.removed):
        return parameter.removed, ""
    first = parameter.introduced.rpartition(", ")[2]
    return "", first if release < Release.parse(first) else ""


def _missing_service(name: str) -> str:
    """The service after which the parameter is named: policy-spf_time_limit belongs to policy-spf."""
    for suffix in (family.suffix for family in catalogue().families):  # the longest stands first
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return ""


def nearest_parameter(instance: Instance, name: str) -> str:
    """The parameter of this release that is spelt most alike: at most two slips away, or the same words."""
    words = sorted(name.lower().split("_"))
    best, least = "", 3
    for candidate, parameter in catalogue().parameters.items():
        if not parameter.exists_in(instance.release) or abs(len(candidate) - len(name)) > 2:
            continue
        if sorted(candidate.split("_")) == words:
            return candidate
        count = slips(name.lower(), candidate, least)
        if count < least:
            best, least = candidate, count
    # Two slips in a short name make another word.
    return best if least <= max(1, len(name) // 6) else ""


def slips(one: str, other: str, limit: int) -> int:
    """Letters missing, added, changed or swapped with their neighbour (Damerau); `limit` when no fewer."""
    previous2: list[int] = []
    previous = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        current = [i]
        for j, against in enumerate(other, start=1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, previous2[j - 2] + 1)
            current.append(cost)
        if min(current) >= limit:
            return limit
        previous2, previous = previous, current
    return min(previous[-1], limit)
