"""Watches the private Postfix: connections taken and waiting, memory. Knowledge: proc(5)."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from advisor.rehearsal.scene import SERVER, Moment

_EVERY = 0.5
_ESTABLISHED, _CLOSE_WAIT = "01", "08"
_PRIVATE = ("Private_Clean:", "Private_Dirty:")


class Watch:
    """What was seen so far: `moments`, and the most `memory` in bytes that processes had for themselves."""

    def __init__(self, port: int) -> None:
        self.moments: list[Moment] = []
        self.memory = 0
        packed = bytes(map(int, SERVER.split(".")))[::-1].hex().upper()
        self._local = f"{packed}:{port:04X}"

    async def run(self) -> None:
        """Looks twice a second, until it is cancelled."""
        while True:
            self.moments.append(self._connections())
            self.memory = max(self.memory, _private_memory())
            await asyncio.sleep(_EVERY)

    def _connections(self) -> Moment:
        """A connection that nobody has accepted has no inode yet."""
        busy = waiting = 0
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1] == self._local and fields[3] in (_ESTABLISHED, _CLOSE_WAIT):
                taken = fields[9] != "0"
                busy, waiting = busy + taken, waiting + (not taken)
        return Moment(time.time(), busy, waiting)


def _private_memory() -> int:
    """The bytes that processes have for themselves, all but this one together."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        if folder.name != "1":
            with suppress(OSError):  # it has just ended
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith(_PRIVATE))
    return total << 10
