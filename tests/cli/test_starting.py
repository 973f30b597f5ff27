"""What a command brings along when it starts: scripts ask it often, and wait for every module."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "examples" / "slow-clients"
LOG = FOLDER / "mail.log"
_RUN = """
import sys
from advisor.cli.main import main
try:
    main()
except SystemExit:
    pass
{look}
"""


def seen(look: str, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """What `look` writes to stderr behind a run of the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(look=look), *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    return done.stderr


NUMPY = "print('numpy' in sys.modules, file=sys.stderr)"


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    """A folder with one rule, whose examples have no log."""
    rule = ROOT / "rules" / "syntax" / "duplicate-parameter.toml"
    folder = tmp_path / rule.parent.name
    folder.mkdir()
    (folder / rule.name).write_text(rule.read_text())
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("check", FOLDER),
        ("check", FOLDER, "--output-format", "json"),
        ("rules",),
        ("explain", "open-relay"),
        ("show", "--config-dir", FOLDER),
        ("postconf", "-n", "-c", FOLDER),
        ("collect", "--script"),
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_numpy_is_for_logs(arguments: tuple[str | Path, ...]) -> None:
    assert seen(NUMPY, *arguments).splitlines()[-1] == "False"


def test_numpy_is_for_rules_whose_examples_have_a_log(own_rules: Path) -> None:
    assert seen(NUMPY, "test", own_rules) == "False\n"


def test_numpy_is_there_for_a_log() -> None:
    assert seen(NUMPY, "metrics", LOG) == "True\n"


def test_numpy_has_no_threads_unless_they_are_asked_for() -> None:
    look = "import os; print(os.environ['OPENBLAS_NUM_THREADS'], file=sys.stderr)"
    without = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    assert seen(look, "metrics", LOG, environment=without) == "1\n"
    assert seen(look, "metrics", LOG, environment={**without, "OPENBLAS_NUM_THREADS": "3"}) == "3\n"


def test_a_pattern_is_compiled_for_a_line_that_may_match() -> None:
    look = """
from advisor.logs.messages import MESSAGES
print(*("pattern" in vars(row) for row in MESSAGES), file=sys.stderr)
"""
    compiled = seen(look, "metrics", LOG).split()
    assert 0 < compiled.count("True") < len(compiled) / 2


@pytest.mark.parametrize(
    "arguments",
    [("check", FOLDER), ("metrics", LOG), ("rules",), ("postconf", "-n", "-c", FOLDER)],
    ids=lambda arguments: str(arguments[0]),
)
def test_no_command_needs_pydantic(arguments: tuple[str | Path, ...]) -> None:
    look = "print('pydantic' in sys.modules, file=sys.stderr)"
    assert seen(look, *arguments).splitlines()[-1] == "False"


def test_a_command_starts_without_the_others() -> None:
    look = "print(*(name for name in sys.modules if name.startswith('advisor.cli.')), file=sys.stderr)"
    loaded = seen(look, "rules").split()
    assert "advisor.cli.rules" in loaded
    assert not {"advisor.cli.check", "advisor.cli.metrics", "advisor.cli.show"} & set(loaded)
