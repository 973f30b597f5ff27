"""The text behind a lookup table: of a copy only what stands in it, and nothing that blocks or never ends."""

import os
from pathlib import Path

import pytest

from advisor.settings.tables import folder_tables, no_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "body").write_bytes(b"/a\xff/ REJECT\n")
    return tmp_path


def test_etc_postfix_is_the_folder_itself(folder: Path) -> None:
    table = folder_tables(folder, is_own=False)("/etc/postfix/maps/body")
    assert table is not None
    assert (table.name, table.encode()) == (str(folder / "maps" / "body"), b"/a\xff/ REJECT\n")


@pytest.mark.parametrize(
    "path",
    ["/etc/postfix/maps/none", "/etc/postfix/maps", "/etc/postfix/maps/../maps/body", "maps/body", "a\0b"],
)
def test_what_is_not_there(folder: Path, path: str) -> None:
    assert folder_tables(folder, is_own=True)(path) is None


@pytest.mark.parametrize("is_own", [True, False])
def test_a_path_elsewhere_is_this_machine_s_only_for_its_own_configuration(
    folder: Path, *, is_own: bool
) -> None:
    elsewhere = str(folder / "maps" / "body")
    assert (folder_tables(folder, is_own=is_own)(elsewhere) is not None) is is_own


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert folder_tables(folder, is_own=False)("/etc/postfix/pipe") is None


def test_a_huge_file_is_no_table(folder: Path) -> None:
    with (folder / "huge").open("wb") as file:
        file.truncate((16 << 20) + 1)
    assert folder_tables(folder, is_own=False)("/etc/postfix/huge") is None


def test_without_files() -> None:
    assert no_tables("/etc/postfix/x") is None
