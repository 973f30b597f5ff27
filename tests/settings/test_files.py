"""Each name of a configuration means the same one."""

from pathlib import Path

import pytest

from advisor.errors import InputError, NothingToCheck
from advisor.settings.files import main_cf_at
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST


def read(path: Path) -> Instance:
    return Instance.read(path, NEWEST, ASSUMED)


@pytest.mark.parametrize("name", ["", "main.cf", "master.cf"])
def test_a_folder_and_both_of_its_files_mean_one_configuration(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.cf").write_text("biff = no\n")
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n")
    found = read(tmp_path / name)
    assert main_cf_at(tmp_path / name) == tmp_path / "main.cf"
    assert found.setting("biff").text == "no"
    assert [service.key for service in found.services] == ["smtp/inet"]


def test_a_file_of_another_name_is_a_main_cf_alone(tmp_path: Path) -> None:
    (tmp_path / "copy.cf").write_text("biff = no\n")
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n")
    assert read(tmp_path / "copy.cf").services == ()


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("", NothingToCheck, "no main.cf in this folder"),
        ("master.cf", NothingToCheck, "no main.cf beside it"),
        ("main.cf", InputError, "does not exist"),
        ("none/master.cf", InputError, "does not exist"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, name: str, kind: type[Exception], words: str) -> None:
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n")
    with pytest.raises(kind, match=words):
        read(tmp_path / name)
