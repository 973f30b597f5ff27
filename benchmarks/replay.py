"""How many sessions a second are replayed: a pool at ease, one that is full, and one with a limit per client.

python -m benchmarks.replay 1000000
"""

import sys
import time

import numpy as np

from advisor.capacity.replay import Demand, Limits, replay

# What the project asks of itself.
LEAST_PER_SECOND = 500_000
_RATE = 50.0  # sessions a second
_WORK = 0.8  # seconds, at the mean
_SILENT = 0.02  # one session in fifty says nothing
_CLIENTS = 5_000
_CASES = (
    ("at ease, 100 processes of 40 busy", Limits(100, 60, 10)),
    ("full, 45 processes for a load of 100", Limits(45, 60, 10)),
    ("at ease, 20 sessions a client", Limits(200, 60, 10, client_limit=20)),
)


def demand(sessions: int) -> Demand:
    """Poisson arrivals, log-normal work, some silent clients; the same at each run."""
    source = np.random.default_rng(1)
    silent = source.random(sessions) < _SILENT
    return Demand(
        arrival=np.cumsum(source.exponential(1 / _RATE, sessions)),
        work=source.lognormal(np.log(_WORK) - 0.5, 1.0, sessions),
        silence=np.where(silent, np.inf, 0.0),
        client=source.integers(0, _CLIENTS, sessions).astype(np.int32),
        is_good=~silent,
    )


def main() -> None:
    """Measure; exit code 1 where a case is slower than it should be."""
    asked = demand(int(sys.argv[1]))
    slow = False
    for name, limits in _CASES:
        seconds = min(_seconds(asked, limits) for _ in range(3))
        rate = len(asked) / seconds
        slow |= rate < LEAST_PER_SECOND
        sys.stdout.write(f"{name}: {rate:,.0f} sessions a second (at least {LEAST_PER_SECOND:,})\n")
    sys.exit(slow)


def _seconds(asked: Demand, limits: Limits) -> float:
    """Of a processor: what else the machine does meanwhile does not count."""
    begun = time.process_time()
    replay(asked, limits)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
