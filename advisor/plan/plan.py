"""Verdicts -> a patch, and its proof. What cannot be proven is not in the patch, and the plan says why."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

import msgspec

from advisor.engine.changes import Applicability
from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Unknown
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
    widest: Applicability = Applicability.UNSAFE,
) -> Plan:
    """The plan for what the judgements ask; `rejudge` judges new text with the same observations.

    Only rules named in `asked` may change anything (None: all of them); the others watch that no verdict of
    theirs gets worse. No fix is made that is less safe than `widest`: the proof is of those alone.
    """
    names = frozenset(each.rule.name for each in judgements) if asked is None else asked
    return _make(instance, judgements, rejudge, _Allowed(names, widest), again=True)


class _Allowed(msgspec.Struct, frozen=True):
    """The rules that may change something, and how safe a fix has to be."""

    rules: frozenset[str]
    widest: Applicability

    def proposals(self, judgements: Sequence[Judgement]) -> tuple[list[Proposal], list[HeldBack]]:
        """What those rules ask, as far as it is allowed."""
        return proposals([each for each in judgements if each.rule.name in self.rules], self.widest)


def _make(
    instance: Instance,
    judgements: Sequence[Judgement],
    rejudge: Rejudge,
    allowed: _Allowed,
    *,
    again: bool,
) -> Plan:
    wanted, held = allowed.proposals(judgements)
    kept, conflicts, second = without_conflicts(wanted, instance)
    held += second
    tried = _prove(_Tried(instance, judgements, ()), kept, rejudge, held)
    proof = _PROOF
    if tried.chosen and again:
        tried, proof = _followed(instance, judgements, tried, rejudge, allowed, held)
    chosen, behind = tried.chosen, tried.behind
    if chosen and instance.given.stock_services:
        proof += (_ASSUMED,)
    return Plan(
        behind=behind,
        patches=_patches(instance, behind),
        proven=chosen,
        conflicts=tuple(conflicts),
        held_back=tuple(held),
        proof=proof if chosen else (),
        untested=tuple(dict.fromkeys(each.fix.untested for each in chosen if each.fix.untested)),
    )


class _Tried(msgspec.Struct, frozen=True):
    """The proposals that proved, the instance behind them, and what the rules say of that."""

    behind: Instance
    judgements: Sequence[Judgement]
    chosen: tuple[Proposal, ...]


def _followed(
    instance: Instance,
    judgements: Sequence[Judgement],
    tried: _Tried,
    rejudge: Rejudge,
    allowed: _Allowed,
    held: list[HeldBack],
) -> tuple[_Tried, tuple[str, ...]]:
    """What was proven, with what the rules ask that could not decide before, since a value that Postfix
    refuses hides from them, or that follow others: an ignore may have nothing to hide behind the change.
    Nothing is left of it where advisor would want yet more behind it.
    """
    chosen = tried.chosen
    undecided = {
        each.rule.name
        for each in judgements
        if isinstance(each.verdict, Unknown) or each.rule.is_about_verdicts
    }
    now_asking = [each for each in tried.judgements if each.rule.name in undecided]
    if wanted := allowed.proposals(now_asking)[0]:
        tried = _prove(tried, without_conflicts(wanted, tried.behind)[0], rejudge, [])
    both = (*chosen, *tried.chosen) if wanted else chosen
    more = _make(tried.behind, tried.judgements, rejudge, allowed, again=False)
    waiting = {(each.finding.rule, service) for each in held for service in each.finding.services}
    # What was held back may well be asked for again; the next log tells whether it is still needed.
    # What is left is a matter of taste where the changes write down a default.
    serious = [each for each in more.proven if not each.is_taste]
    if any((each.finding.rule, key) not in waiting for each in serious for key in each.finding.services):
        held += [HeldBack(each.finding, each.fix, "behind it, advisor would want more") for each in both]
        return _Tried(instance, judgements, ()), _PROOF
    return _Tried(tried.behind, tried.judgements, both), _PROOF + (() if more.proven else (_NOTHING_MORE,))


def _prove(start: _Tried, kept: Sequence[Proposal], rejudge: Rejudge, held: list[HeldBack]) -> _Tried:
    """The proposals that prove together: all, or those that do when they are added one by one."""
    tried = _attempt(start, kept, rejudge)
    if not isinstance(tried, str):
        return tried
    best = _Tried(start.behind, start.judgements, ())
    for each in kept:
        tried = _attempt(start, [*best.chosen, each], rejudge)
        if isinstance(tried, str):
            held.append(HeldBack(each.finding, each.fix, tried, is_choice=each.is_taste))
        else:
            best = tried
    return best


def _attempt(start: _Tried, chosen: Sequence[Proposal], rejudge: Rejudge) -> _Tried | str:
    """The instance behind the proposals, or why they are not proven."""
    if not chosen:
        return _Tried(start.behind, start.judgements, ())
    behind = apply_changes(start.behind, [change for each in chosen for change in each.fix.changes])
    if isinstance(behind, CannotEdit):
        return behind.reason
    judgements = rejudge(behind)
    reason = objection(start.behind, behind, chosen, start.judgements, judgements)
    return reason or _Tried(behind, judgements, tuple(chosen))


def _patches(before: Instance, after: Instance) -> tuple[FilePatch, ...]:
    pairs = [(before.main_cf.source, after.main_cf.source)]
    if before.master_cf and after.master_cf and not before.given.stock_services:
        pairs.append((before.master_cf.source, after.master_cf.source))
    return tuple(FilePatch(_file_name(old), old.text, new.text) for old, new in pairs if old.text != new.text)


def _file_name(source: SourceFile) -> str:
    """`postconf -n` on standard input has no file name; what stands for it has no blank."""
    return PurePath(source.name).name.replace("postconf -", "postconf-")
