"""The release of the Postfix whose own configuration is looked at, read from its program file."""

from pathlib import Path

import pytest

from advisor import installed


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "copy").mkdir()
    program = tmp_path / "postconf"
    program.write_bytes(b"\x7fELF\0mail_version=3.7.11\0mail_version\0")
    missing = (tmp_path / "missing", tmp_path / "none")
    monkeypatch.setattr(installed, "_INSTALLATIONS", (missing, (tmp_path / "etc", program)))
    return tmp_path


def test_its_own(folders: Path) -> None:
    (folders / "link").symlink_to(folders / "etc")
    assert installed.installed_release(folders / "etc") == "3.7.11"
    assert installed.installed_release(folders / "link") == "3.7.11"


def test_a_copy_is_not_its_own(folders: Path) -> None:
    assert installed.installed_release(folders / "copy") == ""


def test_a_program_that_says_nothing_or_is_gone(folders: Path) -> None:
    (folders / "postconf").write_bytes(b"\x7fELF")
    assert installed.installed_release(folders / "etc") == ""
    (folders / "postconf").unlink()
    assert installed.installed_release(folders / "etc") == ""
