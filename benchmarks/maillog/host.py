"""One simulated host: its processes, its queue ids, and the lines that wait to be written."""

import heapq
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.maillog.events import Line
from benchmarks.maillog.plan import Plan

_BASE52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
_USES = 100  # max_use: so many sessions, then the process ends


@dataclass(slots=True)
class Output:
    """The lines of all hosts that wait for their time."""

    waiting: list[Line] = field(default_factory=list)
    number: int = 0

    def put(self, line: Line) -> None:
        self.number += 1
        heapq.heappush(self.waiting, line._replace(number=self.number))


@dataclass(slots=True)
class Slots:
    """Processes of one service; at most `limit` at a time. Who comes when all are busy waits in order."""

    limit: int
    busy: list[tuple[float, int]] = field(default_factory=list)  # free again at, pid
    idle: list[int] = field(default_factory=list)
    uses: dict[int, int] = field(default_factory=dict)

    def full(self, time: float) -> bool:
        self._release(time)
        return len(self.busy) >= self.limit

    def take(self, time: float, new_pid: int) -> tuple[float, int]:
        """When a process is free for who came at `time`, and its pid; give it back with `hold`."""
        self._release(time)
        if len(self.busy) >= self.limit:
            time, pid = heapq.heappop(self.busy)
        else:
            pid = self.idle.pop() if self.idle else new_pid
        self.uses[pid] = self.uses.get(pid, 0) + 1
        if self.uses[pid] > _USES:
            del self.uses[pid]
            pid = new_pid
            self.uses[pid] = 1
        return time, pid

    def hold(self, pid: int, until: float) -> None:
        heapq.heappush(self.busy, (until, pid))

    def _release(self, time: float) -> None:
        while self.busy and self.busy[0][0] <= time:
            self.idle.append(heapq.heappop(self.busy)[1])


@dataclass(slots=True)
class Host:
    """A name, an instance, processes."""

    name: str
    instance: str
    plan: Plan
    random: Random
    output: Output
    pid: int = 2000
    mails: int = 0
    warned: float = float("-inf")
    stress_until: float = float("-inf")
    smtpd: Slots = field(init=False)
    submission: Slots = field(default_factory=lambda: Slots(100))
    smtp: Slots = field(default_factory=lambda: Slots(100))
    lmtp: Slots = field(default_factory=lambda: Slots(20))

    def __post_init__(self) -> None:
        self.smtpd = Slots(self.plan.limit)

    def new_pid(self) -> int:
        self.pid += 1
        return self.pid

    def log(
        self,
        time: float,
        program: str,
        pid: int,
        name: str,
        text: str,
        *facts: Any,
        keys: tuple[str, ...] = (),
        peak: float | None = None,
    ) -> None:
        """A line of this host's Postfix."""
        tag = f"{self.instance}/{program}"
        self.output.put(Line(time, 0, self.name, tag, pid, name, text, facts, keys, peak))

    def log_other(self, time: float, tag: str, pid: int, name: str, text: str) -> None:
        """A line of another program, or of nobody."""
        self.output.put(Line(time, 0, self.name, tag, pid, name, text))

    def queue_id(self) -> str:
        """A queue id that comes once in a log."""
        self.mails += 1
        number = self.mails * 0x9E3779B1 % (1 << 40)  # odd, so no two are alike
        if not self.plan.long_queue_ids:
            return f"{number:010X}"
        digits = ""
        for _ in range(8):
            number, digit = divmod(number, 52)
            digits += _BASE52[digit]
        return f"4{digits}z{_BASE52[self.mails % 52]}"
