"""The tutorial of docs/own-rules.md, and what it promises of rules that are not advisor's own."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Done, advisor

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "own-rules.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n((?s:.*?))^```$", PAGE, re.MULTILINE)
RULE = next(text for language, text in BLOCKS if language == "toml")
ERROR = next(text for language, text in BLOCKS if language == "")
FILE = Path("site-rules/site/login-without-tls.toml")
HOST = Path("hosts/mx1")


@pytest.fixture(autouse=True)
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(FILE, RULE)
    shutil.copytree(ROOT / "examples" / "slow-clients", HOST)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def findings(*arguments: str | Path) -> list[str]:
    """The rules that found something."""
    done = advisor("check", HOST, *arguments, "--output-format", "json")
    return [each["rule"] for each in json.loads(done.stdout)["findings"]]


def refused(done: Done) -> str:
    """What stderr says of a run that judged nothing."""
    assert (done.returncode, done.stdout) == (2, b"")
    return done.stderr.decode()


def test_its_examples_hold() -> None:
    done = advisor("test", "site-rules")
    assert (done.returncode, done.stdout) == (0, b"1 rule, 4 examples: all hold\n")


def test_it_is_asked_beside_ours_or_alone() -> None:
    ours = findings()
    assert "login-without-tls" not in ours
    assert set(findings("--rules-dir", "site-rules")) == {*ours, "login-without-tls"}
    assert findings("--rules-dir", "site-rules", "--select", "site") == ["login-without-tls"]


def test_its_patch_is_proven() -> None:
    done = advisor("check", HOST, "--rules-dir", "site-rules", "--select", "site", "--diff")
    assert done.returncode == 1
    assert done.stdout.endswith(b"\n+smtpd_tls_auth_only = yes\n")


def test_it_is_explained() -> None:
    done = advisor("explain", "login-without-tls", "--rules-dir", "site-rules")
    assert done.returncode == 0
    assert b"the yes/no parameter smtpd_tls_auth_only is no for a service" in done.stdout


def test_it_counts_for_the_gate() -> None:
    options = ("--rules-dir", "site-rules", "--select", "site")
    assert advisor("check", HOST, *options, "--fail-on", "medium").returncode == 1
    assert advisor("check", HOST, *options, "--fail-on", "high").returncode == 0


def test_the_error_on_the_page() -> None:
    write(FILE, RULE.replace('severity = "medium"', 'severity = "medum"'))
    assert refused(advisor("check", HOST, "--rules-dir", "site-rules")) == ERROR


@pytest.mark.parametrize(
    ("old", "new", "key", "cure"),
    [
        ("is_off(", "is_of(", "when: ", "did you mean is_off?"),
        ("every_service", "every_servce", "for_each: ", "did you mean every_service?"),
        ('category = "site"', 'category = "sight"', "category: ", "write category = 'site'"),
        ('name = "login', 'name = "logon', "name: ", "write name = 'login-without-tls'"),
        ("service.command", "service.comand", "when: ", "did you mean command?"),
        ("confidence = ", "confidense = ", "", "did you mean confidence?"),
        ("value = \"'yes'\"", "value = 3", "fix 1 value: ", "it must be a string"),
        ('verdict = "passed"', 'verdict = "fired"', "example: ", "add [[example]] verdict = 'passed'"),
        ("name = ", "name = = ", "", "correct the file's syntax there"),
    ],
)
def test_a_bad_file_is_told_with_file_key_and_cure(old: str, new: str, key: str, cure: str) -> None:
    write(FILE, RULE.replace(old, new))
    told = refused(advisor("check", HOST, "--rules-dir", "site-rules"))
    assert told.startswith(f"advisor: {FILE}")
    assert f": {key}" in told
    assert told.rstrip().endswith(cure)


def test_a_name_of_ours_is_taken() -> None:
    write(FILE.with_name("open-relay.toml"), RULE.replace("login-without-tls", "open-relay"))
    told = refused(advisor("check", HOST, "--rules-dir", "site-rules"))
    assert told.startswith(
        f"advisor: {FILE.with_name('open-relay.toml')}: a rule open-relay is there already, in "
    )
    assert told.endswith("/rules/security/open-relay.toml; give one of them another name\n")


def test_a_folder_that_is_none_is_told() -> None:
    told = refused(advisor("check", HOST, "--rules-dir", "site-rule"))
    assert told == "advisor: site-rule: no such directory; name a directory of rules\n"


@pytest.mark.parametrize("folder", [HOST, HOST.parent, Path()])
def test_nothing_is_loaded_from_the_folder_under_check(folder: Path) -> None:
    Path(".git").mkdir()
    before = findings()
    shutil.copytree("site-rules", folder / "rules")
    write(folder / "advisor.toml", 'fail-on = "high"\n')
    assert findings() == before


@pytest.mark.parametrize("folder", [HOST, HOST.parent, Path()])
def test_an_advisor_toml_there_may_name_none(folder: Path) -> None:
    Path(".git").mkdir()
    shutil.copytree("site-rules", folder / "rules")
    write(folder / "advisor.toml", f'rules-dir = ["{(folder / "rules").absolute()}"]\n')
    told = refused(advisor("check", HOST))
    assert f"{folder / 'advisor.toml'}:1: rules-dir: " in told


def test_the_users_own_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    write(tmp_path / "own/advisor/advisor.toml", f'rules-dir = ["{Path("site-rules").absolute()}"]\n')
    assert "login-without-tls" in findings()
