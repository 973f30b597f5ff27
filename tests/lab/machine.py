"""What a Postfix is played on: what it asks, and what the kernel lets it have."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from advisor.rehearsal.scene import StandIn

_PIDS = Path("/sys/fs/cgroup/pids")


class Machine(msgspec.Struct, frozen=True):
    """`stand_ins` are what Postfix asks. The kernel lets so many clients wait (`somaxconn`), and so many
    `processes` of Postfix run; None: as many as it does anyway.
    """

    stand_ins: tuple[StandIn, ...] = ()
    somaxconn: int | None = None
    processes: int | None = None


@contextmanager
def control_group(machine: Machine) -> Iterator[str]:
    """The folder of a control group with the machine's bound on processes, empty where it has none: the pids
    controller of version 1, cgroups(7). Raises OSError where that is missing, or a process stays in it.
    """
    if machine.processes is None:
        yield ""
        return
    folder = Path(mkdtemp(prefix="lab-", dir=_PIDS))
    try:
        (folder / "pids.max").write_text(f"{machine.processes}\n")
        yield str(folder)
    finally:
        folder.rmdir()
