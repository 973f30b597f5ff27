"""What a Postfix is played on: what it asks, and what the kernel lets it have."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from advisor.rehearsal.scene import StandIn

# A session has 1024.
_SHARES = 100_000
_CPU = Path("/sys/fs/cgroup/cpu")
_VERSIONS = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
PIDS = next((each for each in _VERSIONS if os.access(each, os.W_OK)), None)


class Machine(msgspec.Struct, frozen=True):
    """`stand_ins` are what Postfix asks. The kernel lets so many clients wait (`somaxconn`), and so many
    `processes` of Postfix run; None: as many as it does anyway.
    """

    stand_ins: tuple[StandIn, ...] = ()
    somaxconn: int | None = None
    processes: int | None = None


@contextmanager
def ahead_of_others() -> Iterator[None]:
    """What this process plays comes before the other work of the machine: a Postfix that waits for the
    processors shows how busy these are. Where it is in no cpu controller of version 1, cgroups(7), or already
    in a group, it does not. A nice value would not do: it counts within a session, sched(7), and master(8)
    begins one of its own.
    """
    if not re.search(r"^\d+:cpu\b[^:]*:/$", Path("/proc/self/cgroup").read_text(), re.MULTILINE):
        yield
        return
    folder, own = Path(mkdtemp(prefix="lab-", dir=_CPU)), str(os.getpid())
    try:
        (folder / "cpu.shares").write_text(str(_SHARES))
        (folder / "cgroup.procs").write_text(own)
        yield
    finally:
        # What is interrupted may still be ending.
        for each in (folder / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                (_CPU / "cgroup.procs").write_text(each)
        folder.rmdir()


@contextmanager
def control_group(machine: Machine) -> Iterator[str]:
    """The folder of a control group with the machine's bound on processes, empty where it has none: the pids
    controller, cgroups(7). Raises OSError where it is not in `PIDS`, or a process stays in the group.
    """
    if machine.processes is None:
        yield ""
        return
    folder = Path(mkdtemp(prefix="lab-", dir=PIDS))
    try:
        (folder / "pids.max").write_text(f"{machine.processes}\n")
        yield str(folder)
    finally:
        folder.rmdir()
