"""A rehearsal reaches nothing of the host, and leaves nothing behind, whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from advisor.rehearsal import left_over
from advisor.rehearsal.namespaces import CannotRehearseError, ready, rehearse
from advisor.rehearsal.scene import End, Kind, Scene, Seen, Visit
from tests.rehearsal.staged import staged

EXAMPLES = Path(__file__).parent.parent.parent / "examples"

# As a shell's: what of the host can be reached, each word for one thing.
_PROBE = """
import socket, sys
from pathlib import Path
folder, port = sys.argv[1:]
def reached(what, attempt):
    try:
        attempt()
    except OSError:
        return
    print(what)
def connect(family, place):
    with socket.socket(family) as own:
        own.settimeout(2)
        own.connect(place)
reached("file", lambda: Path(folder, "written").write_text("x"))
shared = Path("/dev/shm", Path(folder).name)
reached("memory", lambda: (shared.write_text("x"), shared.unlink()))
reached("socket", lambda: connect(socket.AF_UNIX, folder + "/s"))
reached("address", lambda: connect(socket.AF_INET, ("127.0.0.1", int(port))))
reached("private", lambda: connect(socket.AF_INET, ("192.0.2.25", 25)))
"""


def scene(seconds: float) -> Scene:
    private = staged("compatibility_level = 3.6\n", (EXAMPLES / "slow-clients" / "master.cf").read_text())
    visits = tuple(Visit(0.2 * number, Kind.MAIL, f"198.18.0.{number + 1}") for number in range(3))
    return Scene(private.files, visits, seconds, stand_ins=private.stand_ins, recipient="user@recipient.test")


def inside(parent: int) -> int:
    """The first process of the namespaces of a rehearsal that `parent` plays; it is waited for."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for process in left_over.marked():
            is_first = b"rehearsal.inside" in command(process) and b"unshare" not in command(process)
            if is_first and left_over.marker_of(process).startswith(f"{parent}-"):
                names = {command(each).partition(b"\0")[0].rpartition(b"/")[2] for each in namesakes(process)}
                if {b"master", b"smtpd"} <= names:
                    return process
        time.sleep(0.05)
    raise TimeoutError


def namesakes(process: int) -> set[int]:
    """All processes of its PID namespace."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "ns/pid").readlink() == Path(f"/proc/{process}/ns/pid").readlink():
                found.add(int(folder.name))
    return found


def command(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.namespaces
def test_nothing_of_the_host_is_reached_or_written(tmp_path: Path) -> None:
    mounts = Path("/proc/self/mountinfo").read_text()
    with (
        closing(socket.socket(socket.AF_UNIX)) as by_path,
        closing(socket.create_server(("127.0.0.1", 0))) as by_address,
    ):
        by_path.bind(str(tmp_path / "s"))
        by_path.listen()
        port = by_address.getsockname()[1]
        probe = [sys.executable, "-c", _PROBE, str(tmp_path), str(port)]
        outside = subprocess.run(probe, capture_output=True, text=True, check=True)
        assert outside.stdout.split() == ["file", "memory", "socket", "address"]
        seen: list[Seen] = []
        thread = threading.Thread(target=lambda: seen.append(rehearse(scene(6))))
        thread.start()
        enter = ["nsenter", "--target", str(inside(os.getpid())), "--mount", "--net"]
        within = subprocess.run([*enter, *probe], capture_output=True, text=True, check=True)
        thread.join()
    assert within.stdout.split() == ["private"]
    assert [visit.end for visit in seen[0].visits] == [End.SERVED] * 3
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert not Path("/run/rehearsal").exists()


@pytest.mark.namespaces
def test_a_rehearsal_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    mounts = Path("/proc/self/mountinfo").read_text()
    folders = set(Path("/tmp").iterdir())  # noqa: S108 - where others leave theirs
    script = tmp_path / "plays.py"
    script.write_text(
        "from advisor.rehearsal.namespaces import rehearse\n"
        "from tests.rehearsal.test_isolation import scene\n"
        "rehearse(scene(60))\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    player = subprocess.Popen([sys.executable, str(script)], env=environment)
    all_of_it = namesakes(inside(player.pid))
    assert len(all_of_it) > 3
    player.send_signal(signal.SIGKILL)
    player.wait()
    wait_until(lambda: not any(map(command, all_of_it)))
    assert not [each for each in left_over.marked() if left_over.marker_of(each).startswith(f"{player.pid}-")]
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert {each for each in Path("/tmp").iterdir() if "rehears" in each.name} <= folders  # noqa: S108
    assert not Path("/run/rehearsal").exists()


def sleeper(marker: str | None) -> subprocess.Popen[bytes]:
    own = {} if marker is None else {left_over.MARKER: marker}
    return subprocess.Popen(["sleep", "60"], env=os.environ | own)


def test_only_what_lost_its_parent_is_ended() -> None:
    parent = subprocess.Popen(["true"])
    parent.wait()
    here = left_over.mark().rpartition("-")[2]
    orphans = [sleeper(f"{parent.pid}-1-{here}"), sleeper(f"{os.getpid()}-1-{here}")]
    others = [sleeper(None), sleeper(left_over.mark()), sleeper("odd"), sleeper(f"{parent.pid}-1-77")]
    try:
        wait_until(lambda: all(b"sleep" in command(each.pid) for each in (*orphans, *others)))
        left_over.clean()
        assert [each.wait(10) for each in orphans] == [-signal.SIGKILL] * 2
        assert [each.poll() for each in others] == [None] * 4
    finally:
        for each in (*orphans, *others):
            each.kill()
            each.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_who_is_not_root_is_told_so() -> None:
    os.seteuid(65534)
    try:
        with pytest.raises(CannotRehearseError, match="needs root; run it as root"):
            ready()
    finally:
        os.seteuid(0)


@pytest.mark.namespaces
def test_why_postfix_does_not_start_is_told() -> None:
    wrong = staged("message_size_limit = much\nhash_queue_depth = x\n")
    with pytest.raises(CannotRehearseError, match="bad numerical configuration"):
        rehearse(Scene(wrong.files, (), 5))
