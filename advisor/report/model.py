"""What a report says, before it has a form. Every format renders this and nothing else."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from advisor.engine.changes import Applicability, Fix
from advisor.engine.fingerprints import fingerprints
from advisor.engine.judge import Judgement
from advisor.engine.rules import Rule
from advisor.engine.suppression import Decision, Suppressed
from advisor.engine.verdicts import Broken, Confidence, Finding, Fired, Severity, Unknown
from advisor.facts.lines import LogicalLine
from advisor.facts.observed import Observed
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.writing.rewrite import Rewrite

if TYPE_CHECKING:
    from advisor.logs.metrics import Metrics
    from advisor.simulation.prediction import Prediction

VERSION: Final = 1


class Proven(msgspec.Struct, frozen=True):
    """A fix that the patch makes, and the finding it is for."""

    finding: Finding
    fix: Fix


class NotApplied(msgspec.Struct, frozen=True):
    """A fix that the patch does not make, and why. `is_manual`: no tool could make it."""

    rule: str
    title: str
    reason: str
    is_manual: bool


class Fixed(msgspec.Struct, frozen=True):
    """A fix that --fix makes, the finding it is for, and the files that it changes."""

    finding: Finding
    fix: Fix
    files: tuple[str, ...]


class Mended(msgspec.Struct, frozen=True):
    """What --fix changes, by fixes that are as safe as `widest`; `rewrites` are the files that it writes.
    `recovered`: what was done before about an interrupted run; empty where there was none.
    """

    widest: Applicability
    fixed: tuple[Fixed, ...]
    rewrites: tuple[Rewrite, ...]
    recovered: str = ""


class Predicted(msgspec.Struct, frozen=True):
    """What a fix of a finding alone would have done on the log's own day; Missing where a replay cannot tell.

    `fix` is its title, empty where the finding has none that a replay knows.
    """

    finding: Finding
    fix: str
    outcome: "Prediction | Missing"


class Floor(msgspec.Struct, frozen=True):
    """What is at least shown. It takes nothing out of the patch, and what is hidden counts all the same."""

    severity: Severity = Severity.INFO
    confidence: Confidence = Confidence.LOW

    def admits(self, finding: Finding) -> bool:
        """Whether the finding is shown."""
        return finding.severity >= self.severity and finding.confidence >= self.confidence

    def __str__(self) -> str:
        bounds = []
        if self.severity is not Severity.INFO:
            bounds.append(f"--min-severity {self.severity.value}")
        if self.confidence is not Confidence.LOW:
            bounds.append(f"--min-confidence {self.confidence.value}")
        return " or ".join(bounds)


def not_shown(report: "Report") -> str:
    """How many findings are below the floor, in words."""
    count = len(report.hidden)
    what, rest = ("1 finding is", "it counts") if count == 1 else (f"{count} findings are", "they count")
    return f"{what} below {report.floor} and not shown; for --fail-on {rest}"


def not_counted(report: "Report") -> str:
    """How many findings are suppressed, and by what, in words; empty for none."""
    counts = Counter(each.suppression.by.value for each in report.suppressed)
    if not counts:
        return ""
    total = counts.total()
    what = f"{total} finding{'s' * (total != 1)} suppressed"
    if len(counts) == 1:
        return f"{what} by {next(iter(counts))}"
    return f"{what}: " + ", ".join(f"{count} by {name}" for name, count in sorted(counts.items()))


class NotJudged(msgspec.Struct, frozen=True):
    """A configuration that was asked for, or named by another, and could not be judged: why, what to do about
    it, and the exit code of that.
    """

    path: str
    problem: str
    cure: str
    exit_code: int


class Report(msgspec.Struct, frozen=True):
    """What was found. `metrics` is None without a log, and `log_hint` says then how to get one. `patch` is a
    unified diff, empty when nothing is to be changed; `commands` make the same change on the host that the
    text came from, and there are none for a folder here. `proof` says in words what was shown of it,
    `untested` what was not. `refused`: the lines with which Postfix would not run.
    `notes` say what is to be known of it as one of several instances of a machine, and of a log from under
    other settings. The names in the patch are below `patch_folder`, which is empty where that is the folder
    of the configuration itself. `predictions`: what a replay of the log says of the fixes. `suppressed` are
    findings that somebody decided to live with: they are none of `findings`. `gate` is the severity from
    which on findings fail, None where none does. `policy` is the advisor.toml that counted, if one did.
    `decisions` are the ignores, with what each hides.
    `mended` is None where nobody asked to fix anything; else `instance` is the one behind that, and all the
    rest is about it.
    """

    instance: Instance
    metrics: "Metrics | None"
    observed: Observed | Missing
    judgements: tuple[Judgement, ...]
    patch: str
    commands: tuple[str, ...]
    proven: tuple[Proven, ...]
    proof: tuple[str, ...]
    untested: tuple[str, ...]
    not_applied: tuple[NotApplied, ...]
    refused: tuple[LogicalLine, ...]
    log_hint: str = ""
    floor: Floor = msgspec.field(default_factory=Floor)
    notes: tuple[str, ...] = ()
    patch_folder: str = ""
    predictions: tuple[Predicted, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    gate: Severity | None = Severity.LOW
    policy: str = ""
    decisions: tuple[Decision, ...] = ()
    mended: Mended | None = None

    @property
    def not_fixed(self) -> tuple[NotApplied, ...]:
        """What --fix left undone, and why; nothing where nobody asked to fix anything."""
        if self.mended is None:
            return ()
        widest = self.mended.widest
        left = tuple(
            NotApplied(
                each.finding.rule,
                each.fix.title,
                "it shows behind the other changes: run --fix again"
                if each.fix.applicability.is_as_safe_as(widest)
                else "unsafe: --unsafe-fixes makes it",
                is_manual=False,
            )
            for each in self.proven
        )
        return (*left, *self.not_applied)

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
    def shown(self) -> tuple[Finding, ...]:
        """The findings that the floor admits, in the order of `findings`."""
        return tuple(finding for finding in self.findings if self.floor.admits(finding))

    @property
    def hidden(self) -> tuple[Finding, ...]:
        """The findings below the floor."""
        return tuple(finding for finding in self.findings if not self.floor.admits(finding))

    @property
    def unexplained(self) -> tuple[LogicalLine, ...]:
        """The lines that Postfix refuses, as far as no finding that is shown stands there."""
        explained = {finding.where for finding in self.shown}
        return tuple(line for line in self.refused if line.span not in explained)

    @property
    def without_log(self) -> tuple[Rule, ...]:
        """The rules that could not decide because no log was given."""
        return tuple(rule for rule, missing in self.unknown if any(each.no_log for each in missing))

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

    def fingerprints(self) -> Mapping[Finding, str]:
        """What names each finding from one run to the next, also those that are suppressed."""
        return fingerprints(self.instance, (*self.findings, *(each.finding for each in self.suppressed)))

    def rule(self, name: str) -> Rule:
        """The rule of that name."""
        return next(judgement.rule for judgement in self.judgements if judgement.rule.name == name)

    def applied(self, finding: Finding) -> Fix | None:
        """The fix of the finding that the patch makes."""
        return next((each.fix for each in self.proven if each.finding == finding), None)

    def predicted(self, finding: Finding) -> tuple[Predicted, ...]:
        """What is predicted of the finding's fixes."""
        return tuple(each for each in self.predictions if each.finding == finding)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings at the gate or above it, be they shown or not; pedantic ones do not count, and nothing
        reaches a gate that is None.
        """
        gate = self.gate
        if gate is None:
            return ()
        pedantic = {judgement.rule.name for judgement in self.judgements if judgement.rule.pedantic}
        return tuple(each for each in self.findings if each.severity >= gate and each.rule not in pedantic)


class Reports(msgspec.Struct, frozen=True):
    """The reports of one run, in the order in which the instances were named, and what was not judged; there
    is no report at all where nothing could be.
    `root` is the folder that it was started in: paths below it are told from there.
    """

    reports: tuple[Report, ...]
    not_judged: tuple[NotJudged, ...] = ()
    root: str = ""
