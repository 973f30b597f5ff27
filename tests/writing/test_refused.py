"""What is not replaced: it is told before anything is written, with a cure."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.errors import WriteError
from advisor.writing.folders import Folders
from advisor.writing.journal import JOURNAL, digest
from advisor.writing.mounts import mount_point
from advisor.writing.recovery import recover
from advisor.writing.rewrite import Rewrite
from advisor.writing.write import write
from tests.writing.folder import NEW, OLD, bytes_of, fill, mend, rewrites
from tests.writing.steps import before_each_call, killed_before

ROOT = Path(__file__).parent.parent.parent


def refused(folder: Path, match: str) -> None:
    before = {each.name: each.lstat() for each in folder.iterdir()}
    with pytest.raises(WriteError, match=match) as caught:
        write([rewrites(folder)])
    assert caught.value.cure
    assert caught.value.where
    after = {each.name: each.lstat() for each in folder.iterdir()}
    assert {name: (each.st_ino, each.st_mtime_ns, each.st_nlink) for name, each in after.items()} == {
        name: (each.st_ino, each.st_mtime_ns, each.st_nlink) for name, each in before.items()
    }


def test_a_hard_link(tmp_path: Path) -> None:
    (tmp_path / "copy").hardlink_to(fill(tmp_path) / "master.cf")
    refused(tmp_path, r"it has 2 names \(hard links\)")


def test_a_file_that_has_changed(tmp_path: Path) -> None:
    (fill(tmp_path) / "master.cf").write_bytes(b"smtp inet n - n - 3 smtpd\n")
    refused(tmp_path, "has changed since it was read")


def test_a_file_that_changes_at_the_last_moment(tmp_path: Path) -> None:
    """Right before its new name, when the other file is new already: that one is taken back."""
    fill(tmp_path)

    def change(count: int, name: str, arguments: tuple[object, ...]) -> None:
        if name == "rename" and arguments[1] == "main.cf":
            (tmp_path / "master.cf").chmod(0o600)

    with before_each_call(change), pytest.raises(WriteError, match="has changed since it was read"):
        mend(tmp_path)
    assert bytes_of(tmp_path) == OLD


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (fill(tmp_path) / "master.cf").unlink()
    make(tmp_path / "master.cf")
    refused(tmp_path, "is not a regular file")


def test_a_link_to_nothing(tmp_path: Path) -> None:
    (fill(tmp_path) / "master.cf").unlink()
    (tmp_path / "master.cf").symlink_to("gone")
    refused(tmp_path, "No such file")


def test_a_file_of_two_configurations(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one"), fill(tmp_path / "two")
    (two / "master.cf").unlink()
    (two / "master.cf").symlink_to("../one/master.cf")
    with pytest.raises(WriteError, match="two of the configurations share it"):
        write([rewrites(one), rewrites(two)])
    assert bytes_of(one) == OLD
    assert bytes_of(two) == OLD


def test_nothing_is_written_of_any_when_one_is_refused(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one"), fill(tmp_path / "two")
    (two / "main.cf").write_bytes(b"")
    with pytest.raises(WriteError, match="has changed"):
        write([rewrites(one), rewrites(two)])
    assert bytes_of(one) == OLD


def test_what_is_written_is_told_when_a_later_one_fails(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one"), fill(tmp_path / "two")

    def fail(count: int, name: str, arguments: tuple[object, ...]) -> None:
        if (one / "master.cf").read_bytes() == NEW["master.cf"] and name == "fchmod":
            raise OSError(5, "Input/output error")

    with before_each_call(fail), pytest.raises(WriteError, match=f"{one} is written"):
        write([rewrites(one), rewrites(two)])
    assert bytes_of(one) == NEW
    assert bytes_of(two) == OLD


def test_two_runs_at_once(tmp_path: Path) -> None:
    fill(tmp_path)
    with Folders() as other:
        other.take(tmp_path)
        refused(tmp_path, "another run of advisor check --fix is at work")
    mend(tmp_path)
    assert bytes_of(tmp_path) == NEW


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two others")
@pytest.mark.parametrize(
    ("owner", "mode", "match"),
    [(12345, 0o755, "you may not write in its folder"), (12346, 0o777, "its owner or group would not stay")],
)
def test_the_rights_of_others(tmp_path: Path, owner: int, mode: int, match: str) -> None:
    folder = fill(tmp_path / "etc")
    folder.chmod(mode)
    for each in folder.iterdir():
        each.chmod(0o644)
        os.chown(each, owner, owner)
    for each in (tmp_path, *tmp_path.parents):
        if each.name.startswith(("pytest-", "popen-")) or each == tmp_path:  # the others are the system's
            each.chmod(each.stat().st_mode | 0o055)
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setgid(12345)
            os.setuid(12345)
            refused(folder, match)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# Each is done as root of namespaces of its own, before a real run of the command there.
MOUNTS = {
    "is mounted into its folder by itself": "mount --bind main.cf main.cf",
    "is mounted read-only": "mount --bind . . && mount -o remount,ro,bind . && cd .",
    "No space left on device": "mount -t tmpfs -o size=8k none tmpfs && cp *.cf tmpfs && cd tmpfs",
    "File too large": "ulimit -f 0",
}


@pytest.mark.parametrize(("match", "prepare"), list(MOUNTS.items()), ids=list(MOUNTS))
def test_the_command_on_such_a_file_system(tmp_path: Path, match: str, prepare: str) -> None:
    unshare = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False).returncode:
        pytest.skip("namespaces cannot be made here")
    fill(tmp_path)
    (tmp_path / "tmpfs").mkdir()
    script = (
        f'cd "$1" && {prepare} && before=$(ls -i main.cf master.cf; ls -A)\n'
        f'"$2" -m advisor check --fix .; code=$?\n'
        f'test "$before" = "$(ls -i main.cf master.cf; ls -A)" || echo "CHANGED"\n'
        f'cmp main.cf "$3" && exit $code'
    )
    (tmp_path / "old").write_bytes(OLD["main.cf"])
    done = subprocess.run(
        [*unshare, "sh", "-c", script, "sh", tmp_path, sys.executable, tmp_path / "old"],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert match.encode() in done.stderr
    assert b"CHANGED" not in done.stdout
    assert done.returncode == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may set the flag")
@pytest.mark.parametrize("name", ["main.cf", "."])
def test_what_is_immutable(tmp_path: Path, name: str) -> None:
    file = fill(tmp_path) / name
    if not shutil.which("chattr") or subprocess.run(["chattr", "+i", file], check=False).returncode:
        pytest.skip("the file system has no flags")
    try:
        refused(tmp_path, "is immutable or append-only")
    finally:
        subprocess.run(["chattr", "-i", file], check=True)


def test_a_place_with_blanks_in_the_table_of_mounts() -> None:
    line = rb"36 35 98:0 /m /etc/post\040fix\134/main.cf rw,noatime shared:1 - ext3 /dev/root rw"
    assert mount_point(line) == "/etc/post fix\\/main.cf"


def torn(folder: Path) -> Path:
    """A folder that an interrupted run left behind, before it gave the first of the two names."""
    assert killed_before(2, lambda: mend(fill(folder)), ["rename"])
    assert len(bytes_of(folder)) == 5
    return folder


def test_what_somebody_changed_since_is_left_to_him(tmp_path: Path) -> None:
    folder = torn(tmp_path / "etc")
    (folder / "main.cf").write_bytes(b"biff = no # mine\n")
    before = bytes_of(folder)
    with pytest.raises(WriteError, match=r"main\.cf is neither the old nor the new one") as caught:
        recover(folder)
    assert all(name in caught.value.cure for name in before)
    assert bytes_of(folder) == before


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"x = y\n")])
def test_a_new_file_that_is_not_whole_becomes_none(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = torn(tmp_path / "etc")
    main, master = sorted(each for each in folder.iterdir() if ".cf.advisor-" in each.name)
    main.rename(folder / "main.cf")
    damage(master)
    before = bytes_of(folder)
    with pytest.raises(WriteError, match=r"is not there any more|was changed"):
        recover(folder)
    assert bytes_of(folder) == before


def journal(**named: object) -> object:
    return {
        "version": 1,
        "files": [
            {
                "name": "main.cf",
                "temporary": ".main.cf.advisor-0123456789abcdef",
                "old": digest(OLD["main.cf"]),
                "new": digest(NEW["main.cf"]),
                **named,
            }
        ],
    }


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"version": 2, "files": []},
        {"version": 1, "files": [], "more": 1},
        journal(name="../passwd"),
        journal(name=".."),
        journal(name=""),
        journal(old="0"),
        journal(temporary="mine"),
        journal(temporary=".main.cf.advisor-0123456789abcdeg"),
        journal(temporary=".main.cf.advisor-0123456789abcdef\n"),
        journal(old=digest(b"another file")),
    ],
)
def test_a_journal_that_is_none_of_ours_does_nothing(tmp_path: Path, document: object) -> None:
    fill(tmp_path)
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / JOURNAL).write_text(json.dumps(document))
    before = bytes_of(tmp_path)
    with pytest.raises(WriteError) as caught:
        recover(tmp_path)
    assert caught.value.cure
    assert bytes_of(tmp_path) == before
    (tmp_path / JOURNAL).write_text(json.dumps(journal()))
    assert recover(tmp_path) == "an earlier run of --fix was interrupted: main.cf had not been changed yet"


def test_a_journal_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path / "etc")
    (tmp_path / "elsewhere").write_text("{}")
    (tmp_path / "etc" / JOURNAL).symlink_to("../elsewhere")
    with pytest.raises(WriteError):
        recover(tmp_path / "etc")
    with pytest.raises(WriteError, match="another run of --fix was interrupted"):
        write([rewrites(tmp_path / "etc")])


def test_a_rewrite_that_is_no_change_is_no_change(tmp_path: Path) -> None:
    fill(tmp_path)
    write([[], [Rewrite(tmp_path / "main.cf", OLD["main.cf"], OLD["main.cf"])]])
    assert bytes_of(tmp_path) == OLD
