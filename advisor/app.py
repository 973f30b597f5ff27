"""The one use case: a request becomes a report. Also the Python API: `run(Request("/etc/postfix"))`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

import advisor.facts as _register  # noqa: F401 - fills the registry that rules are checked against
from advisor.engine.judge import Judgement, judge
from advisor.engine.loader import load_rules
from advisor.engine.rules import Rule
from advisor.facts.case import NO_LOG, Case
from advisor.facts.lines import refused_lines
from advisor.facts.observe import observe
from advisor.facts.thresholds import default_thresholds
from advisor.installed import installed_release
from advisor.logs.metrics import Metrics
from advisor.logs.sources import read_logs
from advisor.plan.diff import unified_diff
from advisor.plan.plan import make_plan
from advisor.report.model import NotApplied, Proven, Report
from advisor.resources import resource_folder
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST, Release


@dataclass(frozen=True, slots=True)
class Request:
    """What to look at: a folder with a main.cf (or the file), and the logs that belong to it."""

    path: str
    logs: tuple[str, ...] = ()
    postfix_version: str = ""
    rules_directories: tuple[Path, ...] = ()


def run(request: Request) -> Report:
    """The report on a request. Raises AdvisorError for what an administrator has to mend first."""
    rules = all_rules(request.rules_directories)
    metrics = read_logs(request.logs) if request.logs else None
    path = Path(request.path)
    installed = installed_release(path if path.is_dir() else path.parent)
    release, source = _release(request, installed, metrics)
    instance = Instance.read(path, release, source, is_own=bool(installed))
    observed = observe(instance, metrics, default_thresholds()) if metrics else NO_LOG
    return judge_case(rules, Case(instance, observed), metrics)


def judge_case(rules: Sequence[Rule], case: Case, metrics: Metrics | None) -> Report:
    """The report on a case: verdicts, and the plan with its proof."""
    release = Version(str(case.instance.release))

    def verdicts(of: Case) -> tuple[Judgement, ...]:
        return judge(rules, of, release)

    judgements = verdicts(case)
    plan = make_plan(case.instance, judgements, lambda behind: verdicts(case.behind(behind)))
    conflicts = (
        NotApplied(held.finding.rule, held.fix.title, conflict.reason)
        for conflict in plan.conflicts
        for held in conflict.fixes
    )
    held_back = (NotApplied(held.finding.rule, held.fix.title, held.reason) for held in plan.held_back)
    return Report(
        instance=case.instance,
        metrics=metrics,
        observed=case.observed,
        judgements=judgements,
        patch=unified_diff(plan.patches),
        proven=tuple(Proven(each.finding, each.fix) for each in plan.proven),
        proof=plan.proof,
        not_applied=(*conflicts, *held_back),
        refused=refused_lines(case.instance),
    )


def all_rules(directories: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """The rules that come with advisor, and those of further directories. Raises RuleError."""
    return load_rules((resource_folder("rules"), *directories))


def _release(request: Request, installed: str, metrics: Metrics | None) -> tuple[Release, str]:
    """The release whose rules and defaults count, and how it was found."""
    if request.postfix_version:
        return Release.parse(request.postfix_version), "--postfix-version"
    if installed:
        return Release.parse(installed), "the installed programs"
    if metrics and metrics.starts:
        return Release.parse(metrics.starts[-1].version), "the log"
    return NEWEST, ASSUMED
