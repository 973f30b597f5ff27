"""The one use case: a request becomes a report. advisor.api is what other programs may rely on of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from packaging.version import Version

import advisor.facts as _register  # noqa: F401 - fills the registry that rules are checked against
from advisor.baseline import Baseline
from advisor.engine.amendments import NO_AMENDMENTS, Amendment, amended
from advisor.engine.changes import Applicability, Fix
from advisor.engine.judge import Judgement
from advisor.engine.loader import load_rules
from advisor.engine.passes import judge_in_turn
from advisor.engine.rules import Rule
from advisor.engine.selection import Chosen, Selection
from advisor.engine.suppression import Suppressed, Suppressor, as_before
from advisor.engine.verdicts import Finding, Severity
from advisor.errors import NothingToCheck, UsageError
from advisor.facts.case import NO_LOG, Case
from advisor.facts.lines import refused_lines
from advisor.facts.thresholds import default_thresholds
from advisor.fixing import mend
from advisor.inputs.read import DEFAULT_PATH, Inputs, Named, read_inputs
from advisor.inputs.unrendered import must_be_rendered
from advisor.installed import asked_release
from advisor.log_habits import how_to_get_the_log
from advisor.logs.source import Progress, Source, sources_of, unheard
from advisor.logs.time_window import AskedTime
from advisor.logs.wanted import EVERYTHING, Wanted
from advisor.plan.commands import commands
from advisor.plan.diff import unified_diff
from advisor.plan.plan import make_plan
from advisor.report.model import Floor, NotApplied, Proven, Report
from advisor.resources import resource_folder
from advisor.settings.instance import Instance
from advisor.settings.profile import told_profiles
from advisor.settings.release import ASSUMED, NEWEST, Release
from advisor.suppress import IgnoreComments, Ignores
from advisor.suppress_policy import PolicyIgnore, PolicyIgnores

if TYPE_CHECKING:
    from advisor.facts.observed import Observed
    from advisor.logs.metrics import Metrics


class Request(msgspec.Struct, frozen=True):
    """What to look at: a folder with a main.cf (or the file), a bundle, or `-` for `postconf -n` on standard
    input; and the logs that belong to it.

    `postconf_n`, `master`, `defaults` and `table_types` are files with what `postconf -n`, `-M`, `-d` and
    `-m` printed. `memory` in bytes, None where nobody told; `asked_time` and `wanted` are the part of the
    logs that counts, `journal` asks for that of this machine, `jobs` processes may read; `from_version` is
    the release that runs today, where `postfix_version` is tomorrow's. `metrics` are files that `advisor
    metrics` made of logs; they count as the logs do. `profiles` are names of the kinds of machine it is;
    empty: they are inferred. `primary` is the folder
    of the instance whose main.cf names this one, `below` what the patch has before the names of its files.
    `fixes`: the report is about the text behind all proven fixes that are as safe as that; None: nothing is
    to be fixed.
    `baseline` knows the findings that do not count.
    Ignore comments count unless `with_ignores` is False, and so do the `ignores` of a policy; `today`, None
    for the day in UTC, tells those that have expired.

    `amendments` are a site's severities and options, by rule. `floor` is what is shown, `gate` the severity
    from which on findings fail, None: never. `policy` is the advisor.toml that some of this was read from,
    and `version_told_by` says who told `postfix_version`.
    """

    path: str = DEFAULT_PATH
    logs: tuple[Source, ...] = ()
    postfix_version: str = ""
    rules_directories: tuple[Path, ...] = ()
    selection: Selection = msgspec.field(default_factory=Selection)
    memory: int | None = None
    asked_time: AskedTime = msgspec.field(default_factory=AskedTime)
    journal: bool = False
    wanted: Wanted = EVERYTHING
    jobs: int = 1
    postconf_n: str = ""
    master: str = ""
    defaults: str = ""
    table_types: str = ""
    from_version: str = ""
    metrics: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    primary: str = ""
    below: str = ""
    fixes: Applicability | None = None
    baseline: Baseline | None = None
    amendments: Mapping[str, Amendment] = NO_AMENDMENTS
    floor: Floor = msgspec.field(default_factory=Floor)
    gate: Severity | None = Severity.LOW
    policy: str = ""
    version_told_by: str = "--postfix-version"
    with_ignores: bool = True
    today: date | None = None
    ignores: tuple[PolicyIgnore, ...] = ()


def advise(request: Request, progress: Progress = unheard) -> Report:
    """The report on a request, with what a replay of the log predicts of its fixes. Raises AdvisorError for
    what an administrator has to mend first.

    `progress` hears how many bytes of the logs have been read.
    """
    report = judged(request, progress)
    if report.metrics is None:
        return report
    from advisor.predictions import predictions  # noqa: PLC0415 - numpy is for a log alone

    return msgspec.structs.replace(report, predictions=predictions(report))


def judged(request: Request, progress: Progress = unheard) -> Report:
    """The same report without predictions."""
    profiles = told_profiles(request.profiles)
    rules = amended(rules_to_judge(request.rules_directories), request.amendments)
    chosen = request.selection.choose(rules)
    inputs = read_inputs(
        Named(
            request.path,
            request.postconf_n,
            request.master,
            request.defaults,
            request.table_types,
            request.primary,
        ),
        memory=request.memory,
        stdin_is_taken="-" in request.logs,
    )
    metrics = _metrics(request, inputs, progress)
    instance = inputs.instance(*_release(request, inputs, metrics))
    must_be_rendered(instance)
    today = _todays_release(request, inputs, metrics)
    host = msgspec.structs.replace(instance.host, today=today, profiles=profiles)
    instance = replace(instance, host=host)
    observed = _observed(instance, metrics) if metrics else NO_LOG
    named = ("--postconf-n", request.postconf_n) if request.postconf_n else (request.primary or request.path,)
    hint = "" if metrics else how_to_get_the_log(instance, named, is_own=inputs.is_own)
    ignores = _ignores(request, rules, chosen) if request.with_ignores else ()
    hidden = (request.baseline.hidden,) if request.baseline else ()
    report = judge_case(
        chosen, Case(instance, observed), metrics, hint, request.below, hidden, ignores, request.fixes
    )
    notes = (
        *(_notes(metrics) if metrics else ()),
        *(request.baseline.notes(report) if request.baseline else ()),
    )
    return msgspec.structs.replace(
        report, notes=notes, floor=request.floor, gate=request.gate, policy=request.policy
    )


def _ignores(request: Request, rules: Sequence[Rule], chosen: Chosen) -> tuple[Ignores, ...]:
    today = request.today or datetime.now(UTC).date()
    asked = frozenset(rule.name for rule in chosen.asked)
    comments = IgnoreComments({rule.name: rule for rule in rules}, asked, today)
    return (comments, PolicyIgnores(request.ignores, asked, today)) if request.ignores else (comments,)


def read_instance(path: str, postfix_version: str = "") -> Instance:
    """The configuration in a folder, a main.cf or a bundle, as `advise` reads it without a log."""
    inputs = read_inputs(Named(path))
    return inputs.instance(*_release(Request(path, postfix_version=postfix_version), inputs, None))


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


def all_rules(directories: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """The rules that come with advisor, and those of further directories. Raises RuleError."""
    return load_rules((resource_folder("rules"), *directories))


def rules_to_judge(directories: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules as `all_rules` gives them. Those that come with advisor are read once, without examples."""
    return all_rules(directories) if directories else _own_rules()


@cache
def _own_rules() -> tuple[Rule, ...]:
    return load_rules((resource_folder("rules"),), examples=False)


def rules_in(directory: Path) -> tuple[Rule, ...]:
    """The rules of one directory alone. Raises RuleError, and NothingToCheck where there is none."""
    rules = load_rules((directory,))
    if not rules:
        raise NothingToCheck(
            "no rule here", where=str(directory), cure="name a folder that holds CATEGORY/NAME.toml"
        )
    return rules


def _metrics(request: Request, inputs: Inputs, progress: Progress) -> "Metrics | None":
    """What the logs say that were named, or else those that came with the configuration."""
    logs = sources_of(request.logs, journal=request.journal) or (() if request.metrics else inputs.logs)
    if logs or request.metrics:
        from advisor.inputs.metrics import read_metrics  # noqa: PLC0415 - numpy is for a log alone

        return read_metrics(
            logs,
            request.metrics,
            asked=request.asked_time,
            wanted=request.wanted,
            jobs=request.jobs,
            progress=progress,
        )
    if request.asked_time != AskedTime():
        raise UsageError("--since and --until choose lines of a log", cure="add --log FILE")
    if request.wanted != EVERYTHING:
        raise UsageError("--host and --instance choose lines of a log", cure="add --log FILE")
    return None


def _notes(metrics: "Metrics") -> tuple[str, ...]:
    """That the log has lines from under other settings, if Postfix read its settings anew meanwhile."""
    from advisor.facts.limit_in_force import settings_read  # noqa: PLC0415 - numpy is for a log alone

    if not (times := settings_read(metrics)):
        return ()
    last = datetime.fromtimestamp(times[-1], UTC)
    more = f", the last of {len(times)} times" if len(times) > 1 else ""
    note = (
        f"the log spans a reload or a start of Postfix, by {last:%b %d %H:%M}{more}: what came before was "
        f"under the settings of that time; --since {last:%Y-%m-%dT%H:%MZ} judges by the present ones alone"
    )
    return (note,)


def _observed(instance: Instance, metrics: "Metrics") -> "Observed":
    from advisor.facts.observe import observe  # noqa: PLC0415 - numpy is for a log alone

    return observe(instance, metrics, default_thresholds())


def _release(request: Request, inputs: Inputs, metrics: "Metrics | None") -> tuple[Release, str]:
    """The release whose rules and defaults count, and how it was found."""
    if request.postfix_version:
        return asked_release(request.postfix_version), request.version_told_by
    if inputs.mail_version:
        return Release.parse(inputs.mail_version), inputs.told_by
    if metrics and metrics.starts:
        return Release.parse(metrics.starts[-1].version), "the log"
    return NEWEST, ASSUMED


def _todays_release(request: Request, inputs: Inputs, metrics: "Metrics | None") -> Release | None:
    """The release that runs today, as it was told, or as its host or the log says; else None."""
    if request.from_version:
        return asked_release(request.from_version)
    if inputs.mail_version:
        return Release.parse(inputs.mail_version)
    return Release.parse(metrics.starts[-1].version) if metrics and metrics.starts else None
