"""Starts a scene in namespaces of its own: network, mounts, processes, names. Knowledge: unshare(1).

The kernel ends all processes of a PID namespace with its first one, and that one with its parent: nothing
outlives advisor, whatever ends it. All files are in memory that only the mount namespace has.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import msgspec

import advisor
from advisor.errors import AdvisorError
from advisor.rehearsal.left_over import MARKER, mark
from advisor.rehearsal.scene import Scene, Seen

_DEATH_SIGNAL = 1  # prctl(2): PR_SET_PDEATHSIG
_SLACK_SECONDS = 120.0
_libc = ctypes.CDLL(None)


class CannotRehearseError(AdvisorError):
    """The machine does not give what a rehearsal needs; the text says what."""


class Order(msgspec.Struct, frozen=True):
    """A scene, whose files stand apart as bytes, with the program postfix(1), and the UNIX-domain sockets of
    the host, by path.
    """

    scene: Scene
    files: dict[str, bytes]
    postfix: str
    sockets: tuple[str, ...]


def rehearse(scene: Scene) -> Seen:
    """What is seen when the scene is played. Raises CannotRehearseError where that cannot be done here."""
    postfix = ready()
    files = {name: text.encode("utf-8", "surrogateescape") for name, text in scene.files.items()}
    order = Order(msgspec.structs.replace(scene, files={}), files, postfix, _sockets())
    command = [
        "unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc",
        sys.executable, "-m", "advisor.rehearsal.inside",
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            input=msgspec.msgpack.encode(order),
            capture_output=True,
            timeout=scene.seconds + _SLACK_SECONDS,
            preexec_fn=partial(_die_with_parent, os.getpid()),
            env=os.environ | {"PYTHONPATH": str(Path(advisor.__file__).parent.parent), MARKER: mark()},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotRehearseError(
            f"the rehearsal was not over {_SLACK_SECONDS:.0f} s behind its end", cure="try fewer clients"
        ) from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip()
        raise CannotRehearseError(told or "it was killed", cure="see its words")
    return msgspec.msgpack.decode(done.stdout, type=Seen)


def ready() -> str:
    """The path of postfix(1). Raises CannotRehearseError without root, Postfix or namespaces."""
    if os.geteuid():
        raise CannotRehearseError(
            "a private Postfix needs root", cure="run it as root: sudo advisor rehearse …"
        )
    postfix = program("postfix")
    if shutil.which("unshare") is None:
        raise CannotRehearseError("there is no unshare(1) here", cure="install util-linux")
    tried = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--mount-proc", "true"],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        raise CannotRehearseError(
            f"no namespaces here: {tried.stderr.decode('utf-8', 'replace').strip()}",
            cure="run it on the host itself, or in a container with CAP_SYS_ADMIN",
        )
    return postfix


def program(name: str) -> str:
    """The path of a program of Postfix. Raises CannotRehearseError where there is none."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise CannotRehearseError("there is no Postfix here", cure="run it where Postfix is installed")
    return found


def _sockets() -> tuple[str, ...]:
    """The sockets that processes of this host listen on, by path: unix(7) in /proc."""
    lines = Path("/proc/net/unix").read_text("utf-8", "surrogateescape").splitlines()
    found = (line.split(None, 7)[7:] for line in lines[1:])
    return tuple(sorted({path for paths in found for path in paths if path.startswith("/")}))


def _die_with_parent(parent: int) -> None:
    _libc.prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)
