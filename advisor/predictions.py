"""What each fix of a report would have done on the log's own day: its changes alone, replayed.

It comes behind the plan: no rule asks it, and no patch depends on it.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from advisor.engine.changes import Fix
from advisor.engine.plain_words import asked_for
from advisor.engine.verdicts import Finding
from advisor.facts.causes import Cause
from advisor.facts.observed import Observation, Observed
from advisor.facts.registry import Source
from advisor.facts.thresholds import default_thresholds
from advisor.logs.metrics import Metrics
from advisor.missing import Missing
from advisor.plan.edits import apply_changes
from advisor.plan.text_edits import CannotEdit
from advisor.plan.tried import limits_behind
from advisor.report.model import Predicted, Report
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.simulation.limits import limits_of
from advisor.simulation.prediction import Before, predict
from advisor.simulation.study import MEASURE, PATIENCE, Study

# Of a long log the fullest part is replayed, and no more draws of it than this: a check has to stay quick.
_MOST_ASKED = 8
_MOST_SESSIONS, _FEWEST_SESSIONS, _ALL_SESSIONS = 4000, 1000, 6000
_SESSIONS = 24_000
_NO_LIMIT = Missing(
    "the change is no limit that a replay knows: processes, smtpd_timeout, sessions a client", MEASURE
)
_QUIET = (Cause.NONE, Cause.PROBES)


class _Asked(msgspec.Struct, frozen=True):
    """A fix that gives a service other limits."""

    finding: Finding
    fix: Fix
    service: Service

    @property
    def is_advice(self) -> bool:
        """Whether the finding is for it, and not against it."""
        return self.fix in self.finding.fixes


def predictions(report: Report) -> tuple[Predicted, ...]:
    """A prediction for each fix that changes how a service shares its processes, and for each finding about
    one in trouble whose cure is no limit, that there is none. The same limits are told once.
    """
    metrics, observed = report.metrics, report.observed
    if metrics is None or isinstance(observed, Missing):
        return ()
    trial = _Trial(report, metrics, observed)
    found = (each for finding in _in_order(report) for each in trial.asked(finding))
    asked = list(islice(found, _MOST_ASKED))
    most = max(_FEWEST_SESSIONS, min(_MOST_SESSIONS, _ALL_SESSIONS // max(1, len(asked))))
    told = [each for each in _told(trial, asked, most) if _is_worth_it(report, each)]
    return (*told, *trial.without_limit(asked))


def _is_worth_it(report: Report, each: Predicted) -> bool:
    """Whether it says something. A finding that does not rest on the log has nothing to be shown by it: there
    only a difference counts, or none where clients wait.
    """
    if Source.LOG in report.rule(each.finding.rule).sources:
        return True
    found = each.outcome
    return not isinstance(found, Missing) and not (found.is_same and found.is_at_ease)


def _told(trial: "_Trial", asked: Sequence[_Asked], most: int) -> Iterator[Predicted]:
    studies: dict[str, Before | Missing] = {}
    told: set[tuple[str, str]] = set()
    for each in asked:
        key = each.service.key
        if key not in studies:
            studies[key] = trial.before(each.service, most)
        before = studies[key]
        if isinstance(before, Missing):
            yield Predicted(each.finding, each.fix.title, before)
            continue
        limits = limits_behind(trial.instance, each.fix.changes, before.study)
        if limits == before.study.limits or (key, str(limits)) in told:
            continue
        told.add((key, str(limits)))
        if isinstance(limits, Missing):
            yield Predicted(each.finding, each.fix.title, limits)
            continue
        found = predict(before, limits, _SESSIONS, is_advice=each.is_advice)
        yield Predicted(each.finding, each.fix.title, found)


def _in_order(report: Report) -> list[Finding]:
    """The findings, first those that rest on the log: what they propose is told there."""
    return sorted(report.findings, key=lambda each: Source.LOG not in report.rule(each.rule).sources)


class _Trial(msgspec.Struct, frozen=True):
    """A report, and the log that it is on."""

    report: Report
    metrics: Metrics
    observed: Observed

    @property
    def instance(self) -> Instance:
        """The configuration as it is."""
        return self.report.instance

    def asked(self, finding: Finding) -> Iterator[_Asked]:
        """The fixes of a finding that give an SMTP server other limits: of several, the one it is about, or
        else the one with most sessions.
        """
        for fix in (*finding.fixes, *finding.against):
            behind = apply_changes(self.instance, fix.changes)
            if isinstance(behind, CannotEdit):
                continue
            changed = [each for each in self._servers() if self._is_changed(each, behind)]
            if changed:
                service = max(changed, key=lambda each: (each.key in finding.services, self._sessions(each)))
                yield _Asked(finding, fix, service)

    def without_limit(self, asked: Sequence[_Asked]) -> Iterator[Predicted]:
        """The findings on a service in trouble whose fixes change no limit."""
        for finding in self.report.findings:
            seen = self.observed.services.get(finding.service or "")
            if not isinstance(seen, Observation):
                continue
            rule = self.report.rule(finding.rule)
            causes = [each for each in seen.diagnosis.causes if each not in _QUIET]
            is_about = {each.value for each in causes} & asked_for(rule.when)
            if is_about and not any(each.finding == finding for each in asked):
                yield Predicted(finding, "", _NO_LIMIT)

    def before(self, service: Service, most: int) -> Before | Missing:
        """What becomes of a service under this log as things are."""
        thresholds = default_thresholds()
        study = Study.of(self.instance, service, self.metrics, self.observed, thresholds, PATIENCE, most)
        return study if isinstance(study, Missing) else Before.of(study, _SESSIONS)

    def _servers(self) -> list[Service]:
        return [
            each
            for each in self.instance.services
            if each.is_smtp_server and isinstance(self.observed.service(each.key), Observation)
        ]

    def _is_changed(self, service: Service, behind: Instance) -> bool:
        after = behind.service(service.key)
        return after is not None and limits_of(self.instance, service) != limits_of(behind, after)

    def _sessions(self, service: Service) -> int:
        seen = self.observed.service(service.key)
        return seen.load.sessions if isinstance(seen, Observation) else 0
