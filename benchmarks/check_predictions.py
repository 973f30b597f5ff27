"""How much longer `advisor check` takes for what it predicts of its fixes, on a log of so many lines.

    python -m benchmarks.check_predictions 1000000

Of the processor's time, so that what else the machine does meanwhile does not count; both are measured in one
process, and the median of five counts.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.generate_log import generate
from benchmarks.maillog.plan import Plan

# What the project asks of itself.
MOST_SHARE = 0.2
_ROUNDS = 5
_CONFIGURATION = Path(__file__).parent.parent / "examples" / "slow-clients"
# What `advisor check` does, with a look at the clock before and behind the predictions.
_PROGRAM = """
import sys, time
from rich.console import Console
from advisor.app import judged
from advisor.request import Request
from advisor.report.full import write_full
report = judged(Request(sys.argv[1], (sys.argv[2],)))
write_full(report, Console(file=sys.stderr))
before = time.process_time()
from advisor.predictions import predictions
found = predictions(report)
sys.stdout.write(f"{before} {time.process_time() - before} {len(found)}")
"""


def main() -> None:
    """Measure; exit code 1 where it takes more than it should, or nothing is predicted."""
    lines = int(sys.argv[1])
    with TemporaryDirectory() as name:
        log = Path(name) / "mail.log"
        generate(Plan(lines), log)
        runs = [_run(log) for _ in range(_ROUNDS)]
    without, more = (median(run[which] for run in runs) for which in (0, 1))
    share = median(run[1] / run[0] for run in runs)
    told = int(runs[0][2])
    sys.stdout.write(
        f"{lines:,} lines: {without:.2f} s, and {more:.2f} s for {told} predictions, {share:.0%} more "
        f"(at most {MOST_SHARE:.0%})\n"
    )
    sys.exit(share > MOST_SHARE or not told)


def _run(log: Path) -> tuple[float, ...]:
    """Seconds of the processor without predictions, those for them, and how many there are."""
    command = [sys.executable, "-c", _PROGRAM, str(_CONFIGURATION), str(log)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return tuple(map(float, done.stdout.split()))


if __name__ == "__main__":
    main()
