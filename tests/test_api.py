"""What docs/api.md shows and promises: its examples run, and a type checker finds nothing in them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = re.findall(r"^```python\n((?s:.*?))^```$", (ROOT / "docs" / "api.md").read_text(), re.MULTILINE)
FOLDER = ROOT / "examples" / "slow-clients"


def run(script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """The script, where the paths that it names lead to an example, and to hosts of which one is broken."""
    for name, text in (
        ("a", "smtpd_tls_security_level = may\nmynetworks = 0.0.0.0/0\n"),
        ("b", "= nonsense\n"),
    ):
        host = folder / "hosts" / name
        host.mkdir(parents=True, exist_ok=True)
        (host / "main.cf").write_text(text)
    (folder / "hosts" / "c" / "main.cf").mkdir(parents=True, exist_ok=True)
    script = script.replace("/etc/postfix", str(FOLDER)).replace("/var/log", str(FOLDER))
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


def test_there_are_four() -> None:
    assert len(EXAMPLES) == 4


def test_the_gate(tmp_path: Path) -> None:
    done = run(EXAMPLES[0], tmp_path)
    assert (done.stderr, done.returncode) == ("", 1)
    assert re.search(r"^\S+/main\.cf:\d+:1: (low|medium|high): .+ \[[a-z-]+\]$", done.stdout, re.MULTILINE)


def test_the_patch(tmp_path: Path) -> None:
    done = run(EXAMPLES[1], tmp_path)
    assert (done.stderr, done.returncode) == ("", 0)
    patch = (FOLDER / "patch.diff").read_text()
    assert done.stdout.endswith(patch)
    assert done.stdout.startswith("smtp-smuggling: Set smtpd_forbid_bare_newline = normalize (reload)\n")


def test_several(tmp_path: Path) -> None:
    done = run(EXAMPLES[2], tmp_path)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith("hosts/c: ")
    assert '"further": [' in (tmp_path / "report.json").read_text()


def test_the_policy_of_the_site(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert run(EXAMPLES[3], tmp_path).stdout.startswith("no advisor.toml: ")
    (tmp_path / "advisor.toml").write_text('fail-on = "never"\n')
    done = run(EXAMPLES[3], tmp_path)
    assert done.stderr == ""
    assert re.fullmatch(r"(.*advisor\.toml: 0 findings fail\n)+", done.stdout)


def test_a_type_checker_finds_nothing_in_them(tmp_path: Path) -> None:
    files = [tmp_path / f"example_{number}.py" for number in range(len(EXAMPLES))]
    for file, script in zip(files, EXAMPLES, strict=True):
        file.write_text(script)
    assert checked(tmp_path, *files) == "Success: no issues found in 4 source files"


def test_the_type_checker_knows_the_types(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from advisor.api import Request, advise\n\nadvise(Request(3)).findings[0].rule + 1\n")
    told = checked(tmp_path, wrong)
    assert 'Argument 1 to "Request" has incompatible type "int"; expected "str"' in told
    assert 'Unsupported operand types for + ("str" and "int")' in told


def checked(folder: Path, *files: Path) -> str:
    """What mypy --strict says, for which advisor is a library that is installed."""
    options = ("--strict", "--config-file=", "--cache-dir", folder / "cache")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("loaded", ["numpy", "jinja2", "typer", "asyncio"])
def test_it_starts_without_what_only_some_need(loaded: str) -> None:
    script = f"import sys, advisor.api; sys.exit({loaded!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
