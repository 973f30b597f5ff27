"""JUnit's XML: the schema that Jenkins reads by, and agreement with the exit code."""

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from msgspec.structs import replace

from advisor.engine.verdicts import Severity
from advisor.report.junit import write_junit
from advisor.report.model import NotJudged, Reports
from tests.report.sample_reports import HOSTILE, MX, gated, report, sample

SCHEMA = Path(__file__).parent.parent / "data" / "junit-10.xsd"


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMA))


def tree(reports: Reports) -> ET.Element:
    text = write_junit(reports)
    schema().validate(text)
    return ET.fromstring(text.encode())  # noqa: S314 - it is our own


def failures(root: ET.Element) -> list[str]:
    return [case.get("name", "") for case in root.iter("testcase") if case.find("failure") is not None]


def case(root: ET.Element, name: str) -> ET.Element:
    return next(each for each in root.iter("testcase") if each.get("name") == name)


def test_jenkins_takes_it() -> None:
    root = tree(sample())
    assert [suite.get("name") for suite in root] == ["mx", "out, two", "not-judged"]
    assert root.get("failures") == str(len(failures(root)))


@pytest.mark.parametrize("gate", [*Severity, None])
def test_a_case_fails_where_the_run_does(gate: Severity | None) -> None:
    run = gated(Reports((report("mx", MX),)), gate)
    assert set(failures(tree(run))) == {finding.rule for finding in run.reports[0].failing}


def test_what_is_below_the_gate_is_told_and_passes() -> None:
    low = case(tree(gated(sample(), Severity.HIGH)), "bad-value-type")
    assert low.find("failure") is None
    assert "'perhaps' is not yes or no" in (low.findtext("system-out") or "")


def test_what_the_display_hides_still_fails() -> None:
    made = report("mx", MX)
    hiding = replace(made, floor=replace(made.floor, severity=Severity.HIGH))
    root = tree(Reports((hiding,)))
    assert set(failures(root)) == {finding.rule for finding in made.failing}
    failure = case(root, "unknown-parameter").find("failure")
    assert failure is not None
    assert "not shown" in failure.get("message", "")


def test_an_answer_that_is_missing_is_skipped_and_says_what_it_needs() -> None:
    skipped = case(tree(sample()), "stale-table").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "no log was given (add --log with the file that Postfix logs to)"


def test_a_suppressed_finding_is_skipped_with_the_reason() -> None:
    skipped = case(tree(sample()), "no-outbound-tls").find("skipped")
    assert skipped is not None
    assert skipped.get("message", "").startswith("suppressed by policy: OPS-1412 - mx/main.cf:8:1: low: ")


def test_what_postfix_refuses_fails_whatever_was_asked() -> None:
    made = report("mx", "no setting\n", rules="no-inbound-tls")
    assert failures(tree(gated(Reports((made,)), None))) == ["refused-by-postfix"]


def test_what_a_copy_lacks_is_skipped() -> None:
    root = tree(Reports((), (NotJudged("/etc/out", "does not exist", "give it too", 0),)))
    assert failures(root) == []
    assert case(root, "/etc/out").find("skipped") is not None


def test_text_of_a_stranger_stays_text() -> None:
    made = report("mx", f"{HOSTILE} = ]]>\x1b\n")
    (failure,) = case(tree(Reports((made,))), "unknown-parameter").findall("failure")
    assert "\\x1b[31m\\u202e::error::" in (failure.text or "")
