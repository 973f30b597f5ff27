"""Findings that somebody decided to live with: they count for nothing and change nothing, and stay known."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Finding, Fired, Passed, Unknown
from advisor.settings.instance import Instance
from advisor.syntax.source import Span


class SuppressedBy(StrEnum):
    """Where it was decided."""

    COMMENT = "comment"  # in the file itself
    POLICY = "policy"  # in advisor.toml
    BASELINE = "baseline"


class Suppression(msgspec.Struct, frozen=True):
    """One decision, with the reason that was given; it ends behind the day `until`. `where` it stands is
    None for what has no line of its own.
    """

    by: SuppressedBy
    reason: str = ""
    until: date | None = None
    where: Span | None = None


class Suppressed(msgspec.Struct, frozen=True):
    """A finding, and what hides it."""

    finding: Finding
    suppression: Suppression


class Decision(msgspec.Struct, frozen=True):
    """A suppression, the names of the rules it is for, and the findings it hides now. `expired`: its last day
    has passed. `problem` says why it cannot be read; then it is for no rule.
    """

    suppression: Suppression
    rules: tuple[str, ...]
    hides: tuple[Finding, ...]
    expired: bool = False
    problem: str = ""


# The findings on an instance -> for those that it hides, why.
Suppressor = Callable[[Instance, Sequence[Finding]], Mapping[Finding, Suppression]]


def without_suppressed(
    judgements: Sequence[Judgement], instance: Instance, suppressors: Sequence[Suppressor]
) -> tuple[tuple[Judgement, ...], tuple[Suppressed, ...]]:
    """The judgements without the findings that a suppressor hides, and those; of several, the first counts.

    No suppressor hides what a rule with `ignorable = false` finds.
    """
    found = [
        finding
        for each in judgements
        if each.rule.ignorable and isinstance(each.verdict, Fired)
        for finding in each.verdict.findings
    ]
    hidden: dict[Finding, Suppression] = {}
    for suppressor in suppressors:
        hidden = {**suppressor(instance, found), **hidden}
    if not hidden:
        return tuple(judgements), ()
    return (
        tuple(_without(each, hidden) if each.rule.ignorable else each for each in judgements),
        tuple(Suppressed(finding, hidden[finding]) for finding in found if finding in hidden),
    )


def as_before(suppressed: Sequence[Suppressed]) -> Suppressor:
    """What hides behind a change of advisor's own as much as was hidden before it: of each rule, as many
    findings on the same services. For with another value in its line a finding has another fingerprint.
    """

    def hidden(instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:  # noqa: ARG001
        left: dict[tuple[str, frozenset[str | None]], list[Suppressed]] = {}
        for each in suppressed:
            left.setdefault(_subject(each.finding), []).append(each)
        said = {(_subject(each.finding), each.finding.message) for each in suppressed}
        found: dict[Finding, Suppression] = {}
        for finding in sorted(findings, key=lambda each: (_subject(each), each.message) not in said):
            if of_it := left.get(_subject(finding)):
                found[finding] = of_it.pop().suppression
        return found

    return hidden


def _subject(finding: Finding) -> tuple[str, frozenset[str | None]]:
    return finding.rule, frozenset(finding.services)


def _without(judgement: Judgement, hidden: Mapping[Finding, Suppression]) -> Judgement:
    if not isinstance(judgement.verdict, Fired):
        return judgement
    left = tuple(each for each in judgement.verdict.findings if each not in hidden)
    if left:
        return Judgement(judgement.rule, replace(judgement.verdict, findings=left))
    missing = judgement.verdict.missing
    return Judgement(judgement.rule, Unknown(missing) if missing else Passed())
