"""`advisor test`: whether rules do what their examples say."""

from pathlib import Path

import pytest

from tests.cli.running import advisor

RULE = """
name = "favourite-colour"
category = "taste"
summary = "The favourite colour is not blue"
severity = "low"
confidence = "high"
for_each = "main_cf_parameters"
when = "parameter.name == 'favourite_colour' and parameter.value != 'blue'"
message = "{{ parameter.value }} is not blue"
why = "A matter of taste."
[[example]]
verdict = "fired"
main_cf = "favourite_colour = green\\n"
[[example]]
verdict = "passed"
main_cf = "favourite_colour = blue\\n"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("rules/taste/favourite-colour.toml")
    path.parent.mkdir(parents=True)
    path.write_text(RULE)
    return path


def test_our_own_rules_hold() -> None:
    done = advisor("test")
    assert done.returncode == 0
    assert done.stdout.endswith(b" examples: all hold\n")


def test_other_rules(file: Path) -> None:
    done = advisor("test", "rules")
    assert (done.returncode, done.stdout) == (0, b"1 rule, 2 examples: all hold\n")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("colour = blue", "colour = red", "example 2: the verdict is Fired("),
        ('verdict = "fired"', 'verdict = "fired"\nseverity = "high"', "example 1: the severity is low"),
        (
            'verdict = "fired"',
            'verdict = "fired"\nafter_main_cf = ""',
            "example 1: main.cf behind the fix is None",
        ),
        (
            'verdict = "fired"',
            'verdict = "fired"\nmemory = "lots"',
            "example 1: 'lots' is no amount of memory",
        ),
        (
            'verdict = "fired"',
            'verdict = "fired"\nload = [{ kind = "mail", every = 1, lasts = 1, until = 9 }]',
            "example 1: load is for an SMTP server",
        ),
    ],
)
def test_an_example_that_does_not_hold(file: Path, old: str, new: str, problem: str) -> None:
    file.write_text(RULE.replace(old, new))
    done = advisor("test", "rules")
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert problem in lines[0]
    assert lines[0].startswith(f"{file}: ")
    assert lines[1:] == ["1 rule, 2 examples: 1 of them wrong"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("severity", "sevrity", "there is no key sevrity; did you mean severity?"),
        ("{{ parameter.value }}", "{{ paramter.value }}", "message: nothing is called paramter"),
        ("{{ parameter.value }}", "{{ parameter.value", "message: not a template"),
    ],
)
def test_a_broken_file(file: Path, old: str, new: str, words: str) -> None:
    file.write_text(RULE.replace(old, new, 1))
    done = advisor("test", "rules")
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr.decode()


@pytest.mark.parametrize(("folder", "code"), [("missing", 2), ("rules/taste", 3)])
def test_a_folder_without_rules(file: Path, folder: str, code: int) -> None:
    file.unlink()
    assert advisor("test", folder).returncode == code
