"""The gate on a repository with three instances: a broken one, one with ignores, one with a baseline.

Every format and every exit code, as a job in CI sees them.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import xmlschema

from advisor.cli.check_outcome import OutputFormat
from tests.cli.running import Done, advisor
from tests.report.sarif_schema import run_in

DATA = Path(__file__).parent.parent / "data"
FORMATS = [each.value for each in OutputFormat]
HEAD = "compatibility_level = 3.6\nsmtp_tls_security_level = may\n"
BROKEN = f"{HEAD}mydestination example.org\n"
IGNORES = f"""\
{HEAD}# advisor: ignore[unknown-parameter] until=2099-03-01 -- a milter reads it, OPS-1412
favourite_colour = green
# advisor: ignore[unknown-parameter] until=2020-03-01 -- for the migration
favourite_shape = round
# advisor: ignore[duplicate-parameter] -- nothing to hide
mail_name = a
"""
OLD = f"{HEAD}favourite_colour = green\n"
BASELINE = "advisor-baseline.json"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("broken", BROKEN), ("ignores", IGNORES), ("old", OLD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.cf").write_text(text)
        (tmp_path / name / "master.cf").write_text("smtp inet n - n - 20 smtpd\n")
    monkeypatch.chdir(tmp_path)
    assert advisor("baseline", "old").returncode == 0
    return tmp_path


def check(form: str, *arguments: str) -> Done:
    return advisor("check", *arguments, "--baseline", BASELINE, "--output-format", form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["."], 2),
        (["ignores", "old"], 1),
        (["ignores", "old", "--fail-on", "high"], 0),
        (["nothing"], 2),
    ],
    ids=str,
)
def test_the_exit_code(repository: Path, form: str, arguments: list[str], code: int) -> None:
    assert check(form, *arguments).returncode == code


@pytest.mark.parametrize("form", FORMATS)
def test_a_folder_without_a_configuration(repository: Path, form: str) -> None:
    (repository / "empty").mkdir()
    assert check(form, "empty").returncode == 3


def sarif(*arguments: str) -> dict[str, Any]:
    return run_in(check("sarif", *arguments).stdout)


@pytest.mark.usefixtures("repository")
class TestEachFormat:
    def test_sarif(self) -> None:
        told = [
            (
                each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                each["ruleId"],
                [one["kind"] for one in each["suppressions"]],
                each["baselineState"],
            )
            for each in sarif(".")["results"]
        ]
        assert told == [
            ("broken/main.cf", "misread-line", [], "new"),
            ("ignores/main.cf", "unknown-parameter", [], "new"),
            ("ignores/main.cf", "expired-ignore", [], "new"),
            ("ignores/main.cf", "unused-ignore", [], "new"),
            ("ignores/main.cf", "unknown-parameter", ["inSource"], "new"),
            ("old/main.cf", "unknown-parameter", ["external"], "unchanged"),
        ]

    def test_github(self) -> None:
        lines = check("github", ".").stdout.decode().splitlines()
        assert [line.partition("::")[2].partition(" ")[0] for line in lines] == [
            "error",
            "warning",
            "notice",
            "notice",
        ]

    def test_gitlab(self) -> None:
        issues = json.loads(check("gitlab", ".").stdout)
        assert len({each["fingerprint"] for each in issues}) == len(issues) == 4
        assert {each["location"]["path"] for each in issues} == {"broken/main.cf", "ignores/main.cf"}

    def test_junit(self) -> None:
        text = check("junit", ".").stdout
        xmlschema.XMLSchema(str(DATA / "junit-10.xsd")).validate(text.decode())
        assert b'<testsuite name="old"' in text
        assert b"suppressed by baseline: in advisor-baseline.json - old/main.cf:3:1: medium: " in text
        assert b"suppressed by comment: a milter reads it, OPS-1412 - ignores/main.cf:4:1: medium: " in text

    def test_markdown(self) -> None:
        text = check("markdown", ".").stdout.decode()
        assert text.startswith(
            "### advisor: 4 findings: 1 high, 1 medium, 2 low; 4 at or above the gate (low)"
        )
        assert "- ignores: 1 finding suppressed by comment\n- old: 1 finding suppressed by baseline\n" in text

    def test_json(self) -> None:
        document = json.loads(check("json", ".").stdout)
        suppressed = [each["suppressed"] for each in (document, *document["further"])]
        assert [[each["by"] for each in one] for one in suppressed] == [[], ["comment"], ["baseline"]]
        assert suppressed[1][0]["where"]["line"] == 3

    @pytest.mark.parametrize("form", ["full", "concise"])
    def test_text(self, form: str) -> None:
        text = check(form, ".").stdout
        assert b"\n1 finding suppressed by comment\n" in text
        assert b"\n1 finding suppressed by baseline\n" in text


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_decision_all_count(repository: Path, form: str) -> None:
    done = advisor("check", "ignores", "old", "--no-ignores", "--output-format", form)
    assert done.stdout.count(b"favourite_colour") >= 2


def test_a_fingerprint_stays_when_the_repository_is_elsewhere(repository: Path) -> None:
    before = {each["partialFingerprints"]["advisor/v1"] for each in sarif("ignores")["results"]}
    shutil.move(repository / "ignores", repository / "moved")
    assert {each["partialFingerprints"]["advisor/v1"] for each in sarif("moved")["results"]} == before
