"""The wheel carries all that advisor needs: it is installed outside of the checkout and run there."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment that has the wheel and, from here, only what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    # Where the build backend is at hand there is no need to fetch it once more.
    isolation = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    run(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder / "dist", ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")

    home = folder / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    run(
        sys.executable, "-m", "pip", "--python", home / "bin/python", "install", "--quiet", "--no-deps", wheel
    )
    # The path is only appended, so the wheel's advisor comes before the checkout's; an editable install's
    # own .pth is not read from a folder that stands in a .pth.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin"


@pytest.mark.parametrize("name", ["rules", "templates"])
def test_the_wheel_has_the_folder(installed: Path, name: str) -> None:
    code = f"from advisor.resources import resource_folder; print(resource_folder({name!r}))"
    folder = Path(run(installed / "python", "-c", code).strip())
    assert folder.name == name
    assert installed.parent in folder.parents
    checkout = {path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file()}
    assert {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} == checkout


def test_the_man_page_is_where_man_looks(installed: Path) -> None:
    page = installed.parent / "share" / "man" / "man1" / "advisor.1"
    assert page.read_text() == (ROOT / "docs" / "advisor.1").read_text()


def test_the_command_runs(installed: Path) -> None:
    assert "check" in run(installed / "advisor", "--help")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("explain", "slow-clients-hold-slots", "probes"), "fires when"),
        (("show", "smtpd_timeout", "--config-dir", "EXAMPLE"), "smtpd_timeout = 300s"),
        (("metrics", "EXAMPLE/mail.log"), "postfix/smtpd"),
        (("test",), "all hold"),
        (("check", "EXAMPLE", "--log", "EXAMPLE/mail.log", "--fail-on", "never"), "slow-clients"),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_every_command_runs_outside_of_the_checkout(
    installed: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    example = tmp_path / "example"
    shutil.copytree(ROOT / "examples" / "slow-clients", example)
    given = (each.replace("EXAMPLE", str(example)) for each in arguments)
    assert words in run(installed / "advisor", *given)


def test_the_command_finds_its_rules(installed: Path) -> None:
    rules = json.loads(run(installed / "advisor", "rules", "--output-format", "json"))
    listed = rules["rules"] if isinstance(rules, dict) else rules
    assert len(listed) == len(list((ROOT / "rules").glob("*/*.toml"))) > 0
