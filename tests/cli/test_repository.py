"""A repository with three instances: one broken, one with ignores, one with a baseline, in every format."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from advisor.cli.check_outcome import OutputFormat
from advisor.cli.exits import Exit
from tests.cli.running import Done, advisor

DATA = Path(__file__).parent.parent / "data"
FORMATS = [each.value for each in OutputFormat]
HEAD = "compatibility_level = 3.11\nsmtp_tls_security_level = may\nsmtp_tls_CAfile = /etc/ssl/cert.pem\n"
MASTER = "smtp inet n - n - - smtpd\n"
BROKEN = f"{HEAD}mydestination example.org\n"
IGNORES = f"""\
{HEAD}# advisor: ignore[smtpd-timeout-too-short] until=2999-01-01 -- scanner in hall 3, OPS-1412
smtpd_timeout = 1s
# advisor: ignore[weak-tls-protocol] -- as long as the old phones live
biff = no
# advisor: ignore[superseded-dnsbl] until=2020-01-01 -- until the contract ends
smtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client cbl.abuseat.org
"""
KNOWN = f"""\
{HEAD}smtpd_timeout = 1s
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client cbl.abuseat.org
"""
OF_IGNORES = ["expired-ignore", "superseded-dnsbl", "unused-ignore"]
OF_KNOWN = ["smtpd-timeout-too-short", "superseded-dnsbl"]

# What is checked and how, and the exit code.
RUNS: dict[str, tuple[list[str], Exit]] = {
    "the whole repository": (["."], Exit.WRONG_INPUT),
    "the broken one, without a gate": (["hosts/broken", "--fail-on", "never"], Exit.WRONG_INPUT),
    "the ignores": (["hosts/ignores"], Exit.FINDINGS),
    "the ignores, below the gate": (["hosts/ignores", "--fail-on", "high"], Exit.CLEAN),
    "what is known": (["hosts/known"], Exit.CLEAN),
    "both that are sound": (["hosts/ignores", "hosts/known"], Exit.FINDINGS),
    "nothing": (["empty"], Exit.NOTHING_TO_CHECK),
}


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("broken", BROKEN), ("ignores", IGNORES), ("known", KNOWN)):
        folder = Path("hosts") / name
        folder.mkdir(parents=True)
        (folder / "main.cf").write_text(text)
        (folder / "master.cf").write_text(MASTER)
    Path("roles").mkdir()
    Path("roles/main.cf.j2").write_text("relayhost = {{ relay }}\n")
    Path("empty").mkdir()
    assert advisor("baseline", "hosts/known").returncode == 0


def checked(*arguments: str, form: str = "json") -> Done:
    return advisor("check", *arguments, "--baseline", "advisor-baseline.json", "--output-format", form)


def documents(*arguments: str) -> dict[str, dict[str, Any]]:
    document = json.loads(checked(*arguments).stdout)
    return {each["configuration"]: each for each in (document, *document["further"])}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", RUNS)
def test_the_exit_code_is_that_of_the_run_in_each_format(name: str, form: str) -> None:
    arguments, code = RUNS[name]
    done = checked(*arguments, form=form)
    assert done.returncode == code, done.stderr


def test_what_counts_and_what_is_hidden() -> None:
    found = documents(".")
    assert {name: sorted(each["rule"] for each in of["findings"]) for name, of in found.items()} == {
        "hosts/broken": ["misread-line"],
        "hosts/ignores": OF_IGNORES,
        "hosts/known": [],
    }
    assert {
        name: sorted((each["rule"], each["by"]) for each in of["suppressed"]) for name, of in found.items()
    } == {
        "hosts/broken": [],
        "hosts/ignores": [("smtpd-timeout-too-short", "comment")],
        "hosts/known": [(rule, "baseline") for rule in OF_KNOWN],
    }
    [template] = found["hosts/broken"]["not_judged"]
    assert template["configuration"] == "roles/main.cf.j2"


def test_the_sarif_passes_the_schema_and_has_all_of_it_marked() -> None:
    log = json.loads(checked(".", form="sarif").stdout)
    schema = json.loads((DATA / "sarif-schema-2.1.0.json").read_text())
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    [run] = log["runs"]
    assert {
        (each["ruleId"], each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]): (
            each["baselineState"],
            [suppression["kind"] for suppression in each.get("suppressions", ())],
        )
        for each in run["results"]
    } == {
        ("misread-line", "hosts/broken/main.cf"): ("new", []),
        **{(rule, "hosts/ignores/main.cf"): ("new", []) for rule in OF_IGNORES},
        ("smtpd-timeout-too-short", "hosts/ignores/main.cf"): ("new", ["inSource"]),
        **{(rule, "hosts/known/main.cf"): ("unchanged", ["external"]) for rule in OF_KNOWN},
    }


def test_the_entries_of_the_baseline_are_the_fingerprints_of_the_sarif() -> None:
    [run] = json.loads(checked("hosts/known", form="sarif").stdout)["runs"]
    told = {value for each in run["results"] for value in each["partialFingerprints"].values()}
    entries = json.loads(Path("advisor-baseline.json").read_text())["entries"]
    assert {each["fingerprint"] for each in entries} == told


def test_the_lists_for_programs_have_what_counts() -> None:
    counted = sorted(["misread-line", *OF_IGNORES])
    issues = json.loads(checked(".", form="gitlab").stdout)
    assert sorted(each["check_name"] for each in issues) == counted
    commands = checked(".", form="github").stdout.decode()
    assert sorted(re.findall(r"title=advisor%3A ([\w-]+)::", commands)) == counted
    suites = ET.fromstring(checked(".", form="junit").stdout)  # noqa: S314 - advisor's own text
    failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert sorted(each or "" for each in failed) == sorted([*counted, "refused-by-postfix"])


def test_a_baseline_of_all_leaves_nothing_but_what_postfix_refuses() -> None:
    assert advisor("baseline", ".").returncode == Exit.WRONG_INPUT
    found = documents(".")
    assert [each["findings"] for each in found.values()] == [[], [], []]
    assert [each["notes"] for each in found.values()] == [[], [], []]
    assert checked("hosts/ignores", "hosts/known").returncode == Exit.CLEAN
    assert checked(".").returncode == Exit.WRONG_INPUT
