"""The release of the Postfix whose own configuration is looked at, read from its program file."""

from pathlib import Path

import pytest

from advisor import installed
from advisor.settings.catalogue import catalogue


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


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("3.7.9", "3.7.9"),
        ("3.7", "3.7.11"),
        ("v3.7", "3.7.11"),
        ("3.12-20260821", "3.12.0"),
        ("2.5", "2.5.0"),
    ],
)
def test_a_series_is_what_is_installed_of_it(asked: str, meant: str) -> None:
    assert str(installed.asked_release(asked)) == meant


def test_a_series_that_is_not_installed_is_its_newest_release(folders: Path) -> None:
    newest = catalogue().provenance.latest_patch
    assert str(installed.asked_release("3.9")) == newest["3.9"]
    (folders / "postconf").unlink()
    assert str(installed.asked_release("3.7")) == newest["3.7"]
