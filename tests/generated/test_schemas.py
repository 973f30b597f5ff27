"""docs/*.schema.json are what the types of the documents say, and what the commands print is what they say.
`make golden` writes them anew.
"""

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.main import get_command

from advisor.cli.commands import command_line
from advisor.facts.causes import Cause
from advisor.facts.delivery_recognition import EXPLAINED
from advisor.report.checks_document import ChecksDocument
from advisor.report.explain_json import ExplainDocument
from advisor.report.ignores import IgnoresDocument
from advisor.report.json import Document, NothingJudged
from advisor.report.json_text import schema_of
from advisor.report.metrics_json import MetricsDocument
from advisor.report.rehearse_json import RehearseDocument, rehearsal_as_json
from advisor.report.rules import RulesDocument
from advisor.report.show_json import ShowDocument
from advisor.report.simulate_json import SimulateDocument
from advisor.rule_sets import all_rules
from tests.cli.running import advisor
from tests.report.test_rehearse import REPORT
from tests.schemas import check_schema, problems, survivors

ROOT = Path(__file__).parent.parent.parent
DOCS, EXAMPLES = ROOT / "docs", ROOT / "examples"
LAB = ROOT / "tests" / "data" / "lab"
SCENARIOS = sorted(path.parent.name for path in EXAMPLES.glob("*/main.cf"))

# The schemas by the command that prints their documents.
DOCUMENTS: dict[str, tuple[str, *tuple[type[msgspec.Struct], ...]]] = {
    "check": ("report", Document, NothingJudged),
    "checks": ("checks", ChecksDocument),
    "ignores": ("ignores", IgnoresDocument),
    "rules": ("rules", RulesDocument),
    "explain": ("explain", ExplainDocument),
    "show": ("show", ShowDocument),
    "metrics": ("metrics", MetricsDocument),
    "simulate": ("simulate", SimulateDocument),
    "rehearse": ("rehearse", RehearseDocument),
}


def schema(command: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DOCS / f"{DOCUMENTS[command][0]}.schema.json").read_text())
    return found


def printed(*arguments: str | Path) -> Any:
    return json.loads(advisor(*arguments, "--output-format", "json").stdout)


@pytest.mark.parametrize("command", DOCUMENTS)
def test_the_schema(command: str) -> None:
    name, *documents = DOCUMENTS[command]
    text = json.dumps(schema_of(*documents), indent=2) + "\n"
    file = DOCS / f"{name}.schema.json"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        file.write_text(text)
    assert file.read_text() == text, f"{file.name} is behind its types: make golden"


@pytest.mark.parametrize("file", sorted(DOCS.glob("*.schema.json")), ids=lambda file: file.name)
def test_each_schema_is_one_and_is_told_of(file: Path) -> None:
    check_schema(json.loads(file.read_text()))
    assert any(f"({file.name})" in page.read_text() for page in DOCS.rglob("*.md"))


def test_each_command_that_prints_json_has_its_schema_and_its_line_in_the_docs() -> None:
    group: Any = get_command(command_line())
    prints = {
        name
        for name, command in group.commands.items()
        for option in command.params
        if "--output-format" in option.opts and "json" in option.type.choices
    }
    assert prints == set(DOCUMENTS)
    page = (DOCS / "json.md").read_text()
    for command, (name, *_) in DOCUMENTS.items():
        assert f"| `advisor {command}` | [{name}.schema.json]({name}.schema.json) |" in page


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_check_prints_of_the_examples(scenario: str) -> None:
    folder = EXAMPLES / scenario
    log = ("--log", folder / "mail.log") if (folder / "mail.log").exists() else ()
    assert problems(schema("check"), printed("check", folder, *log)) == []
    assert problems(schema("show"), printed("show", "--config-dir", folder)) == []


def test_what_is_printed_of_another_host() -> None:
    folder = EXAMPLES / "far-host"
    files = ("--postconf-n", folder / "postconf-n.txt", "--master", folder / "master.txt")
    document = printed("check", *files, "--log", folder / "mail.log.gz")
    assert document["commands"] != []
    assert problems(schema("check"), document) == []


def test_what_is_printed_of_every_rule_and_cause() -> None:
    names = [rule.name for rule in all_rules()] + [cause.value for cause in (*Cause, *EXPLAINED)]
    assert problems(schema("explain"), printed("explain", *dict.fromkeys(names))) == []


def test_pseudonyms_change_no_form() -> None:
    folder = EXAMPLES / "slow-clients"
    arguments = ("--log", folder / "mail.log", "--anonymize")
    assert problems(schema("check"), printed("check", folder, *arguments)) == []
    assert problems(schema("metrics"), printed("metrics", folder / "mail.log", "--anonymize")) == []


def sound(command: str, tmp_path: Path) -> Any:
    """A document of the command, with as much in it as a small one can have."""
    slow = EXAMPLES / "slow-clients"
    lab = LAB / "b_t300"
    match command:
        case "check":
            return printed("check", slow, tmp_path, tmp_path / "none", "--log", slow / "mail.log")
        case "checks":
            return printed("checks", tmp_path, "--log", tmp_path / "mail.log")
        case "ignores":
            return printed("ignores", tmp_path)
        case "rules":
            return printed("rules")
        case "explain":
            return printed("explain", "slow-clients-hold-slots", "open-relay", "slow-clients")
        case "show":
            return printed("show", "--config-dir", tmp_path)
        case "metrics":
            return printed("metrics", slow / "mail.log")
        case "simulate":
            return printed(
                "simulate", lab, "--log", lab / "mail.log.gz", "--plan", "--sweep", "smtpd_timeout=10..14"
            )
        case _:
            return json.loads(rehearsal_as_json(REPORT))


@pytest.fixture
def _configuration(tmp_path: Path) -> None:
    """A configuration with a bit of everything that documents speak of."""
    (tmp_path / "main.cf").write_text(
        "header_checks = regexp:/etc/postfix/h\nbody_checks = pcre:/etc/postfix/missing\n"
        "# advisor: ignore[duplicate-parameter] until=2999-01-01 -- why\n"
        "biff = yes\nbiff = no\nmydestination = $myhostname\nsmtpd_timeout = ${stress?{10}:{300}}s\n"
    )
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd -o biff=yes\n")
    (tmp_path / "h").write_text(
        "/^Subject: .*(a+)+$/ REJECT x\n/^Subject: never/ REJECT\n/^subject: NEVER/ WARN\n/(/ REJECT\n"
    )
    (tmp_path / "mail.log").write_text(
        "Nov 23 10:00:00 mx postfix/cleanup[9]: 4XY: reject: header Subject: never from a[192.0.2.1]; "
        "from=<a@example.com> to=<b@example.com> proto=ESMTP helo=<a>: 5.7.1 no\n"
    )


@pytest.mark.parametrize("command", DOCUMENTS)
@pytest.mark.usefixtures("_configuration")
def test_what_is_printed_is_valid_and_damaged_it_is_not(command: str, tmp_path: Path) -> None:
    document, its = sound(command, tmp_path), schema(command)
    assert problems(its, document) == []
    assert survivors(its, document) == []
