"""The report with one line a finding, by place: `main.cf:28:1: medium rule-name: message [*]`.

`[*]`: the patch mends it. The form is stable, for editors and for grep.
"""

from collections import Counter

from rich.console import Console
from rich.text import Text

from advisor.engine.verdicts import Finding, Severity
from advisor.engine.wording import visible
from advisor.report.model import Report, not_counted, not_shown
from advisor.report.predictions import brief

IN_PATCH = "[*]"
_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan", Severity.INFO: "green"}


def write_concise(report: Report, console: Console) -> None:
    """Prints the report on `console`; no line is folded."""
    for finding in sorted(report.shown, key=lambda each: (each.where, each.rule, each.service or "")):
        console.print(_line(report, finding), soft_wrap=True)
    for line in _closing(report):
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


def _closing(report: Report) -> list[str]:
    counts = Counter(finding.severity for finding in report.shown)
    by_severity = ", ".join(
        f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]
    )
    total = counts.total()
    lines = [f"{total} finding{'s' * (total != 1)}" + f": {by_severity}" * bool(by_severity)]
    mended = sum(report.applied(finding) is not None for finding in report.findings)
    if mended:
        lines[0] += f"; {IN_PATCH} the patch mends {mended}, --diff prints it"
    if report.hidden:
        lines.append(not_shown(report))
    if report.suppressed:
        lines.append(not_counted(report))
    lines += report.notes
    if report.unknown:
        needing = len(report.without_log)
        others = "; --output-format full says why" * (len(report.unknown) > needing)
        for_lack = f", {needing} for lack of a log: {report.log_hint}" * bool(needing)
        lines.append(f"{len(report.unknown)} undecided{for_lack}{others}")
    lines += [
        f"the rule {rule.name} failed, which is a fault of advisor's: {error}"
        for rule, error in report.broken
    ]
    return lines
