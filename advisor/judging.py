"""A case and the chosen rules -> the report: verdicts, what is hidden, and the plan with its proof."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from packaging.version import Version

from advisor.engine.changes import Applicability, Fix
from advisor.engine.judge import Judgement
from advisor.engine.passes import judge_in_turn
from advisor.engine.selection import Chosen
from advisor.engine.suppression import Suppressed, Suppressor, as_before
from advisor.engine.verdicts import Finding
from advisor.facts.case import Case
from advisor.facts.lines import refused_lines
from advisor.fixing import mend
from advisor.plan.commands import commands
from advisor.plan.diff import unified_diff
from advisor.plan.plan import make_plan
from advisor.report.model import NotApplied, Proven, Report
from advisor.settings.instance import Instance
from advisor.suppress import Ignores

if TYPE_CHECKING:
    from advisor.logs.metrics import Metrics


def judge_case(
    chosen: Chosen,
    case: Case,
    metrics: "Metrics | None",
    log_hint: str = "",
    below: str = "",
    suppressors: Sequence[Suppressor] = (),
    ignores: Sequence[Ignores] = (),
    fixes: Applicability | None = None,
) -> Report:
    """The report on a case: verdicts, and the plan with its proof. `log_hint` says how to get a log,
    `below` stands before the names of files in the patch. What a suppressor or one of the `ignores` hides
    changes nothing. With `fixes` it is about the case behind all that are as safe.
    """
    release = Version(str(case.instance.release))
    asked = frozenset(rule.name for rule in chosen.asked)

    all_suppressors = (*(each.hidden for each in ignores), *suppressors)

    def tell(of: Case, first: Sequence[Judgement]) -> Case:
        told = tuple(told for each in ignores for told in each.told(of, first))
        return msgspec.structs.replace(of, ignores=told)

    def verdicts(
        of: Instance, hiding: Sequence[Suppressor]
    ) -> tuple[tuple[Judgement, ...], tuple[Suppressed, ...]]:
        return judge_in_turn(chosen.watching, case.behind(of), release, hiding, tell)

    instance, mended = case.instance, None
    judgements, suppressed = verdicts(instance, all_suppressors)
    behind_changes = (*all_suppressors, as_before(suppressed))
    if fixes is not None:
        instance, mended = mend(instance, lambda of: verdicts(of, behind_changes)[0], asked, fixes)
        judgements, suppressed = verdicts(instance, all_suppressors)
        behind_changes = (*all_suppressors, as_before(suppressed))
    plan = make_plan(instance, judgements, lambda behind: verdicts(behind, behind_changes)[0], asked)
    conflicts = (
        _not_applied(held.finding, held.fix, conflict.reason)
        for conflict in plan.conflicts
        for held in conflict.fixes
    )
    held_back = (_not_applied(held.finding, held.fix, held.reason) for held in plan.held_back)
    return Report(
        instance=instance,
        metrics=metrics,
        observed=case.observed,
        judgements=tuple(judgement for judgement in judgements if judgement.rule.name in asked),
        patch=unified_diff(plan.patches, below),
        commands=commands(instance, plan.behind, [each.fix for each in plan.proven]),
        proven=tuple(Proven(each.finding, each.fix) for each in plan.proven),
        proof=plan.proof,
        untested=plan.untested,
        not_applied=(*conflicts, *held_back),
        refused=refused_lines(instance),
        log_hint=log_hint,
        suppressed=tuple(each for each in suppressed if each.finding.rule in asked),
        mended=mended,
        decisions=tuple(
            told for each in ignores for told in each.decisions(instance, judgements, suppressed)
        ),
    )


def _not_applied(finding: Finding, fix: Fix, reason: str) -> NotApplied:
    return NotApplied(finding.rule, fix.title, reason, fix.applicability is Applicability.MANUAL)
