"""--fix ends at any moment: each file is the old or the new one, and the next run makes the pair whole."""

import errno
import os
import random
import shutil
import signal
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import WriteError
from advisor.writing.journal import has_journal
from advisor.writing.recovery import recover
from tests.writing.folder import NEW, OLD, bytes_of, fill, mend, must_be_whole
from tests.writing.steps import before_each_call, killed_before


def test_killed_before_each_call(tmp_path: Path) -> None:
    folder = tmp_path
    for step in count(1):
        folder = fill(tmp_path / f"{step}")
        got_so_far = killed_before(step, lambda folder=folder: mend(folder))  # type: ignore[misc]
        must_be_whole(folder)
        if not got_so_far:
            break
        mixed = {name: bytes_of(folder)[name] for name in OLD} not in (OLD, NEW)
        assert not mixed or has_journal(folder)
        recover(folder)
        must_be_whole(folder)
        assert bytes_of(folder) in (OLD, NEW)
        mend(folder)
        assert bytes_of(folder) == NEW
    assert step > 30
    assert bytes_of(folder) == NEW


def test_killed_again_before_each_call_of_the_recovery(tmp_path: Path) -> None:
    """The first run ends between the two names, the one that recovers wherever it can."""
    torn = fill(tmp_path / "torn")
    # One name is the journal's, one is main.cf's.
    assert killed_before(3, lambda: mend(torn), ["rename"])
    assert {**bytes_of(torn), **NEW, "master.cf": OLD["master.cf"]} == bytes_of(torn)
    for again in count(1):
        folder = tmp_path / f"{again}"
        shutil.copytree(torn, folder)
        got_so_far = killed_before(again, lambda folder=folder: recover(folder))  # type: ignore[misc]
        must_be_whole(folder)
        if not got_so_far:
            break
        recover(folder)
        assert bytes_of(folder) == NEW
    assert again > 5


def test_killed_at_a_hundred_random_moments(tmp_path: Path) -> None:
    """The moments are spread over what a run takes: some ends come too late, whatever the machine does."""
    drawn = random.Random(9)  # noqa: S311 - nothing secret
    longest = 0.01
    killed = 0
    for number in range(100):
        folder = fill(tmp_path / f"{number}")
        child = os.fork()
        if child == 0:
            try:
                mend(folder)
            finally:
                os._exit(0)
        end = time.perf_counter() + drawn.uniform(0, longest)
        while time.perf_counter() < end:
            pass
        os.kill(child, signal.SIGKILL)
        in_time = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        killed += in_time
        longest *= 1.1 if in_time else 0.8
        must_be_whole(folder)
        mend(folder)
        assert bytes_of(folder) == NEW
    assert 10 < killed < 100


def test_ctrl_c_at_each_call(tmp_path: Path) -> None:
    for step in count(1):
        folder = fill(tmp_path / f"{step}")

        def interrupt(count: int, name: str, arguments: Any, step: int = step) -> None:
            if count == step:
                raise KeyboardInterrupt

        with before_each_call(interrupt):
            try:
                mend(folder)
                break
            except KeyboardInterrupt:
                pass
        must_be_whole(folder)
        left = bytes_of(folder)
        assert left == OLD or {name: left[name] for name in NEW} == NEW
        mend(folder)
        assert bytes_of(folder) == NEW
    assert step > 30


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EBUSY])
def test_each_call_may_fail_and_the_old_files_stay(tmp_path: Path, number: int) -> None:
    """Of the calls after which all is written, the last removes the journal: it says so, and all is new."""
    for step in count(1):
        folder = fill(tmp_path / f"{step}")

        def fail(count: int, name: str, arguments: Any, step: int = step) -> None:
            if count == step:
                raise OSError(number, os.strerror(number))

        told: WriteError | None = None
        with before_each_call(fail):
            try:
                mend(folder)
            except WriteError as error:
                told = error
        if told is None:
            break
        assert told.cure
        assert os.strerror(number) in told.message
        must_be_whole(folder)
        left = bytes_of(folder)
        assert left == OLD or {name: left[name] for name in NEW} == NEW
        mend(folder)
        assert bytes_of(folder) == NEW
    assert step > 30


def test_a_change_that_cannot_be_taken_back_is_told_and_finished_later(tmp_path: Path) -> None:
    """The disk fails for good once the first file is new."""
    folder = fill(tmp_path / "etc")
    begun = False

    def fail(count: int, name: str, arguments: Any) -> None:
        nonlocal begun
        if begun:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        begun = name == "rename" and arguments[1] == "main.cf"

    with before_each_call(fail), pytest.raises(WriteError, match="neither be finished nor taken back"):
        mend(folder)
    must_be_whole(folder)
    assert recover(folder) == (
        "an earlier run of --fix was interrupted: its change of main.cf and master.cf is finished now"
    )
    assert bytes_of(folder) == NEW


def test_what_must_last_is_on_the_disk_before_the_next_step(tmp_path: Path) -> None:
    """As a power cut would show: a file is synced behind its last byte and before it gets its name, and the
    folder before the next name, and the journal lasts longest.
    """
    folder = fill(tmp_path)
    log: list[tuple[str, str]] = []

    def note(count: int, name: str, arguments: Any) -> None:
        first = arguments[0]
        path = Path(f"/proc/self/fd/{first}").readlink() if isinstance(first, int) else Path(first)
        log.append((name, path.name))

    with before_each_call(note):
        mend(folder)
    renames = [index for index, (name, _) in enumerate(log) if name == "rename"]
    assert len(renames) == 3
    for index in renames:
        file = log[index][1]
        steps = [name for name, path in log[:index] if path == file]
        assert steps[-1] == "fsync"
        assert log[index + 1] == ("fsync", folder.name)
    assert log[renames[0]][1].startswith(".advisor-fix.json")
    gone = log.index(("unlink", ".advisor-fix.json"))
    assert renames[-1] + 1 < gone
