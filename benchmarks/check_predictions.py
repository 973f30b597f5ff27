"""How much longer `advisor check` takes for what it predicts of its fixes, on a log of so many lines.

    python -m benchmarks.check_predictions 1000000

Of the processor's time, so that what else the machine does meanwhile does not count; of five rounds, which
take the check with and without in turn, the shortest.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.generate_log import generate
from benchmarks.maillog.plan import Plan

# What the project asks of itself.
MOST_SHARE = 0.2
_ROUNDS = 5
_CONFIGURATION = Path(__file__).parent.parent / "examples" / "slow-clients"
_WITH, _WITHOUT = "run", "judged"
_PROGRAM = """
import sys, time
from rich.console import Console
from advisor import app
from advisor.report.full import write_full
folder, log, name = sys.argv[1:]
report = getattr(app, name)(app.Request(folder, (log,)))
write_full(report, Console(file=sys.stderr))
sys.stdout.write(f"{time.process_time()} {len(report.predictions)}")
"""


def main() -> None:
    """Measure; exit code 1 where it takes more than it should."""
    lines = int(sys.argv[1])
    with TemporaryDirectory() as name:
        log = Path(name) / "mail.log"
        generate(Plan(lines), log)
        shortest = {_WITH: float("inf"), _WITHOUT: float("inf")}
        told = 0
        for _ in range(_ROUNDS):
            for which, before in shortest.items():
                seconds, number = _seconds(log, which)
                shortest[which] = min(before, seconds)
                told = max(told, number)
    share = shortest[_WITH] / shortest[_WITHOUT] - 1
    sys.stdout.write(
        f"{lines:,} lines: {shortest[_WITHOUT]:.2f} s, with {told} predictions {shortest[_WITH]:.2f} s, "
        f"{share:.0%} more (at most {MOST_SHARE:.0%})\n"
    )
    sys.exit(share > MOST_SHARE or not told)


def _seconds(log: Path, which: str) -> tuple[float, int]:
    """Of a processor, and how many predictions there are."""
    command = [sys.executable, "-c", _PROGRAM, str(_CONFIGURATION), str(log), which]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    seconds, number = done.stdout.split()
    return float(seconds), int(number)


if __name__ == "__main__":
    main()
