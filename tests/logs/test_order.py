"""Which files are meant: rotated, packed, named twice, in folders, by patterns; and in which order they are
read.
"""

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.logs import twice
from advisor.logs.blocks import LogFile, log_in_memory
from advisor.logs.breaks import Break
from advisor.logs.order import files_named, in_order
from advisor.logs.sources import read_logs

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)


def day(number: int, lines: int = 3) -> bytes:
    return b"".join(
        b"Nov %2d 09:00:%02d mx postfix/smtpd[%d]: connect from a[192.0.2.1]\n" % (number, second, second)
        for second in range(lines)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rotated logs, whose names say nothing of their order, and files that are no logs."""
    files = {
        "mail.log": day(9),
        "mail.log.1": day(8),
        "mail.log.2.gz": gzip.compress(day(7)),
        "mail.log.10.xz": lzma.compress(day(2)),
        "mail-20261103": day(3),
        "maillog.old": bz2.compress(day(1)),
        "lastlog": bytes(range(256)) * 100,
        "README": b"These are logs.\nNote: they are rotated.\n",
        "empty": b"",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        os.utime(tmp_path / name, (REFERENCE.timestamp(),) * 2)
    (tmp_path / "journal").mkdir()
    return tmp_path


def names(files: list[LogFile]) -> list[str]:
    return [Path(file.name).name for file in files]


def test_a_folder(folder: Path) -> None:
    files, left_out = in_order(list(files_named(str(folder))))
    assert names(files) == [
        "maillog.old", "mail.log.10.xz", "mail-20261103", "mail.log.2.gz", "mail.log.1", "mail.log"
    ]  # fmt: skip
    assert left_out == []


def test_the_lines_of_a_folder(folder: Path) -> None:
    metrics = read_logs([str(folder)])
    assert metrics.postfix_lines == 18
    assert metrics.breaks == []


def test_a_pattern(folder: Path) -> None:
    assert names(in_order([*files_named(f"{folder}/mail.log*")])[0])[-1] == "mail.log"
    with pytest.raises(InputError, match="no file matches") as error:
        list(files_named(f"{folder}/nothing*"))
    assert error.value.where == f"{folder}/nothing*"


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    (tmp_path / "mail[1].log").write_bytes(day(1))
    assert names(list(files_named(f"{tmp_path}/mail[1].log"))) == ["mail[1].log"]


def test_two_spellings_of_a_file_count_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "current").symlink_to("mail.log")
    metrics = read_logs(["mail.log", "./mail.log", str(folder / "mail.log"), "current"])
    assert (metrics.lines, metrics.breaks) == ({"mail.log": 3}, [])


def test_a_copy_is_left_out_and_said(folder: Path) -> None:
    (folder / "mail.log.1.gz").write_bytes(gzip.compress(day(8)))
    metrics = read_logs([str(folder)])
    assert metrics.postfix_lines == 18
    (left_out,) = metrics.breaks
    assert left_out == Break(
        str(folder / "mail.log.1.gz"), f"left out: {folder / 'mail.log.1'} holds the same lines"
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_log_and_its_beginning_the_longer_is_read(tmp_path: Path, *, turned: bool) -> None:
    (tmp_path / "a").write_bytes(day(3, 5 if turned else 9))
    (tmp_path / "b").write_bytes(gzip.compress(day(3, 9 if turned else 5)))
    metrics = read_logs([str(tmp_path)])
    assert metrics.postfix_lines == 9
    assert [Path(each.origin).name for each in metrics.breaks] == ["a" if turned else "b"]


def test_logs_that_begin_alike_are_both_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(day(3, 5) + day(4))
    (tmp_path / "b").write_bytes(day(3, 5) + day(5))
    assert read_logs([str(tmp_path)]).postfix_lines == 16


class TestLinesThatCountTwice:
    """/var/log/syslog has every line, /var/log/mail.log those of mail; they are rotated at other times."""

    MAIL = b"".join(day(number) for number in range(1, 8))
    CRON = b"Nov  3 00:00:01 mx CRON[9]: (root) CMD (true)\n"

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_they_are_named(self, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
        (tmp_path / "mail.log").write_bytes(pack(self.MAIL))
        (tmp_path / "syslog.1").write_bytes(self.CRON + day(3) + day(4))
        (tmp_path / "syslog").write_bytes(day(5) + day(6) + day(7))
        metrics = read_logs([str(tmp_path)])
        assert metrics.postfix_lines == 36
        where = f"lines of it are in {tmp_path / 'mail.log'} too, and count twice: name one of the two"
        assert metrics.breaks == [Break(str(tmp_path / name), where) for name in ("syslog", "syslog.1")]

    def test_other_hosts_are_not(self, tmp_path: Path) -> None:
        (tmp_path / "mx").write_bytes(self.MAIL)
        (tmp_path / "mx2").write_bytes(self.MAIL.replace(b" mx ", b" mx2 ").replace(b"09:00", b"09:01"))
        assert read_logs([str(tmp_path)]).breaks == []

    def test_nor_are_rotated_files_looked_into(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(twice, "_held", lambda log, sought: pytest.fail(str(log)) if sought else [])
        plain = [folder / name for name in ("mail.log", "mail.log.1", "mail-20261103")]
        assert read_logs([str(path) for path in plain]).breaks == []

    def test_a_line_at_the_border_of_two_blocks(self) -> None:
        line = day(3, 1)
        for cut in range(200, len(self.MAIL), 7):
            blocks = [self.MAIL[:cut], self.MAIL[cut:]]
            log = LogFile("log", REFERENCE, lambda blocks=blocks: iter([x for x in blocks if x]))  # type: ignore[misc]
            other = log_in_memory("other", line, REFERENCE)
            assert [each.origin for each in twice.told_twice([log, other])] == ["other"]


@given(st.permutations(range(1, 8)), st.integers(1, 3))
def test_the_order_of_the_names_is_none(days: list[int], copies: int) -> None:
    files = [log_in_memory(f"{number}", day(number), REFERENCE) for number in days for _ in range(copies)]
    ordered, left_out = in_order(files)
    assert [file.name for file in ordered] == [str(number) for number in range(1, 8)]
    assert len(left_out) == 7 * (copies - 1)


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    for path in (folder, folder / "README"):
        with pytest.raises(InputError, match="the log cannot be read: Permission denied") as error:
            read_logs([str(path)])
        assert error.value.where == str(folder / "README")


def test_a_folder_that_may_not_be_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(InputError, match="the log cannot be read: Permission denied") as error:
        read_logs([str(folder)])
    assert error.value.where == str(folder)


def test_what_may_be_read_in_ranges(folder: Path) -> None:
    plain = {Path(file.name).name: file.plain for file in files_named(str(folder))}
    assert plain["mail.log"] == folder / "mail.log"
    assert plain["mail.log.2.gz"] is None
    assert log_in_memory("log", day(1), REFERENCE).plain is None
