"""The one use case: a request becomes a report. advisor.api is what other programs may rely on of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

import advisor.facts as _register  # noqa: F401 - fills the registry that rules are checked against
from advisor.engine.amendments import amended
from advisor.engine.rules import Rule
from advisor.engine.selection import Chosen
from advisor.errors import UsageError
from advisor.facts.case import NO_LOG, Case
from advisor.facts.thresholds import default_thresholds
from advisor.inputs.read import Inputs, Named, read_inputs
from advisor.inputs.unrendered import must_be_rendered
from advisor.installed import asked_release
from advisor.judging import judge_case
from advisor.log_habits import how_to_get_the_log
from advisor.logs.source import Progress, sources_of, unheard
from advisor.logs.time_window import AskedTime
from advisor.logs.wanted import EVERYTHING
from advisor.report.model import Report
from advisor.request import Request
from advisor.rule_sets import rules_to_judge
from advisor.settings.instance import Instance
from advisor.settings.profile import told_profiles
from advisor.settings.release import ASSUMED, NEWEST, Release
from advisor.suppress import IgnoreComments, Ignores
from advisor.suppress_policy import PolicyIgnores

if TYPE_CHECKING:
    from advisor.facts.observed import Observed
    from advisor.logs.metrics import Metrics


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
