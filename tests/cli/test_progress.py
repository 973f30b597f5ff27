"""The bar while large logs are read: on a terminal only, moved once a block."""

import io
from pathlib import Path

import pytest

from advisor.cli import progress
from advisor.logs.sources import read_logs, unheard
from tests.cli.running import advisor

LOG = Path(__file__).parent.parent.parent / "examples" / "slow-clients" / "mail.log"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_sees_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LARGE", 1)
    assert advisor("metrics", LOG).stderr == b""


@pytest.mark.parametrize("path", [str(LOG), "-", "missing"])
def test_a_small_log_has_no_bar(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr("sys.stderr", _Terminal())
    with progress.reading([path]) as heard:
        assert heard is unheard


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LARGE", 1)
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress.reading([str(LOG)]) as heard:
        read_logs([str(LOG)], progress=heard)
    assert "reading the log" in terminal.getvalue()


def test_the_reader_tells_every_byte_once() -> None:
    counts: list[int] = []
    read_logs([str(LOG)], progress=counts.append)
    assert sum(counts) == LOG.stat().st_size


def test_the_size_of_folders_and_patterns(tmp_path: Path) -> None:
    for name, size in (("mail.log", 5), ("mail.log.1", 3), ("other", 1)):
        (tmp_path / name).write_bytes(b"x" * size)
    paths = [tmp_path, tmp_path / "mail*", tmp_path / "mail.log", tmp_path / "missing"]
    assert [progress._size(str(path)) for path in paths] == [9, 8, 5, 0]
