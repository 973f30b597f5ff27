"""Plays one scene, as the first process of namespaces of its own: `python -m advisor.rehearsal.inside`.

Reads a scene on standard input, and writes what was seen on standard output, as MessagePack. All that it
makes is in memory, and goes with the namespaces. Knowledge: postfix(1) start-fg, postlogd(8), MAILLOG_README.
"""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from asyncio import Task
from asyncio.subprocess import Process
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from shutil import chown

import msgspec

from advisor.rehearsal import kernel, stand_ins
from advisor.rehearsal.clients import play
from advisor.rehearsal.namespaces import Order
from advisor.rehearsal.places import CONFIG, DATA, LOG, QUEUE, ROOT
from advisor.rehearsal.scene import NETWORKS, SERVER, Seen, Visited
from advisor.rehearsal.watch import Watch

_SIZE = 512 << 20
_START_SECONDS = 30.0
# Postfix waits where a file of its configuration is newer than a second.
_LONG_AGO = 1_000_000_000


def main() -> None:
    """Plays it. An error is the exit code 1, and a line on standard error."""
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    try:
        _furnish(order)
        seen = asyncio.run(_played(order))
    except (OSError, subprocess.SubprocessError, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    sys.stdout.buffer.write(msgspec.msgpack.encode(seen))


def _furnish(order: Order) -> None:
    """Folders in memory, the host's files sealed and its sockets covered, addresses, the configuration."""
    kernel.memory_disk("/run", _SIZE)
    for folder in (ROOT, CONFIG, QUEUE, DATA):
        folder.mkdir()
    chown(DATA, "postfix")
    names = ROOT / "resolv.conf"
    names.write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:1\n")
    resolv = Path(os.path.realpath("/etc/resolv.conf"))
    if resolv.is_relative_to("/run"):
        resolv.parent.mkdir(parents=True, exist_ok=True)
        resolv.touch()
    if resolv.exists():
        kernel.cover(resolv, names)
    for path in order.sockets:
        with suppress(OSError):  # it is gone, or below /run
            kernel.cover(Path(path), Path("/dev/null"))
    kernel.seal("/run")
    kernel.have_addresses(NETWORKS)
    if order.scene.somaxconn is not None:
        kernel.cap_listen_queues(order.scene.somaxconn)
    for name, data in order.files.items():
        file = CONFIG / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        os.utime(file, (_LONG_AGO, _LONG_AGO))


async def _played(order: Order) -> Seen:
    scene = order.scene
    async with AsyncExitStack() as stack:
        await stand_ins.start(scene.stand_ins, stack)
        postfix = await asyncio.create_subprocess_exec(
            order.postfix, "-c", str(CONFIG), "start-fg", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, process_group=0, preexec_fn=partial(kernel.join, scene.control_group),
        )  # fmt: skip
        try:
            await _listens(order, postfix)
            watch = Watch(scene.port)
            watching = asyncio.create_task(watch.run())
            began = time.time()
            visits = await play(
                scene, asyncio.get_running_loop().time(), partial(_stop, order.postfix, watching)
            )
        finally:
            await _end(postfix)
            await asyncio.to_thread(_reap)
    return _seen(visits, watch, began)


async def _stop(program: str, watching: Task[None]) -> None:
    """Stops Postfix as its administrator does, which its log tells; nobody is watched any more."""
    watching.cancel()
    stops = await asyncio.create_subprocess_exec(
        program, "-c", str(CONFIG), "stop", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    await asyncio.wait_for(stops.wait(), _START_SECONDS)


async def _end(postfix: Process) -> None:
    """Ends master(8), which ends all its processes, if it still runs; no matter what it is doing."""
    if postfix.returncode is None:
        with suppress(OSError, ValueError):
            os.kill(int((QUEUE / "pid" / "master.pid").read_text()), signal.SIGTERM)
        await asyncio.wait_for(postfix.wait(), _START_SECONDS)


def _reap() -> None:
    """Waits for what master(8) left behind: its time counts too."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _seen(visits: tuple[Visited, ...], watch: Watch, began: float) -> Seen:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    log = LOG.read_text("utf-8", "surrogateescape") if LOG.exists() else ""
    return Seen(
        visits, tuple(watch.moments), began, spent.ru_utime + spent.ru_stime, watch.memory,
        log.encode("utf-8", "replace").decode(),
    )  # fmt: skip


async def _listens(order: Order, postfix: Process) -> None:
    """Waits until Postfix listens. Raises SubprocessError with its own words where it ends before that."""
    scene = order.scene
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if postfix.returncode is not None:
            told = (await postfix.stderr.read()).decode("utf-8", "replace") if postfix.stderr else ""
            told = told or _told_at_a_terminal(order.postfix)
            said = LOG.read_text("utf-8", "replace") if LOG.exists() else ""
            raise subprocess.SubprocessError(
                f"Postfix does not start (exit code {postfix.returncode}): {(told + said).strip()[-1000:]}"
            )
        with suppress(OSError):
            _, writer = await asyncio.open_connection(SERVER, scene.port, local_addr=("198.18.255.254", 0))
            writer.close()
            await asyncio.sleep(0.2)
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"Postfix listens on no port {scene.port} within {_START_SECONDS:.0f} s")


def _told_at_a_terminal(postfix: str) -> str:
    """Why Postfix does not start: before postlogd(8) runs, it says so on a terminal alone."""
    ours, its = os.openpty()
    subprocess.run((postfix, "-c", str(CONFIG), "check"), stderr=its, check=False, timeout=_START_SECONDS)  # noqa: S603
    os.close(its)
    with suppress(OSError):
        return os.read(ours, 1 << 12).decode("utf-8", "replace")
    return ""


if __name__ == "__main__":
    main()
