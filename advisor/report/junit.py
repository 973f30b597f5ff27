"""The report as JUnit's XML: a suite an instance, a case a rule that was asked.

A case fails exactly where the run does: for findings that reach the gate, for what Postfix refuses, for what
could not be judged. Findings below the gate stand in the output of a case that passes.
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from advisor.engine.judge import Judgement
from advisor.engine.suppression import Suppressed
from advisor.engine.verdicts import Broken, Finding, Severity, Unknown
from advisor.engine.wording import visible
from advisor.report.located import path_from, place_of
from advisor.report.model import Report, Reports, not_shown
from advisor.report.problems import NOT_JUDGED, REFUSED, Problem, Weight, not_judged_problem

# junit-10.xsd has no element `error` within a case, so whatever fails is a `failure`.
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_junit(reports: Reports) -> str:
    """The reports as one XML document, with a newline behind it."""
    root = ET.Element("testsuites", name="advisor")
    for report in reports.reports:
        root.append(_suite(path_from(reports.root, report.instance.name), _cases(report, reports)))
    if reports.not_judged:
        found = [not_judged_problem(each, reports.root) for each in reports.not_judged]
        root.append(_suite(NOT_JUDGED, map(_not_judged, found)))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    return f"{_DECLARATION}{ET.tostring(root, encoding='unicode')}\n"


def _suite(name: str, cases: Iterator[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(name))
    suite.extend(cases)
    counts = {kind: sum(case.find(kind) is not None for case in suite) for kind in ("failure", "skipped")}
    for attribute, number in (
        ("tests", len(suite)),
        ("failures", counts["failure"]),
        ("errors", 0),
        ("skipped", counts["skipped"]),
    ):
        suite.set(attribute, str(number))
    return suite


def _cases(report: Report, reports: Reports) -> Iterator[ET.Element]:
    group = path_from(reports.root, report.instance.name)
    yield _refused(report, reports.root, group)
    for judgement in report.judgements:
        case = _case(f"{group}.{judgement.rule.category}", judgement.rule.name)
        _fill(case, judgement, report, reports)
        yield case


def _case(group: str, name: str) -> ET.Element:
    return ET.Element("testcase", classname=visible(group), name=visible(name))


def _fill(case: ET.Element, judgement: Judgement, report: Report, reports: Reports) -> None:
    """What the case says: the failure, why there is no answer, and what was found besides."""
    name = judgement.rule.name
    found = [each for each in report.findings if each.rule == name]
    failing = [each for each in report.failing if each.rule == name]
    suppressed = [
        f"{_decision(each)} - {_line(report, each.finding, reports.root)}"
        for each in report.suppressed
        if each.finding.rule == name
    ]
    besides = [each for each in found if each not in failing]
    if failing:
        lines = _lines(report, failing, reports.root) or [not_shown(report)]
        _add(case, "failure", visible(lines[0]), lines, failing[0].severity)
    elif reason := _unanswered(judgement, [] if found else suppressed):
        _add(case, "skipped", reason, ())
    if lines := [*_lines(report, besides, reports.root), *suppressed]:
        ET.SubElement(case, "system-out").text = _text(lines)


def _unanswered(judgement: Judgement, suppressed: Sequence[str]) -> str:
    """Why the rule neither passes nor fails; empty where it does."""
    match judgement.verdict:
        case Unknown(missing):
            return visible("; ".join(f"{each.what} ({each.how_to_get_it})" for each in missing))
        case Broken(error):
            return visible(f"the rule failed, which is a fault of advisor's: {error}")
        case _ if suppressed:
            return visible(suppressed[0])
        case _:
            return ""


def _refused(report: Report, root: str, group: str) -> ET.Element:
    """Whether Postfix reads the files: it counts whatever rules were asked."""
    case = _case(f"{group}.syntax", REFUSED)
    if report.refused:
        lines = [
            f"{place_of(report.instance, line.span, root)}: {line.problem}; {line.cure}"
            for line in report.refused
        ]
        _add(case, "failure", visible(lines[0]), lines, Severity.HIGH)
    return case


def _not_judged(problem: Problem) -> ET.Element:
    case = _case(NOT_JUDGED, problem.place.file if problem.place else NOT_JUDGED)
    if problem.weight is Weight.ERROR:
        _add(case, "failure", problem.text, (problem.text,), Severity.HIGH)
    else:
        _add(case, "skipped", problem.text, ())
    return case


def _lines(report: Report, findings: Sequence[Finding], root: str) -> list[str]:
    """Those that are shown."""
    return [_line(report, each, root) for each in findings if report.floor.admits(each)]


def _line(report: Report, finding: Finding, root: str) -> str:
    place = place_of(report.instance, finding.where, root)
    return f"{place}: {finding.severity.value}: {' '.join(finding.message.split())}"


def _decision(each: Suppressed) -> str:
    reason = f": {each.suppression.reason}" if each.suppression.reason else ""
    return f"suppressed by {each.suppression.by.value}{reason}"


def _add(
    case: ET.Element, tag: str, message: str, lines: Sequence[str], kind: Severity | None = None
) -> None:
    told = {"message": message} if kind is None else {"message": message, "type": kind.value}
    added = ET.SubElement(case, tag, told)
    if lines:
        added.text = _text(lines)


def _text(lines: Sequence[str]) -> str:
    return "".join(f"\n{visible(line)}" for line in lines) + "\n"
