"""advisor.toml in a check: what it decides, and what decides over it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Done, advisor

# unknown-parameter (medium), literal-smtpd-timeout (low) and smtp-smuggling (high) fire on it.
MAIN_CF = "favourite_colour = green\nsmtpd_timeout = 300\n"
MASTER_CF = "smtp inet n - n - 20 smtpd\nsubmission inet n - n - 20 smtpd\n"
RELEASE = ("--postfix-version", "3.7.11")
LOOKED_AT = ["literal-smtpd-timeout", "smtp-smuggling", "unknown-parameter"]
Write = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return configuration(tmp_path / "mx1")


@pytest.fixture
def policy(folder: Path) -> Write:
    return lambda text: written(folder, text)


def configuration(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "main.cf").write_text(MAIN_CF)
    (folder / "master.cf").write_text(MASTER_CF)
    return folder


def written(folder: Path, text: str) -> Path:
    (folder / "advisor.toml").write_text(text)
    return folder / "advisor.toml"


def checked(*arguments: str | Path) -> Any:
    return json.loads(advisor("check", *arguments, "--output-format", "json").stdout)


def severities(report: Any) -> dict[str, str]:
    """What fired of the rules that are looked at, so that a new rule changes nothing here."""
    found = {each["rule"]: each["severity"] for each in report["findings"]}
    return {name: found[name] for name in LOOKED_AT if name in found}


def names(*arguments: str | Path) -> list[str]:
    return list(severities(checked(*arguments, *RELEASE)))


def about_ignores(done: Done) -> list[str]:
    return [line for line in done.stdout.decode().splitlines() if "-ignore:" in line]


class TestTheReport:
    def test_it_names_the_file(self, folder: Path, policy: Write) -> None:
        assert checked(folder)["policy"] is None
        assert b"policy:" not in advisor("check", folder).stdout
        path = policy("")
        assert checked(folder)["policy"] == str(path)
        assert f"policy: {path}" in advisor("check", folder, columns=300).stdout.decode()

    def test_the_release_is_said_to_be_from_there(self, folder: Path, policy: Write) -> None:
        policy('postfix-version = "3.7.11"')
        assert checked(folder)["postfix"] == {"version": "3.7.11", "source": "advisor.toml"}
        asked = checked(folder, "--postfix-version", "3.8.1")
        assert asked["postfix"] == {"version": "3.8.1", "source": "--postfix-version"}

    def test_an_error_is_one_line(self, folder: Path, policy: Write) -> None:
        path = policy('fail-on = "hihg"')
        done = advisor("check", folder)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == f"advisor: {path}:1: fail-on: hihg is no fail-on; did you mean high?\n"

    def test_hostile_names_are_made_visible(self, folder: Path, policy: Write) -> None:
        policy('"\\u001b[31m" = 1')
        assert b"there is no key \\x1b[31m" in advisor("check", folder).stderr


class TestWhatCounts:
    def test_the_selection(self, folder: Path, policy: Write) -> None:
        policy('select = ["syntax", "smtp-smuggling"]\nignore = ["unknown-parameter"]')
        assert names(folder) == ["smtp-smuggling"]
        assert names(folder, "--extend-select", "timeouts") == ["literal-smtpd-timeout", "smtp-smuggling"]
        assert names(folder, "--ignore", "") == ["smtp-smuggling", "unknown-parameter"]
        assert names(folder, "--select", "unknown-parameter") == ["unknown-parameter"]
        assert names(folder, "--isolated") == LOOKED_AT

    def test_rules_that_are_disabled_and_enabled(self, folder: Path, policy: Write) -> None:
        policy("[rules.unknown-parameter]\nenabled = false\n[rules.smtp-smuggling]\nenabled = true\n")
        assert names(folder, "--ignore", "all") == ["smtp-smuggling"]
        assert names(folder) == ["literal-smtpd-timeout", "smtp-smuggling"]
        assert names(folder, "--select", "unknown-parameter") == ["unknown-parameter"]

    def test_what_is_a_matter_of_taste(self, folder: Path, policy: Write) -> None:
        (folder / "main.cf").write_text("biff = yes\n")
        taste = "value-equals-default"
        assert taste not in {each["rule"] for each in checked(folder)["findings"]}
        policy("pedantic = true")
        assert taste in {each["rule"] for each in checked(folder)["findings"]}
        assert taste not in {each["rule"] for each in checked(folder, "--no-pedantic")["findings"]}
        policy(f"[rules.{taste}]\nenabled = true")
        assert taste in {each["rule"] for each in checked(folder)["findings"]}

    def test_a_severity(self, folder: Path, policy: Write) -> None:
        policy(
            '[rules.unknown-parameter]\nseverity = "info"\n[rules.literal-smtpd-timeout]\nseverity = "high"'
        )
        assert severities(checked(folder, *RELEASE)) == {
            "literal-smtpd-timeout": "high",
            "smtp-smuggling": "high",
            "unknown-parameter": "info",
        }

    def test_an_option_counts_in_the_patch_and_its_proof(self, folder: Path, policy: Write) -> None:
        policy("[rules.literal-smtpd-timeout.options]\nstress_timeout = 25")
        report = checked(folder, "--select", "literal-smtpd-timeout")
        assert "+smtpd_timeout = ${stress?{25}:{300}}s" in report["patch"]
        assert "asked again, advisor has nothing more to change" in report["proof"]

    def test_what_is_shown(self, folder: Path, policy: Write) -> None:
        policy('select = ["unknown-parameter", "literal-smtpd-timeout"]\nmin-severity = "medium"')
        assert list(severities(checked(folder))) == ["unknown-parameter"]
        assert list(severities(checked(folder, "--min-severity", "low"))) == [LOOKED_AT[0], LOOKED_AT[2]]
        policy('select = ["unknown-parameter"]\nmin-confidence = "high"')
        assert len(checked(folder)["findings"]) + len(checked(folder)["not_shown"]) == 1

    def test_what_the_machine_is(self, folder: Path, policy: Write) -> None:
        policy('profile = ["submission-host"]\nmemory = "64G"')
        assert [each["profile"] for each in checked(folder)["profiles"]] == ["submission-host"]
        assert [each["profile"] for each in checked(folder, "--profile", "internal-relay")["profiles"]] == [
            "internal-relay"
        ]

    def test_a_baseline(self, tmp_path: Path, folder: Path, policy: Write) -> None:
        known = folder / "known.json"
        assert advisor("baseline", folder, *RELEASE, "--output-file", known).returncode == 0
        policy('baseline = "known.json"')
        assert advisor("check", folder, *RELEASE).returncode == 0
        assert checked(folder, *RELEASE)["findings"] == []
        assert names(folder, "--baseline", "") == LOOKED_AT
        again = tmp_path / "again.json"
        advisor("baseline", folder, *RELEASE, "--output-file", again)
        assert json.loads(again.read_text()) != {}
        assert again.read_text().count("fingerprint") == known.read_text().count("fingerprint")
        policy('baseline = "none.json"')
        done = advisor("check", folder)
        assert done.returncode == 2
        assert str(folder / "none.json").encode() in done.stderr


class TestTheGate:
    @pytest.mark.parametrize(
        ("said", "arguments", "code"),
        [
            ("", (), 1),
            ('fail-on = "high"', (), 0),
            ('fail-on = "medium"', (), 1),
            ('fail-on = "never"', (), 0),
            ('fail-on = "never"', ("--fail-on", "medium"), 1),
            ('fail-on = "low"', ("--fail-on", "high"), 0),
            ('fail-on = "high"', ("--isolated",), 1),
            ("", ("--exit-zero",), 0),
            ("", ("--exit-zero", "--fail-on", "low"), 0),
        ],
    )
    def test_it(self, folder: Path, policy: Write, said: str, arguments: tuple[str, ...], code: int) -> None:
        policy(said)
        # It is medium.
        assert advisor("check", folder, "--select", "unknown-parameter", *arguments).returncode == code

    def test_what_postfix_refuses_is_refused(self, folder: Path, policy: Write) -> None:
        policy('fail-on = "never"')
        (folder / "main.cf").write_text("mydestination example.org\n")
        assert advisor("check", folder, "--exit-zero").returncode == 2


class TestWhichFile:
    def test_each_configuration_has_its_own(self, tmp_path: Path, folder: Path, policy: Write) -> None:
        other = configuration(tmp_path / "mx2")
        policy('select = ["unknown-parameter"]\nfail-on = "high"')
        report = checked(folder, other, *RELEASE)
        assert list(severities(report)) == ["unknown-parameter"]
        assert list(severities(report["further"][0])) == LOOKED_AT
        assert [report["policy"] is None, report["further"][0]["policy"] is None] == [False, True]
        assert advisor("check", folder, other).returncode == 1
        written(other, 'select = ["literal-smtpd-timeout"]\nfail-on = "medium"')
        assert advisor("check", folder, other).returncode == 0

    def test_an_instance_that_a_main_cf_names_has_its_own_too(self, tmp_path: Path, folder: Path) -> None:
        out = configuration(tmp_path / "mx1-out")
        with (folder / "main.cf").open("a") as main_cf:
            main_cf.write(f"multi_instance_directories = {out}\n")
        written(out, 'select = ["unknown-parameter"]')
        report = checked(folder, *RELEASE)
        assert report["policy"] is None
        (further,) = report["further"]
        assert list(severities(further)) == ["unknown-parameter"]

    def test_one_that_is_broken_keeps_nobody_else_from_being_judged(
        self, tmp_path: Path, folder: Path, policy: Write
    ) -> None:
        other = configuration(tmp_path / "mx2")
        path = policy("selct = []")
        done = advisor("check", folder, other, *RELEASE, "--output-format", "json")
        assert done.returncode == 2
        report = json.loads(done.stdout)
        assert list(severities(report)) == LOOKED_AT
        assert [each["problem"] for each in report["not_judged"]] == [
            f"{path}:1: selct: there is no key selct"
        ]

    def test_named_on_the_command_line_and_in_the_environment(
        self, tmp_path: Path, folder: Path, policy: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        policy('select = ["unknown-parameter"]')
        (tmp_path / "other.toml").write_text('select = ["smtp-smuggling"]')
        (tmp_path / "third.toml").write_text('select = ["literal-smtpd-timeout"]')
        monkeypatch.setenv("ADVISOR_CONFIG", str(tmp_path / "other.toml"))
        assert names(folder) == ["smtp-smuggling"]
        assert names(folder, "--config", tmp_path / "third.toml") == ["literal-smtpd-timeout"]
        assert names(folder, "--isolated") == LOOKED_AT
        monkeypatch.setenv("ADVISOR_CONFIG", str(tmp_path / "none.toml"))
        done = advisor("check", folder)
        assert done.returncode == 2
        assert b"none.toml: cannot be read: No such file or directory" in done.stderr
        assert advisor("check", folder, "--config", "x", "--isolated").returncode == 2

    def test_the_user_s(self, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        (tmp_path / "advisor").mkdir()
        path = written(tmp_path / "advisor", 'select = ["unknown-parameter"]')
        assert names(folder) == ["unknown-parameter"]
        text = advisor("check", "-", "--output-format", "json", stdin=MAIN_CF.encode()).stdout
        assert json.loads(text)["policy"] == str(path)

    def test_only_the_user_s_may_name_rules(
        self, tmp_path: Path, folder: Path, policy: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        rules = tmp_path / "advisor" / "mine" / "taste"
        rules.mkdir(parents=True)
        (rules / "favourite-colour.toml").write_text(
            'name = "favourite-colour"\ncategory = "taste"\nsummary = "Not blue"\nseverity = "high"\n'
            'confidence = "high"\nfor_each = "main_cf_parameters"\n'
            'when = "parameter.value == options.colour"\n'
            'message = "{{ parameter.value }} is not blue"\nwhy = "Taste."\n[options]\ncolour = "green"\n'
            '[[example]]\nverdict = "fired"\nmain_cf = "a = green\\n"\n'
            '[[example]]\nverdict = "passed"\nmain_cf = "a = blue\\n"\n'
        )
        says = 'rules-dir = ["mine"]\nselect = ["taste"]\n'
        written(tmp_path / "advisor", says)
        assert [each["message"] for each in checked(folder)["findings"]] == ["green is not blue"]
        written(tmp_path / "advisor", f"{says}[rules.favourite-colour.options]\ncolour = 'red'\n")
        assert checked(folder)["findings"] == []
        # The same beside the configuration, with its rules at hand, is refused.
        (tmp_path / "advisor" / "mine").rename(folder / "mine")
        policy(says)
        done = advisor("check", folder)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"nothing is loaded that comes with the configuration under check" in done.stderr

    def test_outside_of_a_repository_nothing_above_counts(self, tmp_path: Path, folder: Path) -> None:
        written(tmp_path, "selct = []")
        assert names(folder) == LOOKED_AT
        (tmp_path / ".git").mkdir()
        assert advisor("check", folder).returncode == 2


TIMEOUT = '[[ignore]]\nrule = "literal-smtpd-timeout"\nreason = "slow satellites"\n'
SMUGGLING = '[[ignore]]\nrule = "smtp-smuggling"\nreason = "behind a proxy"\n'


class TestIgnores:
    def test_they_hide_and_change_nothing(self, folder: Path, policy: Write) -> None:
        only = ("--select", "smtp-smuggling", *RELEASE)
        assert "smtpd_forbid_bare_newline" in checked(folder, *only)["patch"]
        policy(SMUGGLING)
        report = checked(folder, *only)
        assert (report["findings"], report["patch"]) == ([], "")
        assert advisor("check", folder, *only).returncode == 0
        assert advisor("check", folder, *only, "--no-ignores").returncode == 1
        assert advisor("check", folder, *only, "--isolated").returncode == 1

    def test_of_one_service(self, folder: Path, policy: Write) -> None:
        only = ("--select", "literal-smtpd-timeout")
        (finding,) = checked(folder, *only)["findings"]
        services = [finding["service"], *finding["also"]]
        assert sorted(services) == ["smtp/inet", "submission/inet"]
        one, other = (f'{TIMEOUT}service = "{service}"\n' for service in services)
        policy(one)
        assert len(checked(folder, *only)["findings"]) == 1  # it is about the other service too
        policy(one + other)
        assert checked(folder, *only)["findings"] == []

    def test_until_a_day(self, folder: Path, policy: Write) -> None:
        path = policy(f"{SMUGGLING}until = 2999-12-31")
        assert "smtp-smuggling" not in names(folder)
        policy(f"{SMUGGLING}until = 2020-12-31")
        assert "smtp-smuggling" in names(folder)
        done = advisor("check", folder, *RELEASE, "--output-format", "concise")
        (line,) = about_ignores(done)
        assert line.startswith(f"{path}:1:1: low expired-ignore: The ignore of smtp-smuggling was to end on")

    def test_what_hides_nothing(self, folder: Path, policy: Write) -> None:
        path = policy(
            '\nignore = [\n{ rule = "weak-tls-protocol", reason = "x" },\n'
            '{ rule = "smtpd-process-limit-reached", reason = "without a log nobody knows" },\n'
            '{ rule = "smtp-smuggling", reason = "x" },\n'
            '{ rule = "literal-smtpd-timeout", service = "smtp/inet", reason = "half of it" } ]\n'
        )
        concise = (*RELEASE, "--output-format", "concise")
        (line,) = about_ignores(advisor("check", folder, *concise))
        assert line == (
            f"{path}:3:1: low unused-ignore: The ignore of weak-tls-protocol hides nothing: "
            "weak-tls-protocol finds nothing."
        )
        assert about_ignores(advisor("check", folder, *concise, "--ignore", "weak-tls-protocol")) == []
        policy('ignore = ["gate", { rule = "weak-tls-protocol", reason = "x" }]')
        assert about_ignores(advisor("check", folder, *concise)) == []

    def test_of_a_file_for_several_the_others_may_need_it(self, tmp_path: Path, folder: Path) -> None:
        (tmp_path / ".git").mkdir()
        rules = ("weak-tls-protocol", "smtp-smuggling")
        entries = "".join(f'[[ignore]]\nrule = "{rule}"\nreason = "x"\n' for rule in rules)
        written(tmp_path, entries)
        concise = (*RELEASE, "--output-format", "concise")
        assert about_ignores(advisor("check", folder, *concise)) == []
        path = written(tmp_path, entries.replace('"x"', '"x"\nuntil = 2020-01-01'))
        (line,) = about_ignores(advisor("check", folder, *concise))  # it would hide something
        assert line.startswith(f"{path}:5:1: low expired-ignore: The ignore of smtp-smuggling was to end on ")

    def test_they_are_listed(self, folder: Path, policy: Write) -> None:
        path = policy(f"{SMUGGLING}until = 2999-12-31")
        listed = advisor("ignores", folder, *RELEASE).stdout.decode()
        assert f"{path}:1:1  smtp-smuggling" in listed
        assert "behind a proxy" in listed
        assert "2999-12-31" in listed
        assert "1 ignore; hidden: 1 finding" in listed
        assert advisor("ignores", folder, "--isolated").stdout == b"nothing is ignored\n"

    def test_a_fix_of_something_else_is_made_beside_them(self, folder: Path, policy: Write) -> None:
        policy(SMUGGLING)
        patch = advisor("check", folder, *RELEASE, "--diff").stdout
        assert b"smtpd_timeout" in patch
        assert b"bare_newline" not in patch
