"""Verdicts -> a patch, and its proof. What cannot be proven is not in the patch, and the plan says why."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

import msgspec

from advisor.engine.judge import Judgement
from advisor.plan.conflicts import Conflict, HeldBack, Proposal, proposals, without_conflicts
from advisor.plan.diff import FilePatch
from advisor.plan.edits import apply_changes
from advisor.plan.text_edits import CannotEdit
from advisor.plan.verify import objection
from advisor.settings.instance import Instance
from advisor.syntax.source import SourceFile

Rejudge = Callable[[Instance], Sequence[Judgement]]

_PROOF: tuple[str, ...] = (
    "the new text can be read, and has no new line that Postfix would refuse or ignore",
    "exactly the settings asked for, and what refers to them, differ, for each service, also under stress",
    "each rule that asked is content with the new text, and no other has more to say",
)
_ASSUMED = "all this for Postfix's stock services, since master.cf was not given"
_NOTHING_MORE = "asked again, advisor has nothing more to change"


class Plan(msgspec.Struct, frozen=True):
    """`patches` make the fixes in `proven`; `behind` is the instance behind them. `proof` says in words what
    was shown of them, `untested` what was not.
    """

    behind: Instance
    patches: tuple[FilePatch, ...]
    proven: tuple[Proposal, ...]
    conflicts: tuple[Conflict, ...]
    held_back: tuple[HeldBack, ...]
    proof: tuple[str, ...]
    untested: tuple[str, ...]


def make_plan(
    instance: Instance,
    judgements: Sequence[Judgement],
    rejudge: Rejudge,
    asked: frozenset[str] | None = None,
) -> Plan:
    """The plan for what the judgements ask; `rejudge` judges new text with the same observations.

    Only rules named in `asked` may change anything (None: all of them); the others watch that no verdict of
    theirs gets worse.
    """
    names = frozenset(each.rule.name for each in judgements) if asked is None else asked
    return _make(instance, judgements, rejudge, names, again=True)


def _make(
    instance: Instance,
    judgements: Sequence[Judgement],
    rejudge: Rejudge,
    asked: frozenset[str],
    *,
    again: bool,
) -> Plan:
    wanted, held = proposals([each for each in judgements if each.rule.name in asked])
    kept, conflicts, second = without_conflicts(wanted, instance)
    held += second
    chosen, behind = _prove(instance, kept, judgements, rejudge, held)
    proof = _PROOF
    if chosen and again:
        more = _make(behind, rejudge(behind), rejudge, asked, again=False)
        waiting = {(each.finding.rule, each.finding.service) for each in held}
        # What was held back may well be asked for again; the next log tells whether it is still needed.
        if any((each.finding.rule, each.finding.service) not in waiting for each in more.proven):
            held += [
                HeldBack(each.finding, each.fix, "behind it, advisor would want more") for each in chosen
            ]
            chosen, behind = [], instance
        if not more.proven:
            proof += (_NOTHING_MORE,)
    if chosen and instance.given.stock_services:
        proof += (_ASSUMED,)
    return Plan(
        behind=behind,
        patches=_patches(instance, behind),
        proven=tuple(chosen),
        conflicts=tuple(conflicts),
        held_back=tuple(held),
        proof=proof if chosen else (),
        untested=tuple(dict.fromkeys(each.fix.untested for each in chosen if each.fix.untested)),
    )


def _prove(
    instance: Instance,
    kept: Sequence[Proposal],
    judgements: Sequence[Judgement],
    rejudge: Rejudge,
    held: list[HeldBack],
) -> tuple[list[Proposal], Instance]:
    """The proposals that prove together: all, or those that do when they are added one by one."""
    behind, reason = _attempt(instance, kept, judgements, rejudge)
    if not reason:
        return list(kept), behind
    chosen: list[Proposal] = []
    best = instance
    for each in kept:
        behind, reason = _attempt(instance, [*chosen, each], judgements, rejudge)
        if reason:
            held.append(HeldBack(each.finding, each.fix, reason))
        else:
            chosen.append(each)
            best = behind
    return chosen, best


def _attempt(
    instance: Instance, tried: Sequence[Proposal], judgements: Sequence[Judgement], rejudge: Rejudge
) -> tuple[Instance, str]:
    if not tried:
        return instance, ""
    behind = apply_changes(instance, [change for each in tried for change in each.fix.changes])
    if isinstance(behind, CannotEdit):
        return instance, behind.reason
    return behind, objection(instance, behind, tried, judgements, rejudge(behind))


def _patches(before: Instance, after: Instance) -> tuple[FilePatch, ...]:
    pairs = [(before.main_cf.source, after.main_cf.source)]
    if before.master_cf and after.master_cf and not before.given.stock_services:
        pairs.append((before.master_cf.source, after.master_cf.source))
    return tuple(FilePatch(_file_name(old), old.text, new.text) for old, new in pairs if old.text != new.text)


def _file_name(source: SourceFile) -> str:
    """`postconf -n` on standard input has no file name; what stands for it has no blank."""
    return PurePath(source.name).name.replace("postconf -", "postconf-")
