"""Which files a configuration may make us read."""

import os
from pathlib import Path

from advisor.settings.tables import folder_tables, no_tables


def test_etc_postfix_is_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "body_checks").write_text("/x/ REJECT\n")
    table = folder_tables(tmp_path, is_own=False)("/etc/postfix/maps/body_checks")
    assert table is not None
    assert (table.name, table.text) == (str(tmp_path / "maps/body_checks"), "/x/ REJECT\n")


def test_a_copy_names_files_of_another_machine(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("secret\n")
    folder = tmp_path / "postfix"
    folder.mkdir()
    read = folder_tables(folder, is_own=False)
    assert read(str(elsewhere)) is None
    assert read("/etc/postfix/../elsewhere") is None
    assert read("elsewhere") is None
    own = folder_tables(folder, is_own=True)
    assert own(str(elsewhere)) is not None
    assert own("elsewhere") is None


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "sub").mkdir()
    read = folder_tables(tmp_path, is_own=True)
    for name in ("pipe", "sub", "missing", "nul\0"):
        assert read(f"/etc/postfix/{name}") is None
    assert read("/dev/zero") is None


def test_text_alone_has_no_tables() -> None:
    assert no_tables("/etc/postfix/body_checks") is None
