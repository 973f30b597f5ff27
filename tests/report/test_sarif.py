"""SARIF: the official schema, what GitHub's code scanning asks for, and what was decided about findings."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from advisor.report.documentation import page_of
from advisor.report.model import NotJudged, Reports
from advisor.report.sarif import write_sarif
from advisor.report.sarif_rules import descriptor
from advisor.rule_sets import all_rules
from tests.report.sample_reports import HOSTILE, MX, report, sample
from tests.report.sarif_schema import run_in, validator


def run_of(reports: Reports) -> dict[str, Any]:
    return run_in(write_sarif(reports))


def results(reports: Reports) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(reports)["results"]
    return found


def of_rule(rule: str) -> list[dict[str, Any]]:
    return [each for each in results(sample()) if each["ruleId"] == rule]


def test_the_schema_holds_for_a_run_with_everything_in_it() -> None:
    assert len(results(sample())) > 10


def test_the_schema_is_one_that_refuses() -> None:
    document = json.loads(write_sarif(sample()))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator().is_valid(document)


def test_the_schema_holds_for_every_rule() -> None:
    document = json.loads(write_sarif(Reports(())))
    document["runs"][0]["tool"]["driver"]["rules"] = [descriptor(rule) for rule in all_rules()]
    validator().validate(document)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_each_rule_has_what_github_requires(rule: Any) -> None:
    told = descriptor(rule)
    assert len(told["shortDescription"]["text"]) <= 1024
    assert len(told["fullDescription"]["text"]) <= 1024
    assert told["help"]["text"]
    assert told["helpUri"].startswith("https://")
    assert 0.0 < float(told["properties"]["security-severity"]) <= 10.0
    assert told["properties"]["precision"] in {"very-high", "high", "medium", "low"}


def test_each_result_has_what_github_requires() -> None:
    run = run_of(sample())
    rules = run["tool"]["driver"]["rules"]
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["message"]["text"]
        (location,) = each["locations"]
        physical = location["physicalLocation"]
        assert set(physical["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert min(physical["region"].values()) >= 1
        assert physical["artifactLocation"]["uri"]
        assert len(each["partialFingerprints"]["advisor/v1"]) == 32


def test_a_path_below_the_root_is_relative_and_percent_encoded() -> None:
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"] for each in results(sample())]
    assert {"uri": "out%2C%20two/main.cf", "uriBaseId": "%SRCROOT%"} in places
    assert {"uri": "mx/main.cf", "uriBaseId": "%SRCROOT%"} in places
    elsewhere = results(replace(sample(), root="/elsewhere"))[0]
    place = elsewhere["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///srv/repo/mx/main.cf"}


@pytest.mark.parametrize("name", ["a\udcffb", "a b#c?d%", "ü", "a\nb"])
def test_any_name_of_a_folder_makes_an_address(name: str) -> None:
    (first, *_) = results(Reports((report(name, MX),)))
    uri = first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri, errors="surrogateescape") == f"{name}/main.cf"
    assert uri.isascii()


def test_columns_count_characters() -> None:
    run = run_of(Reports((report("mx", "mail_name = \N{DESERT}\nbiff = perhaps\n"),)))
    (found,) = [each for each in run["results"] if each["ruleId"] == "bad-value-type"]
    assert found["locations"][0]["physicalLocation"]["region"]["startColumn"] == 8
    assert run["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("rule", "suppression", "state"),
    [
        (
            "literal-smtpd-timeout",
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "scanner in hall 3 "
                + HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e"),
                "properties": {"by": "comment", "until": "2027-03-01"},
            },
            "new",
        ),
        (
            "duplicate-parameter",
            {"kind": "external", "status": "accepted", "properties": {"by": "baseline"}},
            "unchanged",
        ),
        (
            "no-outbound-tls",
            {
                "kind": "external",
                "status": "accepted",
                "justification": "OPS-1412",
                "properties": {"by": "policy"},
            },
            "new",
        ),
    ],
)
def test_a_suppressed_finding_stays_and_is_marked(rule: str, suppression: object, state: str) -> None:
    found = next(each for each in of_rule(rule) if each["suppressions"])
    assert found["suppressions"] == [suppression]
    assert found["baselineState"] == state


def test_without_a_baseline_nothing_is_said_of_one() -> None:
    found = results(Reports((report("mx", MX),)))
    assert found
    assert all("baselineState" not in each and each["suppressions"] == [] for each in found)


def test_a_message_makes_no_link() -> None:
    (found,) = of_rule("unknown-parameter")
    assert "y] (http://evil.example/)" in found["message"]["text"]


@pytest.mark.parametrize(("code", "succeeded", "level"), [(2, False, "error"), (0, True, "note")])
def test_what_was_not_judged_is_a_notification(code: int, level: str, *, succeeded: bool) -> None:
    gone = NotJudged("/etc/out", "does not exist", "give it too", code)
    invocation = run_of(Reports((), (gone,)))["invocations"][0]
    assert invocation["executionSuccessful"] is succeeded
    (told,) = invocation["toolExecutionNotifications"]
    assert (told["level"], told["descriptor"]) == (level, {"id": "not-judged"})


def test_what_postfix_refuses_is_a_notification_if_no_finding_tells() -> None:
    run = run_of(Reports((report("mx", "no setting\n", rules="no-inbound-tls"),)))
    (told,) = [
        each for each in run["invocations"][0]["toolExecutionNotifications"] if each["level"] == "error"
    ]
    assert told["descriptor"] == {"id": "refused-by-postfix"}
    assert told["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


def test_a_rule_without_a_page_has_none() -> None:
    rule = replace(all_rules()[0], references=("a book",))
    assert page_of(rule) == ""
    assert "helpUri" not in descriptor(rule)
