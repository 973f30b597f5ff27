"""`check --metrics`: what was made of a log judges as the log does."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import advisor

ROOT = Path(__file__).parent.parent.parent
LAB = ROOT / "tests" / "data" / "lab"
CASES = sorted(
    (file.parent, file)
    for folder in (ROOT / "examples", LAB)
    for file in (*folder.glob("*/mail.log"), *folder.glob("*/mail.log.gz"))
    if (file.parent / "main.cf").exists()
)


def checked(folder: Path, *options: str | Path) -> Any:
    done = advisor("check", folder, "--output-format", "json", *options)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def document(log: Path, folder: Path, *options: str) -> Path:
    file = folder / "metrics.json"
    file.write_bytes(advisor("metrics", log, "--output-format", "json", *options).stdout)
    return file


@pytest.mark.parametrize(("folder", "log"), CASES, ids=lambda path: path.name)
def test_the_same_report(tmp_path: Path, folder: Path, log: Path) -> None:
    assert checked(folder, "--metrics", document(log, tmp_path)) == checked(folder, "--log", log)


def test_half_a_log_and_half_a_document(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "slow-clients"
    lines = (folder / "mail.log").read_bytes().splitlines(keepends=True)
    early, late = tmp_path / "early.log", tmp_path / "late.log"
    early.write_bytes(b"".join(lines[:800]))
    late.write_bytes(b"".join(lines[800:]))
    told = checked(folder, "--log", late, "--metrics", document(early, tmp_path))
    assert told == checked(folder, "--log", early, "--log", late)


def test_a_cause_needs_sessions(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "slow-clients"
    file = document(folder / "mail.log", tmp_path, "--no-sessions")
    text = " ".join(advisor("check", folder, "--metrics", file).stdout.decode().split())
    assert "cause unknown: the metrics were written without the sessions of postfix/smtpd" in text
    assert "give the log, or metrics with sessions" in text


@pytest.mark.parametrize("form", ["full", "concise", "json"])
def test_pseudonyms(form: str) -> None:
    folder, log = LAB / "i_oneip_nolimit", LAB / "i_oneip_nolimit" / "mail.log.gz"
    options = ("check", folder, "--log", log, "--output-format", form, "--diff")
    plain, hidden = advisor(*options), advisor(*options, "--anonymize-key", "k")
    assert hidden.returncode == plain.returncode
    assert b"192.0.2.25" in plain.stdout + plain.stderr
    for name in (b"192.0.2.25", b"198.51.100.1"):
        assert name not in hidden.stdout + hidden.stderr
