"""Clients that come at random, by a seed: good ones, and those that hold processes."""

from collections.abc import Iterator

import msgspec
import numpy as np

from advisor.rehearsal.scene import Kind, Visit

# Of these come good clients, many addresses; the others have networks of their own.
_GOOD = "198.51.100"
_SLOW = "198.18.0"
_PROBES = "198.19.0"
HOG = "203.0.113.66"
# A message takes a client six pauses: before EHLO, MAIL, RCPT, DATA, the text, and QUIT.
PAUSES = 6
# A line of a message, as loops have it.
_LINE = 72


def good(
    seed: int, rate: float, seconds: float, *, takes: float = 0.15, size: int = 2000
) -> tuple[Visit, ...]:
    """Clients that deliver a message each, `rate` a second on average, in sessions of `takes` seconds."""
    return tuple(
        Visit(at, Kind.MAIL, f"{_GOOD}.{host}", pace=takes / PAUSES, size=size)
        for at, host in _arrivals(seed, rate, seconds)
    )


def users(seed: int, rate: float, seconds: float, *, takes: float) -> tuple[Visit, ...]:
    """Mail programs that log in, and hand in a message each, in sessions of `takes` seconds."""
    return tuple(
        Visit(at, Kind.USER, f"{_GOOD}.{host}", pace=takes / (PAUSES + 1))
        for at, host in _arrivals(seed + 5000, rate, seconds)
    )


def bursts(
    seed: int, number: int, every: float, seconds: float, *, takes: float, within: float = 1.0
) -> tuple[Visit, ...]:
    """Good clients that come so many within a second or so, and again `every` seconds."""
    return tuple(
        msgspec.structs.replace(visit, at=start + visit.at)
        for start in np.arange(1.0, 1.0 + seconds, every).tolist()
        for visit in good(seed + int(start), number / within, within, takes=takes)
    )


def all_new(visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """The same clients, each from an address of its own."""
    return tuple(
        msgspec.structs.replace(visit, address=f"198.18.{place // 250}.{place % 250 + 1}")
        for place, visit in enumerate(visits)
    )


def slow(
    seed: int, rate: float, seconds: float, kind: Kind = Kind.SILENT, *, pace: float = 1.0
) -> tuple[Visit, ...]:
    """Clients from many addresses that hold a process for as long as they may."""
    return tuple(
        Visit(at, kind, f"{_SLOW}.{host}", pace=pace) for at, host in _arrivals(seed + 1000, rate, seconds)
    )


def slow_senders(seed: int, arrivals: float, seconds: float, *, rate: float, size: int) -> tuple[Visit, ...]:
    """Clients from many addresses whose messages come a line at a time, `rate` bytes a second."""
    return tuple(
        Visit(at, Kind.SLOW_MAIL, f"{_SLOW}.{host}", pace=_LINE / rate, size=size)
        for at, host in _arrivals(seed + 6000, arrivals, seconds)
    )


def guessers(seed: int, rate: float, seconds: float, *, pace: float) -> tuple[Visit, ...]:
    """Clients from many addresses that try unknown recipients, one after the other."""
    return tuple(
        Visit(at, Kind.ERRORS, f"{_SLOW}.{host}", pace=pace)
        for at, host in _arrivals(seed + 4000, rate, seconds)
    )


def hog(seed: int, rate: float, seconds: float) -> tuple[Visit, ...]:
    """One address that connects again and again, and says nothing."""
    return tuple(Visit(at, Kind.SILENT, HOG) for at, _ in _arrivals(seed + 2000, rate, seconds))


def probes(seed: int, rate: float, seconds: float) -> tuple[Visit, ...]:
    """Health checks that leave at once, half of them with a reset."""
    return tuple(
        Visit(at, Kind.RESET if host % 2 else Kind.FIN, f"{_PROBES}.{host}")
        for at, host in _arrivals(seed + 3000, rate, seconds)
    )


def _arrivals(seed: int, rate: float, seconds: float) -> Iterator[tuple[float, int]]:
    """A Poisson process: times, and a number from 1 to 250 for each."""
    random = np.random.default_rng(seed)
    number = int(random.poisson(rate * seconds))
    yield from zip(
        sorted(random.uniform(0, seconds, number).tolist()),
        random.integers(1, 251, number).tolist(),
        strict=True,
    )
