"""All loops, with several loads and seeds: `python -m tests.lab.campaign`, or `make lab`. Takes some twenty
minutes, as root; what was found is kept beside the tests' data, and docs/lab.md is made of it.
"""

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Semaphore

import msgspec

from advisor.rehearsal.namespaces import ready
from advisor.rehearsal.scene import Kind
from tests.lab import results
from tests.lab.catalogue import (
    cpu_bound_checks,
    healthy,
    probes,
    single_client,
    slow_clients,
    slow_milter,
    slow_name_lookup,
    slow_policy,
    slow_proxy_filter,
    too_few_processes,
    trickling_clients,
)
from tests.lab.catalogue_of_rules import (
    guessing_clients,
    hanging_milters,
    late_answers,
    literal_timeout,
    short_lives,
    short_queue,
    short_timeout,
    slow_senders,
    tiny_limit,
)
from tests.lab.catalogue_of_surroundings import (
    bounded_processes,
    cut_queue,
    listed_bots,
    no_limit,
    raised_default,
    users_among_servers,
    written_stress,
)
from tests.lab.loops import Loop, close
from tests.lab.machine import ahead_of_others
from tests.lab.page import PAGE, page

AT_A_TIME = 6
_log = logging.getLogger("lab")


def loops() -> Iterator[tuple[int, Loop]]:
    """Each loop with its seed. In some, clients are patient, which shows how long one waits."""
    yield 11, slow_clients()
    yield 12, patient(slow_clients(limit=44, slow=2.5, good=12, seconds=34))
    yield 13, slow_clients(limit=90, slow=5.5, good=8, seconds=34)
    yield 14, trickling_clients(Kind.BYTES)
    yield 15, trickling_clients(Kind.NOOP)
    yield 21, single_client()
    yield 22, patient(single_client(limit=40, own=4, good=12, seconds=26))
    yield 23, single_client(limit=22, own=1.5, good=8, seconds=32)
    # Full from the begin on: the log lacks a part of what came, and the first patch is too small.
    yield 31, msgspec.structs.replace(patient(too_few_processes()), looks_again=True)
    far_too_few = too_few_processes(limit=30, takes=2.0, good=25)
    yield 32, msgspec.structs.replace(far_too_few, looks_again=True)
    yield 33, patient(too_few_processes(limit=20, takes=2.4, good=14))
    yield 41, patient(slow_policy())
    yield 42, slow_policy(limit=30, waits=2.5, good=20)
    yield 51, patient(slow_milter())
    yield 52, slow_milter(limit=20, waits=1.5, good=22)
    yield 53, late_answers()
    yield 54, hanging_milters()
    yield 16, guessing_clients()
    yield 17, literal_timeout()
    yield 18, short_timeout()
    yield 43, tiny_limit()
    yield 61, slow_proxy_filter()
    yield 62, patient(slow_proxy_filter(limit=16, workers=3, good=14))
    yield 71, slow_name_lookup()
    yield 81, probes()
    yield 82, healthy()
    yield 83, short_lives()
    yield 84, short_queue()
    yield 26, slow_senders()
    yield 34, raised_default()
    yield 85, written_stress()
    yield 86, cut_queue()
    yield 87, bounded_processes()
    yield 19, no_limit()
    yield 24, users_among_servers()
    yield 25, listed_bots()
    yield 27, listed_bots(limit=12, bots=8)
    yield 91, cpu_bound_checks()


def patient(loop: Loop) -> Loop:
    """The loop with clients that wait for longer than it lasts."""
    return msgspec.structs.replace(loop, patience=60.0)


def main(names: list[str]) -> None:
    """Closes all loops, or those whose names begin with one of `names`: what was found of others stays."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    ready()
    gate = Semaphore(AT_A_TIME)

    def one(seed: int, loop: Loop) -> list[results.Result]:
        closed = close(loop, seed, gate)
        found = [results.result(each) for each in (closed, closed.again) if each is not None]
        for each in found:
            shares = ", ".join(f"{run.words} {run.share:.2f}" for run in each.runs)
            _log.info("%s, %s: %s", each.name, each.load, shares)
        return found

    chosen = [each for each in loops() if not names or each[1].name.startswith(tuple(names))]
    together = [each for each in chosen if not each[1].is_alone]
    with ahead_of_others():
        with ThreadPoolExecutor(AT_A_TIME) as executor:
            found = list(executor.map(lambda each: one(*each), together))
        gate = Semaphore(1)
        found += [one(*each) for each in chosen if each[1].is_alone]
    kept = tuple(each for several in found for each in several)
    if names:
        new = {(each.name, each.load, each.seed): each for each in kept}
        old = {(each.name, each.load, each.seed): each for each in results.read()}
        kept = tuple((old | new).values())
    results.write(kept)
    Path(PAGE).write_text(page(results.read()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
