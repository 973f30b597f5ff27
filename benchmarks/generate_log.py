"""Writes a mail log of simulated hosts, and a truth file that says what it holds.

    .venv/bin/python -m benchmarks.generate_log --lines 1000000 --out big.log --truth big.json

The same options write the same bytes.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from benchmarks.maillog.events import Line
from benchmarks.maillog.formats import FORMATS, written_time
from benchmarks.maillog.plan import Plan
from benchmarks.maillog.truth import Truth
from benchmarks.maillog.world import lines


def all_lines(_: Line, __: float) -> bool:
    """Everything is asked for."""
    return True


def generate(plan: Plan, log: Path, asked: Callable[[Line, float], bool] = all_lines) -> Truth:
    """Writes the log; the truth counts what was written, of the lines that are asked for by line and time."""
    truth, form = Truth(), FORMATS[plan.form]
    with log.open("w", encoding="utf-8", buffering=1 << 20) as file:
        for line in lines(plan):
            file.write(f"{line.text}\n" if line.name == "unstamped" else form(line))
            time = written_time(line.time, plan.form)
            truth.take(line, time, asked=asked(line, time))
    return truth


def _plan(given: argparse.Namespace) -> Plan:
    return Plan(
        lines=given.lines,
        seed=given.seed,
        form=given.format,
        per_second=given.per_second,
        limit=given.limit,
        hosts=given.hosts,
        instances=tuple(given.instances.split(",")),
        postscreen=given.postscreen,
        long_queue_ids=given.long_queue_ids,
        queue_id_first=given.queue_id_first,
        noise=given.noise,
        torn=given.torn,
        skip=given.skip,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=sorted(FORMATS), default="rfc3164")
    parser.add_argument("--per-second", type=float, default=3.0, help="sessions, outside overload")
    parser.add_argument("--limit", type=int, default=40, help="smtpd processes of a host")
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--instances", default="postfix", help="syslog_name of each host, with commas")
    parser.add_argument("--postscreen", action="store_true")
    parser.add_argument("--long-queue-ids", action="store_true")
    parser.add_argument("--queue-id-first", action="store_true", help="the forms of 3.10")
    parser.add_argument("--noise", type=float, default=0.01, help="lines of other programs")
    parser.add_argument("--torn", type=float, default=0.0, help="lines without a header")
    parser.add_argument("--skip", type=int, default=0, help="lines left out at the begin")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth", type=Path)
    given = parser.parse_args()
    truth = generate(_plan(given), given.out)
    if given.truth:
        given.truth.write_text(json.dumps(truth.document(), indent=1))


if __name__ == "__main__":
    main()
