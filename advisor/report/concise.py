"""The report with one line a finding, by place: `main.cf:28:1: medium rule-name: message [*]`.

`[*]`: the patch mends it. The form is stable, for editors and for grep.
"""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from advisor.engine.verdicts import Finding, Severity
from advisor.engine.wording import visible
from advisor.report.model import Report, not_counted, not_shown
from advisor.report.predictions import brief

IN_PATCH = "[*]"
_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan", Severity.INFO: "green"}


def write_concise(reports: Sequence[Report], console: Console) -> None:
    """Prints the reports on `console`, with one closing for all; no line is folded."""
    for report in reports:
        for finding in sorted(report.shown, key=lambda each: (each.where, each.rule, each.service or "")):
            console.print(_line(report, finding), soft_wrap=True)
    for line in _closing(reports):
        console.print(Text(visible(line)), soft_wrap=True)


def _line(report: Report, finding: Finding) -> Text:
    return Text.assemble(
        f"{visible(str(finding.where))}: ",
        (finding.severity.value, _STYLES[finding.severity]),
        " ",
        (finding.rule, "bold"),
        f": {visible(' '.join(finding.message.split()))}",
        "".join(f" ({visible(text)})" for each in report.predicted(finding) if (text := brief(each))),
        (f" {IN_PATCH}", "bold") if report.applied(finding) else "",
    )


def _closing(reports: Sequence[Report]) -> list[str]:
    counts = Counter(finding.severity for report in reports for finding in report.shown)
    by_severity = ", ".join(
        f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]
    )
    total = counts.total()
    first = f"{total} finding{'s' * (total != 1)}"
    if len(reports) > 1:
        first += f" in {len(reports)} configurations"
    first += f": {by_severity}" * bool(by_severity)
    mended = sum(report.applied(finding) is not None for report in reports for finding in report.findings)
    if mended:
        first += f"; {IN_PATCH} the patch mends {mended}, --diff prints it"
    lines = [first, not_shown(reports), not_counted(reports), *_notes(reports), _undecided(reports)]
    lines += [
        f"the rule {rule.name} failed, which is a fault of advisor's: {error}"
        for report in reports
        for rule, error in report.broken
    ]
    return [line for line in lines if line]


def _notes(reports: Sequence[Report]) -> list[str]:
    """What is to be known of each, with its name where there are several."""
    return [
        f"{report.instance.name}: {note}" if len(reports) > 1 else note
        for report in reports
        for note in report.notes
    ]


def _undecided(reports: Sequence[Report]) -> str:
    """How many rules could not decide; of a log that is missing, how to get it where it is that of one."""
    undecided = sum(len(report.unknown) for report in reports)
    if not undecided:
        return ""
    needing = sum(len(report.without_log) for report in reports)
    for_lack = f", {needing} for lack of a log" * bool(needing)
    if needing and len(reports) == 1:
        for_lack += f": {reports[0].log_hint}"
    others = "; --output-format full says why" * (undecided > needing or len(reports) > 1)
    return f"{undecided} undecided{for_lack}{others}"
