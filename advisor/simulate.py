"""The third use case: a configuration, its log, and other settings -> what would have become of the clients.

Everything is replayed against the same draws of the log's demand, so that rows can be compared.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from advisor.app import judged
from advisor.capacity.replay import Limits
from advisor.engine.changes import Change
from advisor.errors import NothingToCheck, UsageError
from advisor.facts.case import Case
from advisor.facts.causes import Remedy
from advisor.facts.thresholds import default_thresholds
from advisor.logs.source import Progress, unheard
from advisor.missing import Missing
from advisor.plan.tried import limits_behind, must_be_accepted
from advisor.report.model import Report
from advisor.report.simulate_model import Kind, Row, SimulateReport, Strip
from advisor.request import Request as Checked
from advisor.simulation.asked import Key, Range, Setting, range_of, setting_of
from advisor.simulation.chosen import chosen_server, smtp_servers
from advisor.simulation.remedies import cannot_be_replayed, remedies
from advisor.simulation.study import PATIENCE, Study
from advisor.simulation.sweep import Point, Sweep, values_of

_PARTS = 60
# So many of the plan's changes that are not replayed are named.
_FEW = 3


class Request(msgspec.Struct, frozen=True):
    """`of` is what `advisor check` would be asked: the configuration and its log. `settings` are the values
    to try together, as NAME=VALUE; `sweep` is NAME=FIRST..LAST, empty for none; `service` a key such as
    smtp/inet, empty for the one in trouble. `plan`: what the proven patch does. With neither settings nor
    plan nor sweep, the patch and each remedy alone are tried. `patience` is in seconds.
    """

    of: Checked
    settings: tuple[str, ...] = ()
    plan: bool = False
    service: str = ""
    sweep: str = ""
    patience: float = PATIENCE


def simulate(request: Request, progress: Progress = unheard) -> SimulateReport:
    """The report. Raises AdvisorError for what has to be mended first, UsageError without a log."""
    report = judged(request.of, progress)
    instance, metrics, observed = report.instance, report.metrics, report.observed
    if metrics is None or isinstance(observed, Missing):
        raise UsageError(
            "a simulation replays the sessions of a log, and none was given", cure="add --log FILE"
        )
    settings = tuple(setting_of(text, instance) for text in request.settings)
    swept = range_of(request.sweep, instance) if request.sweep else None
    keys = [each.key for each in settings] + ([swept.key] if swept else [])
    named = request.service or next((key.service for key in keys if key.service), None)
    service = chosen_server(instance, observed, named)
    study = Study.of(instance, service, metrics, observed, default_thresholds(), request.patience)
    if isinstance(study, Missing):
        raise NothingToCheck(
            f"nothing can be replayed: {study.what}", where=service.key, cure=study.how_to_get_it
        )
    must_be_accepted(instance, settings)
    trial = _Trial(report, study)
    everything = not (settings or request.plan or swept)
    rows = [trial.row(Kind.REPLAY, "now, replayed")]
    if settings:
        rows.append(trial.of_settings(settings))
    if request.plan or everything:
        rows.append(trial.of_plan())
    if everything:
        rows += trial.of_remedies()
    sweep = _sweep(trial, swept) if swept else None
    return SimulateReport(
        instance,
        study,
        study.measured,
        tuple(rows),
        tuple(_strips(study, rows)),
        sweep,
        tuple(trial.notes(settings, rows)),
        tuple(each.key for each in smtp_servers(instance) if each.key != service.key),
    )


class _Trial(msgspec.Struct, frozen=True):
    """A study, and the report on the configuration that it is of."""

    report: Report
    study: Study

    def row(
        self,
        kind: Kind,
        label: str,
        changes: Sequence[Change] = (),
        settings: Iterable[str] = (),
        reason: str = "",
    ) -> Row:
        """What becomes of the demand behind the changes."""
        study, limits = self.study, self.limits(changes)
        if isinstance(limits, Missing):
            return Row(kind, label, tuple(settings), limits, limits, reason=reason)
        return Row(
            kind,
            label,
            tuple(settings),
            limits,
            study.outcome(limits),
            study.doubts(limits),
            reason,
            fills_later=study.fills_later(limits),
        )

    def limits(self, changes: Sequence[Change]) -> Limits | Missing:
        """The limits of the service behind the changes."""
        return limits_behind(self.report.instance, changes, self.study)

    def of_settings(self, settings: Sequence[Setting]) -> Row:
        """All settings together."""
        words = [str(each) for each in settings]
        return self.row(Kind.SET, ", ".join(words), [each.change for each in settings], words)

    def of_plan(self) -> Row:
        """The proven patch; its `settings` are the changes that reach a limit of the service."""
        fixes = [each.fix for each in self.report.proven]
        changes = [change for fix in fixes for change in fix.changes]
        return self.row(
            Kind.PLAN, "with the plan", changes, [fix.title for fix in fixes if self._reaches(fix.changes)]
        )

    def of_remedies(self) -> Iterator[Row]:
        """Each remedy alone."""
        case = Case(self.report.instance, self.report.observed)
        for each in remedies(case, self.study, self.report.findings):
            changes = [each.setting.change]
            if each.help.remedy is Remedy.SHORTER_TIMEOUT and not self._is_shorter(changes):
                continue
            label = f"{each.help.remedy.value}: {each.setting.value}"
            yield self.row(Kind.REMEDY, label, changes, (str(each.setting),), each.help.reason)

    def of_value(self, key: Key, value: int) -> Row:
        """One value of a sweep. Of a time limit the value for stress stays as it was, if it is not longer."""
        text = str(value)
        if key.name == "smtpd_timeout":
            stress = min(value, round(self.study.limits.stress_timeout))
            text = f"${{stress?{{{stress}}}:{{{value}}}}}s"
        return self.row(Kind.SET, text, [key.to(text)])

    def notes(self, settings: Sequence[Setting], rows: Sequence[Row]) -> Iterator[str]:
        """What is to be known of the log's limits; what was asked for, or helps, and is not in the replay."""
        service, logged = self.study.service, self.study.limits.processes
        if logged != service.process_limit:
            then = f"{logged} processes when the log was written"
            yield f"{service.key} had {then}, and {service.process_limit} in the text now"
        for each in settings:
            if not self._reaches([each.change]):
                yield f"{each} makes no difference here: it changes no limit of {service.key}"
        if any(row.kind is Kind.PLAN for row in rows):
            yield from self._of_the_plan()
        others = cannot_be_replayed(self.study.causes)
        if others:
            yield f"helps, and cannot be replayed: {', '.join(others)}"

    def _of_the_plan(self) -> Iterator[str]:
        titles = [each.fix.title for each in self.report.proven if not self._reaches(each.fix.changes)]
        more = f", and {len(titles) - _FEW} more" if len(titles) > _FEW else ""
        if titles:
            yield f"of the plan, not replayed: {'; '.join(titles[:_FEW])}{more}"
        elif not self.report.proven:
            yield "there is no plan: advisor check has nothing to change that it can prove"

    def _reaches(self, changes: Sequence[Change]) -> bool:
        """Whether the changes alone give the service another limit."""
        return self.limits(changes) != self.study.limits

    def _is_shorter(self, changes: Sequence[Change]) -> bool:
        """Whether the normal time limit is; a rule may write today's in another form."""
        limits = self.limits(changes)
        return isinstance(limits, Limits) and limits.timeout < self.study.limits.timeout


def _sweep(trial: _Trial, asked: Range) -> Sweep:
    rows = {value: trial.of_value(asked.key, value) for value in values_of(asked)}
    if len({str(row.limits) for row in rows.values()}) == 1:
        raise UsageError(
            f"{asked.key} changes no limit of {trial.study.service.key}",
            where="--sweep",
            cure=f"name what is in force there, such as {trial.study.service.key}/process_limit",
        )
    return Sweep.of(asked, [Point(value, row.outcome) for value, row in rows.items()])


def _strips(study: Study, rows: Sequence[Row]) -> Iterator[Strip]:
    """Now, and under the first limits that were asked for."""
    yield Strip("now", study.busy_now(_PARTS), study.limits.processes)
    other = next((row for row in rows if row.kind in (Kind.SET, Kind.PLAN)), None)
    if other is not None and not isinstance(other.limits, Missing):
        busy = study.busy_under(other.limits, _PARTS)
        yield Strip("then" if other.kind is Kind.SET else "with the plan", busy, other.limits.processes)
