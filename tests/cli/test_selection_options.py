"""--select, --ignore, --min-severity and their like: what is asked, what is shown, what counts."""

import json
from pathlib import Path

import pytest

from tests.cli.running import advisor

# unknown-parameter (medium), literal-smtpd-timeout (low) and smtp-smuggling (high) fire on it.
MAIN_CF = "favourite_colour = green\nsmtpd_timeout = 300\n"
OPTIONS = ("--postfix-version", "3.7.11", "--output-format", "json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN_CF)
    (tmp_path / "master.cf").write_text("smtp inet n - n - 20 smtpd\n")
    return tmp_path


def found(folder: Path, *arguments: str) -> list[str]:
    done = advisor("check", folder, *OPTIONS, *arguments)
    rules = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
    return sorted(rules & {*ALL, "open-relay", "favourite-colour"})


# A few of the rules are looked at, so that a new one changes nothing here.
ALL = ["literal-smtpd-timeout", "smtp-smuggling", "unknown-parameter"]


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ([], ALL),
        (["--select", "all"], ALL),
        (["--select", "unknown-parameter"], ["unknown-parameter"]),
        (["--select", "syntax,timeouts"], ["literal-smtpd-timeout", "unknown-parameter"]),
        (["--select", "syntax", "--select", " timeouts ,"], ["literal-smtpd-timeout", "unknown-parameter"]),
        (
            ["--select", "syntax", "--extend-select", "smtp-smuggling"],
            ["smtp-smuggling", "unknown-parameter"],
        ),
        (["--ignore", "syntax"], ["literal-smtpd-timeout", "smtp-smuggling"]),
        (["--ignore", "syntax", "--extend-select", "unknown-parameter"], ALL),
        (
            [
                "--select",
                "unknown-parameter",
                "--ignore",
                "unknown-parameter,all",
                "--extend-select",
                "timeouts",
            ],
            ["literal-smtpd-timeout"],
        ),
        (["--ignore", ""], ALL),
    ],
)
def test_the_more_exact_word_wins(folder: Path, arguments: list[str], rules: list[str]) -> None:
    assert found(folder, *arguments) == rules


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--select", "unknown-paramter"],
            "--select: no rule and no category is called unknown-paramter; did you mean unknown-parameter?",
        ),
        (["--ignore", "sintax"], "--ignore: no rule and no category is called sintax; did you mean syntax?"),
        (["--extend-select", "x"], "--extend-select: no rule and no category is called x"),
        (["--ignore", "open-relay"], "--ignore: open-relay cannot be ignored; mend what it finds"),
        (["--select", ","], "--select: names no rule"),
        (["--select", "unknown-parameter", "--ignore", "unknown-parameter"], "no rule is left to ask"),
    ],
)
def test_a_selection_that_makes_no_sense(folder: Path, arguments: list[str], words: str) -> None:
    done = advisor("check", folder, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr.decode()


def test_a_rule_that_cannot_be_ignored_outlives_its_category(folder: Path) -> None:
    relay = "check_client_access static:OK, reject_unauth_destination"
    (folder / "main.cf").write_text(f"smtpd_relay_restrictions = {relay}\n")
    assert "open-relay" in found(folder, "--ignore", "security")
    assert found(folder, "--ignore", "all") == ["open-relay"]


def test_only_what_was_selected_is_in_the_patch(folder: Path) -> None:
    done = advisor("check", folder, "--postfix-version", "3.7.11", "--select", "timeouts", "--diff")
    assert b"+smtpd_timeout = " in done.stdout
    assert b"bare_newline" not in done.stdout


class TestTheFloor:
    def test_it_hides_and_counts(self, folder: Path) -> None:
        done = advisor(
            "check", folder, *OPTIONS, "--min-severity", "high", "--select", "literal-smtpd-timeout"
        )
        report = json.loads(done.stdout)
        assert report["findings"] == []
        (hidden,) = report["not_shown"]
        assert (hidden["rule"], hidden["severity"]) == ("literal-smtpd-timeout", "low")
        assert hidden["in_patch"] == "Write smtpd_timeout so that it adapts to stress"
        assert "+smtpd_timeout" in report["patch"]
        assert done.returncode == 1

    def test_the_screen_says_so(self, folder: Path) -> None:
        done = advisor("check", folder, "--min-severity", "high", "--select", "literal-smtpd-timeout")
        screen = " ".join(done.stdout.decode().split())
        assert "for a finding that is not shown: Write smtpd_timeout so that it adapts to stress" in screen
        assert "1 finding is below --min-severity high and not shown; for --fail-on it counts" in screen
        assert "Nothing to change" not in screen

    def test_confidence(self, folder: Path) -> None:
        assert found(folder, "--min-confidence", "high") == ALL
        two = "unknown-parameter,literal-smtpd-timeout"
        done = advisor("check", folder, "--select", two, "--min-confidence", "high", "--min-severity", "high")
        assert "2 findings are below --min-severity high or --min-confidence high" in " ".join(
            done.stdout.decode().split()
        )

    def test_the_gate_is_another_thing(self, folder: Path) -> None:
        for floor in ("info", "high"):
            codes = [
                advisor(
                    "check",
                    folder,
                    "--select",
                    "unknown-parameter",
                    "--min-severity",
                    floor,
                    "--fail-on",
                    gate,
                ).returncode
                for gate in ("low", "medium", "high", "never")
            ]
            assert codes == [1, 1, 0, 0]

    @pytest.mark.parametrize("form", ["full", "concise", "json"])
    def test_what_postfix_refuses_is_said_even_when_no_finding_is_shown(
        self, folder: Path, form: str
    ) -> None:
        (folder / "main.cf").write_text("mydestination example.org\n")
        done = advisor("check", folder, "--output-format", form, "--select", "literal-smtpd-timeout")
        assert done.returncode == 2
        assert b"main.cf:1:1: Postfix refuses this: " in done.stderr
        assert b"refuses" not in advisor("check", folder, "--output-format", form).stderr


PEDANTIC = """
name = "favourite-colour"
category = "taste"
summary = "The favourite colour is not blue"
severity = "high"
confidence = "high"
pedantic = true
for_each = "main_cf_parameters"
when = "parameter.name == 'favourite_colour' and parameter.value != options.colour"
message = "{{ parameter.value }} is not {{ options.colour }}"
why = "A matter of taste."
[options]
colour = "blue"
[[example]]
verdict = "fired"
main_cf = "favourite_colour = green\\n"
[[example]]
verdict = "passed"
main_cf = "favourite_colour = blue\\n"
"""


class TestPedanticRules:
    @pytest.fixture
    def rules(self, tmp_path: Path) -> Path:
        folder = tmp_path / "rules"
        (folder / "taste").mkdir(parents=True)
        (folder / "taste" / "favourite-colour.toml").write_text(PEDANTIC)
        return folder

    @pytest.mark.parametrize(
        ("arguments", "asked"),
        [
            ([], False),
            (["--select", "all"], False),
            (["--select", "taste,syntax"], False),
            (["--pedantic"], True),
            (["--extend-select", "favourite-colour"], True),
            (["--pedantic", "--ignore", "taste"], False),
        ],
    )
    def test_they_are_asked_on_request(
        self, folder: Path, rules: Path, arguments: list[str], *, asked: bool
    ) -> None:
        shown = found(folder, "--rules-dir", str(rules), *arguments)
        assert ("favourite-colour" in shown) is asked

    def test_they_never_fail(self, folder: Path, rules: Path) -> None:
        done = advisor("check", folder, "--rules-dir", rules, "--select", "favourite-colour")
        assert b"green is not blue" in done.stdout
        assert done.returncode == 0

    def test_they_are_marked(self, rules: Path) -> None:
        listed = advisor("rules", "--rules-dir", rules).stdout.decode()
        assert "The favourite colour is not blue (pedantic)\n" in listed
        assert (
            "taste, pedantic" in advisor("explain", "favourite-colour", "--rules-dir", rules).stdout.decode()
        )
