"""The report for a person: by cause, then finding by finding, then the patch, on one screen if it can be.

Whatever came from a log or a configuration is made visible first, and nothing is read as markup.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from advisor.engine.verdicts import Evidence, Finding, Severity
from advisor.engine.wording import number, percent, seconds, visible, written
from advisor.facts.causes import REMEDIES, Cause, Help
from advisor.facts.evidence import Measure
from advisor.facts.observed import Observation
from advisor.facts.profile import kinds
from advisor.facts.registry import Source
from advisor.missing import Missing
from advisor.report.deliveries import queue_section, transport_section
from advisor.report.layout import labelled
from advisor.report.marked_line import marked_line
from advisor.report.model import Report, not_counted, not_shown
from advisor.report.predictions import rows as predicted_rows
from advisor.settings.given import Form, Given
from advisor.settings.instance import Instance

_STYLES = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
    Severity.INFO: "bold green",
}
_QUIET = (Cause.NONE, Cause.PROBES)
_PATCH = "Patch (advisor check --diff prints it for patch -p1{into})"


def write_full(reports: Sequence[Report], console: Console) -> None:
    """Prints the reports on `console`, with a blank line between them."""
    for place, report in enumerate(reports):
        if place:
            console.print()
        _write(report, console)


def _write(report: Report, console: Console) -> None:
    console.print(_head(report))
    for part in (
        *_by_cause(report),
        *_by_transport(report),
        *_configuration(report),
        *_patch(report),
        *_footer(report),
    ):
        console.print()
        console.print(part)


def _head(report: Report) -> RenderableType:
    instance = report.instance
    lines = [
        Text.assemble(
            (visible(instance.name), "bold"),
            f"  Postfix {instance.release} ({instance.release_source}), {len(instance.services)} services",
        )
    ]
    lines += [Text(visible(line), "dim") for line in _kinds(instance)]
    if report.policy:
        lines.append(Text(f"policy: {visible(report.policy)}", "dim"))
    lines += [Text(note, "yellow") for note in _notes(instance.given)]
    lines += [Text(visible(line), "yellow") for line in report.notes]
    today = instance.host.today
    if today is not None and today < instance.release:
        lines.append(
            Text(f"today it is Postfix {today}: a patch is for the time after the upgrade", "yellow")
        )
    metrics = report.metrics
    if metrics is not None and metrics.first is not None and metrics.last is not None:
        lines.append(
            Text(
                f"log {_clock(metrics.first)} to {_clock(metrics.last)}, "
                f"{seconds(metrics.last - metrics.first)}: {metrics.postfix_lines} lines of Postfix, "
                f"{metrics.other_lines} others"
                + f", {metrics.outside} outside of what was asked for"
                * bool(metrics.outside)
            )
        )
        lines += [Text(visible(str(each)), "yellow") for each in metrics.breaks]
        if unknown := metrics.unknown_by_program():
            by_program = ", ".join(f"{visible(name)} {count}" for name, count in unknown.most_common())
            lines.append(Text(f"lines of Postfix that are not understood: {by_program}", "yellow"))
    return Group(*lines)


def _kinds(instance: Instance) -> Iterable[str]:
    """Which kind of machine it is taken for, in one line, and why."""
    found = kinds(instance)
    if not isinstance(found, Missing):
        inferred = ", ".join(f"{each.profile.value} ({each.because})" for each in found if each.because)
        told = ", ".join(each.profile.value for each in found if not each.because)
        yield f"told to be: {told}" if told else f"taken for: {inferred}"


def _notes(given: Given) -> Iterable[str]:
    """What the text is, where it is not the files of this machine."""
    if given.form is Form.PRINTED:
        yield "what postconf printed: no comments, and no lines that Postfix does not read"
    if given.stock_services:
        yield "master.cf not given: Postfix's stock services assumed; give --master"


def _clock(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%b %d %H:%M:%S}"


def _by_cause(report: Report) -> Iterable[RenderableType]:
    """Each service with the cause of its trouble and what the log says should be done, the worst first."""
    if isinstance(report.observed, Missing):
        return
    known = {
        service: each for service, each in report.observed.services.items() if isinstance(each, Observation)
    }
    for service in sorted(known, key=lambda name: known[name].diagnosis.cause in _QUIET):
        yield _diagnosis(service, known[service])
        for finding in report.shown:
            if finding.service == service and _is_observed(report, finding):
                yield _finding(report, finding)
    for service, missing in report.observed.services.items():
        if isinstance(missing, Missing):
            yield Text.assemble(
                (visible(service), "bold"),
                visible(f"  cause unknown: {missing.what}; {missing.how_to_get_it}"),
            )


def _by_transport(report: Report) -> Iterable[RenderableType]:
    """The queue, and each transport whose mail waits or is deferred, with what should be done."""
    if isinstance(report.observed, Missing):
        return
    deliveries = report.observed.deliveries
    if deliveries.reasons:
        yield queue_section(deliveries.reasons)
    for service, observation in deliveries.transports.items():
        if observation.reasons:
            yield transport_section(observation)
            for finding in report.shown:
                if finding.service == service and _is_observed(report, finding):
                    yield _finding(report, finding)


def _with_sections(report: Report) -> frozenset[str]:
    """The services that have a section of their own above, for what the log showed of them."""
    if isinstance(report.observed, Missing):
        return frozenset()
    services = report.observed.services.items()
    transports = report.observed.deliveries.transports.items()
    return frozenset(
        (
            *(name for name, each in services if isinstance(each, Observation)),
            *(name for name, each in transports if each.reasons),
        )
    )


def _is_observed(report: Report, finding: Finding) -> bool:
    return Source.LOG in report.rule(finding.rule).sources


def _diagnosis(service: str, observation: Observation) -> RenderableType:
    found = observation.diagnosis
    style = "bold green" if found.cause in _QUIET else "bold red"
    causes = " and ".join(cause.value for cause in found.causes)
    head = Text.assemble((visible(service), "bold"), "  ", (causes, style), f": {visible(found.summary)}")
    rows = labelled()
    rows.add_row(Text("measured", "dim"), _measures(found.evidence))
    if found.ruled_out:
        rows.add_row(
            Text("ruled out", "dim"),
            Text("\n".join(f"{each.cause.value}: {each.reason}" for each in found.ruled_out)),
        )
    if found.to_tell:
        rows.add_row(Text("to tell", "dim"), Text(visible(found.to_tell)))
    for label, helps in (("helps", True), ("depends", None), ("no help", False)):
        chosen = [
            _help(each, cause if len(found.causes) > 1 else None)
            for cause in found.causes
            for each in REMEDIES[cause]
            if each.helps is helps
        ]
        if chosen:
            rows.add_row(Text(label, "dim"), Text("\n".join(chosen)))
    if observation.load.samples and found.saturated:
        lines = (f"{each.origin}:{each.line}: {each.text}" for each in observation.load.samples)
        rows.add_row(Text("log", "dim"), Text("\n".join(map(visible, lines)), "dim"))
    return Group(head, Padding(rows, (0, 0, 0, 2)))


def _help(each: Help, cause: Cause | None) -> str:
    against = f" against {cause.value}" if cause else ""
    return f"{each.remedy.value}{against}: {each.reason}"


def _measures(evidence: tuple[Measure, ...]) -> RenderableType:
    """One behind the other, so that they take few lines on a narrow screen too."""
    line = Text()
    for each in evidence:
        line.append("; " if line else "").append(f"{each.name} ").append(_amount(each), "bold")
    return line


def _amount(measure: Measure) -> str:
    match measure.unit:
        case "s":
            return seconds(measure.value)
        case "share":
            return percent(measure.value)
        case "":
            return number(measure.value)
        case unit:
            return f"{number(measure.value)} {unit}"


def _configuration(report: Report) -> Iterable[RenderableType]:
    """What the configuration alone shows, and what the log shows of the whole."""
    if not report.findings:
        yield (
            Text("No change can be computed for what the log shows above.", "bold yellow")
            if _is_in_trouble(report)
            else Text("Nothing to change.", "bold green")
        )
    rest = [
        each
        for each in report.shown
        if each.service not in _with_sections(report) or not _is_observed(report, each)
    ]
    for finding in sorted(rest, key=lambda each: (not _is_measured(each), -each.severity.rank)):
        yield _finding(report, finding)


def _is_in_trouble(report: Report) -> bool:
    """Whether the log shows a service that keeps its clients waiting, or may do so."""
    if isinstance(report.observed, Missing):
        return False
    deliveries = report.observed.deliveries
    return any(
        isinstance(each, Observation) and each.diagnosis.cause not in _QUIET
        for each in report.observed.services.values()
    ) or bool(deliveries.reasons or any(each.reasons for each in deliveries.transports.values()))


def _is_measured(finding: Finding) -> bool:
    """Whether the log is among its reasons: then it has to do with the trouble above."""
    return any(each.source is Source.LOG for each in finding.evidence)


def _finding(report: Report, finding: Finding) -> RenderableType:
    rule = report.rule(finding.rule)
    head = Text.assemble(
        (finding.severity.value, _STYLES[finding.severity]),
        "  ",
        (finding.rule, "bold"),
        f"  {visible(str(finding.where))}  confidence {finding.confidence.value}",
    )
    rows = labelled()
    if finding.evidence:
        rows.add_row(Text("because", "dim"), Text(", ".join(map(_evidence, finding.evidence)), "dim"))
    applied = report.applied(finding)
    for fix in finding.fixes:
        place = "in the patch" if fix == applied else "not in the patch"
        rows.add_row(
            Text("change", "dim"),
            Text.assemble(
                (fix.title, "bold"), f"  ({place}; {fix.applicability.value}; {fix.requires.in_words})"
            ),
        )
    if finding.expected_effect:
        rows.add_row(Text("effect", "dim"), Text(finding.expected_effect))
    predicted = report.predicted(finding)
    for each in predicted:
        for label, text in predicted_rows(each, is_only=len(predicted) == 1):
            rows.add_row(Text(label, "dim"), Text("\n".join(map(visible, text.split("\n")))))
    if rule.risk and finding.fixes:
        rows.add_row(Text("beware", "dim"), Text(" ".join(rule.risk.split())))
    if rule.references:
        rows.add_row(Text("see", "dim"), Text(", ".join(rule.references), "dim"))
    marked = marked_line(report.instance, finding.where)
    shown = [Padding(marked, (0, 0, 0, 4))] if marked else []
    return Group(head, *shown, Padding(Text(finding.message), (0, 0, 0, 2)), Padding(rows, (0, 0, 0, 2)))


def _evidence(evidence: Evidence) -> str:
    value = percent(evidence.value) if evidence.unit == "share" else written(evidence.value)
    unit = "" if evidence.unit in ("", "share") else f" {evidence.unit}"
    return f"{evidence.name} = {value}{unit}"


def _patch(report: Report) -> Iterable[RenderableType]:
    for each in (held for held in report.not_applied if not held.is_manual):
        yield Text.assemble(("held back  ", "dim"), visible(f"{each.title} ({each.rule}): {each.reason}"))
    if report.patch:
        printed = report.instance.given.form is Form.PRINTED
        into = f" -d {report.patch_folder}" if report.patch_folder else ""
        head = "The text given, and behind the change" if printed else _PATCH.format(into=visible(into))
        lines = [Text(visible(line.rstrip("\r")), _diff_style(line)) for line in report.patch.splitlines()]
        proof = () if report.commands else _proof(report)
        yield Group(Text(head, "bold"), *lines, *proof)
    if report.commands:
        # A line that is broken on the screen would be two when it is pasted.
        lines = [Text(visible(line), overflow="ignore", no_wrap=True) for line in report.commands]
        yield Group(Text("Commands for the host", "bold"), *lines, *_proof(report))


def _proof(report: Report) -> Iterable[Text]:
    for finding in report.hidden:
        if fix := report.applied(finding):
            words = f"for a finding that is not shown: {visible(fix.title)} ({finding.rule})"
            yield Text(words, "yellow")
    yield from (Text(f"proven: {visible(line)}", "dim") for line in report.proof)
    yield from (Text(f"not tested: {visible(line)}", "yellow") for line in report.untested)


def _diff_style(line: str) -> str:
    if line.startswith(("---", "+++", "@@")):
        return "dim"
    return {"+": "green", "-": "red"}.get(line[:1], "")


def _footer(report: Report) -> Iterable[RenderableType]:
    for rule, error in report.broken:
        yield Text(f"The rule {rule.name} failed, which is a fault of advisor's: {visible(error)}", "red")
    if report.hidden:
        yield Text(not_shown((report,)), "dim")
    if report.suppressed:
        yield Text(not_counted((report,)), "dim")
    without_log = report.without_log
    if without_log:
        yield Text(f"{_rules(len(without_log))} the mail log: {visible(report.log_hint)}", "dim")
    alike: dict[str, list[str]] = {}
    for rule, missing in report.unknown:
        if rule not in without_log:
            reasons = "; ".join(f"{each.what} ({each.how_to_get_it})" for each in missing)
            alike.setdefault(reasons, []).append(rule.name)
    for reasons, names in alike.items():
        verb = "is" if len(names) == 1 else "are"
        yield Text(visible(f"{', '.join(names)} {verb} undecided: {reasons}"), "dim")


def _rules(count: int) -> str:
    return f"{count} rules need" if count > 1 else "1 rule needs"
