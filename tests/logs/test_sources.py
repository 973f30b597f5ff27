"""Where logs come from, and what is said when there is none."""

import gzip
import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from advisor.errors import InputError, NothingToCheck
from advisor.logs.blocks import HEAD as _BLOCK
from advisor.logs.sources import read_logs
from tests.logs.readable import sessions


def log(*seconds: int, day: int = 3, pid: int = 1) -> bytes:
    return b"".join(
        f"Nov {day:2d} 09:00:{second:02d} mx postfix/smtpd[{pid}]: connect from a[192.0.2.1]\n".encode()
        for second in seconds
    )


@pytest.fixture
def write(tmp_path: Path) -> "Writer":
    return Writer(tmp_path)


class Writer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.write_bytes(data)
        written = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
        os.utime(path, (written, written))
        return str(path)


def test_a_plain_file(write: Writer) -> None:
    path = write("mail.log", log(1, 2, 3))
    metrics = read_logs([path])
    assert metrics.lines == {path: 3}
    assert metrics.first == datetime(2026, 11, 3, 9, 0, 1, tzinfo=UTC).timestamp()


def test_a_file_without_an_end_of_line(write: Writer) -> None:
    assert read_logs([write("mail.log", log(1, 2).rstrip())]).matched.total() == 2


@pytest.mark.parametrize("name", ["mail.log.gz", "mail.log"])
def test_an_archive_is_known_by_its_content(write: Writer, name: str) -> None:
    assert read_logs([write(name, gzip.compress(log(1, 2, 3)))]).matched.total() == 3


def test_several_archives_in_one_file(write: Writer) -> None:
    torn = log(1, 2, 3, 4)
    parts = gzip.compress(torn[:100]) + gzip.compress(b"") + gzip.compress(torn[100:])
    assert read_logs([write("mail.log.gz", parts)]).matched.total() == 4


def test_archives_that_meet_at_the_end_of_a_block(write: Writer) -> None:
    noise = b"x" * _BLOCK
    first = gzip.compress(log(1) + noise[: _BLOCK - 64], compresslevel=0)
    for shift in range(-2, 3):
        cut = noise[: _BLOCK - 64 - (len(first) - _BLOCK) + shift]
        member = gzip.compress(log(1) + cut + b"\n", compresslevel=0)
        metrics = read_logs([write("mail.log.gz", member + gzip.compress(log(2)))])
        assert metrics.matched.total() == 2, len(member) - _BLOCK


@pytest.mark.parametrize("left", [1, 5, 12, 40])
def test_an_archive_that_was_cut(write: Writer, left: int) -> None:
    path = write("mail.log.gz", gzip.compress(log(*range(50)), compresslevel=0)[:-left])
    metrics = read_logs([path])
    assert metrics.matched.total() >= 49
    assert [(each.origin, each.text[:33]) for each in metrics.breaks] == [
        (path, "the archive ends in the middle: 3")
    ]


@pytest.mark.parametrize("behind", [b"rubbish", gzip.compress(b"x")[:4] + b"\xff" * 40])
def test_an_archive_that_is_damaged(write: Writer, behind: bytes) -> None:
    metrics = read_logs([write("mail.log.gz", gzip.compress(log(1)) + behind)])
    assert metrics.matched.total() == 1
    assert re.search("damaged|middle", metrics.breaks[0].text)


def test_an_archive_whose_middle_is_damaged(write: Writer) -> None:
    whole = bytearray(gzip.compress(log(*range(60)) * 20))
    whole[len(whole) // 2] ^= 0xFF
    assert "damaged" in read_logs([write("mail.log.gz", bytes(whole))]).breaks[0].text


def test_an_archive_that_gives_nothing(write: Writer) -> None:
    path = write("mail.log.gz", gzip.compress(log(1))[:10])
    with pytest.raises(InputError, match="ends in the middle: 0 bytes") as error:
        read_logs([path])
    assert error.value.where == path
    assert error.value.cure


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, *, packed: bool) -> None:
    data = gzip.compress(log(1, 2)) if packed else log(1, 2)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    metrics = read_logs(["-"])
    assert metrics.lines == {"standard input": 2}


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file") as error:
        read_logs([str(tmp_path / "mail.log")])
    assert error.value.where == str(tmp_path / "mail.log")
    assert error.value.exit_code == 2


def test_a_folder_without_a_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file in this folder looks like a log"):
        read_logs([str(tmp_path)])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"Nov  3 09:00:00 mx dovecot[1]: imap-login: Login\n",
        b"Nov  3 09:00:00 mx sendmail[1]: connect from a[192.0.2.1]\n",
        bytes(range(256)) * 20,
        gzip.compress(b""),
    ],
    ids=["empty", "blank", "another program", "sendmail", "binary", "an empty archive"],
)
def test_a_file_without_postfix(write: Writer, data: bytes) -> None:
    path = write("mail.log", data)
    with pytest.raises(NothingToCheck, match="no line of Postfix") as error:
        read_logs([path])
    assert error.value.where == path
    assert error.value.exit_code == 3


def test_files_are_put_into_the_order_of_their_lines(write: Writer) -> None:
    begin = write("mail.log", log(1, day=3))
    end = write(
        "mail.log.1", b"Nov  4 09:00:05 mx postfix/smtpd[1]: disconnect from a[192.0.2.1] quit=1 commands=1\n"
    )
    for paths in ([begin, end], [end, begin]):
        (session,) = sessions(read_logs(paths))
        assert session.start is not None
        assert session.end == session.start + 86_404


def test_a_file_without_stamps_does_not_move_the_others(write: Writer) -> None:
    metrics = read_logs([write("odd", b"no stamp\n"), write("mail.log", log(1))])
    assert metrics.postfix_lines == 1
    assert metrics.unstamped == 1


def test_one_bad_file_is_not_passed_over(write: Writer, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_logs([write("mail.log", log(1)), str(tmp_path / "missing")])
