"""Which fixes are tried: the first of each finding that is not manual, without those that contradict.

Changes are grouped by what they set. Equal ones merge; unequal ones are a conflict, and none of them is made.
Capacity advice for one service is one change at a time: more processes and a shorter time limit are two cures
for one trouble.
"""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.engine.changes import (
    AddService,
    Applicability,
    Change,
    ChangeElement,
    Fix,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Finding, Fired
from advisor.plan.edits import apply_changes, names_for_all
from advisor.plan.text_edits import CannotEdit
from advisor.settings.instance import Instance
from advisor.settings.values import BadValue, split_items


class Proposal(msgspec.Struct, frozen=True):
    """A finding, and the fix of it that is tried. `is_taste`: its rule is pedantic."""

    finding: Finding
    fix: Fix
    is_taste: bool = False


class HeldBack(msgspec.Struct, frozen=True):
    """A fix that the patch leaves out, and why. `is_choice`: a person weighs it, or another cure of the same
    trouble is in the patch; nothing stands against the fix itself.
    """

    finding: Finding
    fix: Fix
    reason: str
    is_choice: bool = False


class Conflict(msgspec.Struct, frozen=True):
    """Fixes that want different things of one place; none of them is made."""

    fixes: tuple[Proposal, ...]
    reason: str


def proposals(
    judgements: Sequence[Judgement], widest: Applicability = Applicability.UNSAFE
) -> tuple[list[Proposal], list[HeldBack]]:
    """The fix to try for each finding, none less safe than `widest`, the most severe and certain first; and
    the manual ones.
    """
    tastes = {judgement.rule.name for judgement in judgements if judgement.rule.pedantic}
    findings = [
        finding
        for judgement in judgements
        if isinstance(judgement.verdict, Fired)
        for finding in judgement.verdict.findings
    ]
    findings.sort(key=lambda each: (-each.severity.rank, -each.confidence.rank, each.rule, each.where))
    wanted: list[Proposal] = []
    manual: list[HeldBack] = []
    for finding in findings:
        able = [fix for fix in finding.fixes if fix.applicability.is_as_safe_as(widest)]
        if able:
            wanted.append(Proposal(finding, able[0], is_taste=finding.rule in tastes))
        manual += [
            HeldBack(
                finding, fix, "it is advice to be weighed, not a change to be made by a tool", is_choice=True
            )
            for fix in finding.fixes
            if fix.applicability is Applicability.MANUAL
        ]
    return wanted, manual


def without_conflicts(
    wanted: Sequence[Proposal], instance: Instance
) -> tuple[list[Proposal], list[Conflict], list[HeldBack]]:
    """The proposals that can stand together; the conflicts; and the second cures of one trouble."""
    serious = [each for each in wanted if not each.is_taste]
    yielding = [
        each for each in wanted if each.is_taste and any(_clash(each.fix, other.fix) for other in serious)
    ]
    wanted = [each for each in wanted if each not in yielding]
    waiting = [each for each in wanted if any(_waits(each.fix, other.fix) for other in wanted)]
    wanted = [each for each in wanted if each not in waiting]
    conflicts: list[Conflict] = []
    clashing: set[int] = set()
    for index, one in enumerate(wanted):
        against = [other for other in wanted[index + 1 :] if _clash(one.fix, other.fix)]
        if against:
            names = ", ".join(dict.fromkeys(each.finding.rule for each in (one, *against)))
            conflicts.append(Conflict((one, *against), f"{names} want different values of one setting"))
            clashing |= {id(each) for each in (one, *against)}
    kept: list[Proposal] = []
    second = [
        HeldBack(each.finding, each.fix, "a matter of taste yields to other changes", is_choice=True)
        for each in yielding
    ]
    second += [
        HeldBack(each.finding, each.fix, "another change replaces what it moves: ask again", is_choice=True)
        for each in waiting
    ]
    cured: dict[str, tuple[str, Proposal]] = {}
    for each in (each for each in wanted if id(each) not in clashing):
        place = _capacity(each.fix, instance)
        first = cured.setdefault(place[0], (place[1], each)) if place else None
        if place and first and first[0] != place[1]:
            reason = f"one cure at a time: {first[1].finding.rule} is in the patch; measure again before this"
            second.append(HeldBack(each.finding, each.fix, reason, is_choice=True))
        else:
            kept.append(each)
    return kept, conflicts, second


def _clash(one: Fix, other: Fix) -> bool:
    return any(_places(a) & _places(b) and not _apart(a, b) for a, b in _differing(one, other))


def _differing(one: Fix, other: Fix) -> Iterator[tuple[Change, Change]]:
    """The pairs of changes without those that both fixes have."""
    return (
        (a, b)
        for a in one.changes
        for b in other.changes
        if a != b and not (a in other.changes and b in one.changes)
    )


def _waits(one: Fix, other: Fix) -> bool:
    """Whether it moves something before or behind an element of a list, and the other replaces that."""
    return any(
        isinstance(a, ChangeElement)
        and isinstance(b, ChangeElement)
        and _places(a) & _places(b)
        and a.element in a.new
        and b.element not in b.new
        and _overlap(split_items(a.element), split_items(b.element))
        for a, b in _differing(one, other)
    )


def _apart(one: Change, other: Change) -> bool:
    """Whether they change different elements of one list, or both leave an element and add behind it."""
    if not isinstance(one, ChangeElement) or not isinstance(other, ChangeElement):
        return False
    if one.element == other.element and all(each.new[:1] == (each.element,) for each in (one, other)):
        return True
    return not _overlap(split_items(one.element), split_items(other.element))


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both can be the words of one place in a list, or of two that have a word in common."""
    return any(
        all(one[shift + place] == word for place, word in enumerate(other) if 0 <= shift + place < len(one))
        for shift in range(1 - len(other), len(one))
    )


def _places(change: Change) -> frozenset[tuple[object, ...]]:
    """What a change sets, so that two changes of one place can be told."""
    match change:
        case SetServiceField(service, field):
            return frozenset({(service, "field", field)})
        case (
            SetParameter(name, _, str(service))
            | SetServiceOverride(service, name)
            | UnsetParameter(name, str(service))
            | ChangeElement(name, service=str(service))
        ):
            return frozenset({(service, name)})
        case AddService(service):
            return frozenset({(service,)})
        case _:
            return frozenset((None, name) for name in names_for_all(change))


def _capacity(fix: Fix, instance: Instance) -> tuple[str, str] | None:
    """The service whose capacity the fix changes, and by what. Restoring the stress form of a time limit
    leaves the normal value alone, and is none.
    """
    for change in fix.changes:
        match change:
            case SetServiceField(service, "process_limit"):
                return service, "process_limit"
            case SetParameter("smtpd_timeout", _, str(service)):
                behind = apply_changes(instance, [change])
                if isinstance(behind, CannotEdit) or _timeout(behind, service) != _timeout(instance, service):
                    return service, "smtpd_timeout"
            case _:
                pass
    return None


def _timeout(instance: Instance, service: str) -> int | BadValue:
    return instance.setting("smtpd_timeout", instance.service(service)).seconds()
