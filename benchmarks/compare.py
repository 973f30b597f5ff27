"""advisor and its peers on the same generated logs, side by side: `make bench`, or `make bench N=10000000`.

Rounds take every command once, in turn, so that a busy machine slows them all; the medians count. Each
runs in the environment of an ordinary user: nothing that tunes numpy's libraries is handed on. One more
round, which is not timed, looks at the memory. The table is printed and put between the markers of
README.md, the machine's line between those of docs/performance.md.
"""

import os
import platform
import re
import shlex
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.memory import megabytes_of

ROUNDS = 3
ROOT = Path(__file__).parent.parent
README, PERFORMANCE = ROOT / "README.md", ROOT / "docs" / "performance.md"
MARKERS = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->\n)", re.DOTALL)
LOGWATCH = "/usr/share/logwatch/scripts/services/postfix"
FORMS = ("rfc3164", "rfc3339", "rfc3164.gz")
_FOR_NUMPY = ("OPENBLAS_", "OMP_", "MKL_", "PYTHON")


@dataclass(frozen=True, slots=True)
class Tool:
    """A command; `{log}` is the file's place. `reads` finds in its output how many messages came in."""

    name: str
    computes: str
    command: str
    reads: str = ""

    def on(self, log: Path) -> str:
        """The shell's line for this log; who can't read archives gets them through zcat."""
        if log.suffix == ".gz" and not self.name.startswith("advisor"):
            return f"zcat {shlex.quote(str(log))} | {self.command.format(log='')}"
        return self.command.format(log=shlex.quote(str(log)))


@dataclass(frozen=True, slots=True)
class Run:
    """One run: wall time in seconds, what it wrote, and where it was looked at the most memory that all its
    processes had at a time, in megabytes.
    """

    seconds: float
    output: str
    megabytes: float = 0.0


def tools() -> list[Tool]:
    """Ours with one process and with all cores, and the peers that are installed here."""
    everything = "all metrics: sessions, occupancy, delays, rejects, coverage"
    ours = f"{shlex.quote(sys.executable)} -m advisor metrics {{log}}"
    found = [
        Tool("advisor metrics --jobs 1", everything, f"{ours} --jobs 1"),
        Tool("advisor metrics", everything, ours),
    ]
    if shutil.which("pflogsumm"):
        summary = "totals and tops of messages, rejects, senders; no sessions' load"
        found.append(Tool("pflogsumm", summary, "pflogsumm {log}", r"(\d+)\s+received"))
    if Path(LOGWATCH).exists():
        perl = f"LOGWATCH_DETAIL_LEVEL=5 perl -I/usr/share/logwatch/lib {LOGWATCH}"
        summary = "totals, rejects by reason, delays; no sessions' load"
        found.append(Tool("postfix-logwatch", summary, f"cat {{log}} | {perl}", r"(\d+)\s+Accepted"))
    return [*found, Tool("wc -l", "the number of lines, for comparison", "cat {log} | wc -l")]


def main(lines: int) -> None:
    with TemporaryDirectory() as folder:
        logs = write_logs(Path(folder), lines)
        runs: dict[tuple[str, str], list[Run]] = {}
        commands = tools()
        for _ in range(ROUNDS):
            for form, log in logs.items():
                for tool in commands:
                    runs.setdefault((form, tool.name), []).append(_run(tool.on(log)))
        memory = {
            tool.name: max(_run(tool.on(log), is_watched=True).megabytes for log in logs.values())
            for tool in commands
        }
        size = logs["rfc3164"].stat().st_size
    head = _head(lines, size)
    text = "\n".join([*head, *_table(commands, runs, memory), *_legend(commands)]) + "\n"
    sys.stdout.write(text)
    _put(README, text)
    _put(PERFORMANCE, "\n".join(head))


def _put(page: Path, text: str) -> None:
    """Writes the text between the page's markers."""
    page.write_text(MARKERS.sub(lambda found: found[1] + text + found[2], page.read_text()))


def write_logs(folder: Path, lines: int) -> dict[str, Path]:
    """The same hours in each form."""
    logs = {form: folder / f"mail.{form}" for form in FORMS}
    for form in ("rfc3164", "rfc3339"):
        options = f"--lines {lines} --format {form} --out {logs[form]}"
        _run(f"{shlex.quote(sys.executable)} -m benchmarks.generate_log {options}")
    _run(f"gzip -c {logs['rfc3164']} >{logs['rfc3164.gz']}")
    return logs


def _run(command: str, *, is_watched: bool = False) -> Run:
    with TemporaryDirectory() as folder:
        out, failed = Path(folder) / "out", Path(folder) / "err"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(_FOR_NUMPY)}
        begun = time.perf_counter()
        arguments = ["sh", "-c", f"{{ {command}; }} >{out} 2>{failed}"]
        child = os.posix_spawn("/bin/sh", arguments, environment)
        megabytes = megabytes_of(child) if is_watched else 0.0
        _, status = os.waitpid(child, 0)
        seconds = time.perf_counter() - begun
        if status:
            raise SystemExit(f"bench: {command} failed:\n{failed.read_text(errors='replace')[-2000:]}")
        return Run(seconds, out.read_text(errors="replace"), megabytes)


def _head(lines: int, size: int) -> list[str]:
    cores = len(os.sched_getaffinity(0))
    return [
        f"{lines:,} generated lines ({size / 1e6:.0f} MB as RFC 3164); {cores} cores, {_processor()}, Python",
        f"{platform.python_version()}; {datetime.now(UTC):%Y-%m-%d}; medians of {ROUNDS} interleaved runs.",
        "",
    ]


def _processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _table(
    commands: list[Tool], runs: dict[tuple[str, str], list[Run]], memory: dict[str, float]
) -> list[str]:
    """A row for each command: by form its seconds, and how much faster that is than pflogsumm."""
    rows = [
        f"| | {' | '.join(f'{form} | faster than pflogsumm' for form in FORMS)} | peak memory |",
        f"|---|{'---:|' * (2 * len(FORMS) + 1)}",
    ]
    for tool in commands:
        cells = []
        for form in FORMS:
            done, peer = runs[form, tool.name], _seconds(runs.get((form, "pflogsumm"), []))
            reads = _reads(tool, done[0])
            cells.append(f"{_seconds(done):.2f} s" if reads else "does not read it")
            cells.append(f"{peer / _seconds(done):.1f} times" if reads and peer else "-")
        rows.append(f"| {tool.name} | {' | '.join(cells)} | {memory[tool.name]:.0f} MB |")
    return [*rows, ""]


def _reads(tool: Tool, run: Run) -> bool:
    if not tool.reads:
        return True
    found = re.search(tool.reads, run.output)
    return found is not None and int(found[1]) > 0


def _seconds(runs: list[Run]) -> float:
    return median(run.seconds for run in runs) if runs else 0.0


def _legend(commands: list[Tool]) -> list[str]:
    legend = {tool.name.partition(" --jobs")[0]: tool.computes for tool in commands}
    return [
        "Archives come to the peers through zcat. The memory is that of all processes of a command together.",
        "Each computes something else:",
        "",
        *(f"- {name}: {computes}" for name, computes in legend.items()),
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
