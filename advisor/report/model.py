"""What a report says, before it has a form. Every format renders this and nothing else."""

from dataclasses import dataclass

from advisor.engine.changes import Fix
from advisor.engine.judge import Judgement
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Broken, Finding, Fired, Severity, Unknown
from advisor.facts.observe import Observed
from advisor.facts.registry import Missing
from advisor.logs.metrics import Metrics
from advisor.settings.instance import Instance

VERSION = 1


@dataclass(frozen=True, slots=True)
class Proven:
    """A fix that the patch makes, and the finding it is for."""

    finding: Finding
    fix: Fix


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A fix that the patch does not make, and why."""

    rule: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `metrics` is None without a log. `patch` is a unified diff, empty when nothing is to be
    changed; `commands` make the same change on the host that the text came from, and there are none for a
    folder here; `proof` says in words what was shown of it. `refused`: Postfix would not run with this text.
    """

    instance: Instance
    metrics: Metrics | None
    observed: Observed | Missing
    judgements: tuple[Judgement, ...]
    patch: str
    commands: tuple[str, ...]
    proven: tuple[Proven, ...]
    proof: tuple[str, ...]
    not_applied: tuple[NotApplied, ...]
    refused: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, the most severe and most certain first."""
        found = [
            finding
            for judgement in self.judgements
            if isinstance(judgement.verdict, Fired)
            for finding in judgement.verdict.findings
        ]
        return tuple(
            sorted(
                found, key=lambda each: (-each.severity.rank, -each.confidence.rank, each.rule, each.where)
            )
        )

    @property
    def unknown(self) -> tuple[tuple[Rule, tuple[Missing, ...]], ...]:
        """The rules that could not decide, and what each would need."""
        return tuple(
            (judgement.rule, judgement.verdict.missing)
            for judgement in self.judgements
            if isinstance(judgement.verdict, Unknown)
        )

    @property
    def broken(self) -> tuple[tuple[Rule, str], ...]:
        """The rules that failed, and how."""
        return tuple(
            (judgement.rule, judgement.verdict.error)
            for judgement in self.judgements
            if isinstance(judgement.verdict, Broken)
        )

    def rule(self, name: str) -> Rule:
        """The rule of that name."""
        return next(judgement.rule for judgement in self.judgements if judgement.rule.name == name)

    def applied(self, finding: Finding) -> Fix | None:
        """The fix of the finding that the patch makes."""
        return next((each.fix for each in self.proven if each.finding == finding), None)

    def reaches(self, severity: Severity) -> bool:
        """Whether any finding is at least that severe."""
        return any(finding.severity >= severity for finding in self.findings)
