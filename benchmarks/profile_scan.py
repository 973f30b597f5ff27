"""Where the time of a scan goes, function by function.

    .venv/bin/python -m benchmarks.profile_scan [LINES] [FORM]

cProfile makes small functions look dearer than they are: the shares tell where to look, the seconds above
them, taken without it, what a scan costs.
"""

import cProfile
import pstats
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.logs.sources import read_logs
from benchmarks.generate_log import generate
from benchmarks.maillog.plan import Plan

_SHOWN = 25


def main(lines: int, form: str) -> None:
    with TemporaryDirectory() as folder:
        log = Path(folder) / "mail.log"
        generate(Plan(lines, form=form), log)
        begun = time.process_time()
        read_logs([str(log)])
        seconds = time.process_time() - begun
        sys.stdout.write(f"{lines} lines, {form}: {seconds:.2f} s without the profiler\n")
        with cProfile.Profile() as profile:
            read_logs([str(log)])
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(_SHOWN)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, sys.argv[2] if len(sys.argv) > 2 else "rfc3164")
