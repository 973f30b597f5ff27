"""What a campaign found, as it is kept: rows that docs/lab.md is made of."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from advisor.facts.causes import Cause
from advisor.missing import Missing
from advisor.simulation.outcome import Estimate, Outcome
from tests.lab.loops import Closed, Played

FILE = Path(__file__).parent.parent / "data" / "lab-campaign.json"


class Foretold(msgspec.Struct, frozen=True):
    """What a replay foretold of a run; `is_least`: its log lacks a part of those that came. `backwards`: the
    log was that of this run, and the limits those of the first run, which it is compared with.
    """

    served: Estimate
    banner_p95: Estimate
    is_least: bool
    backwards: bool = False


class Run(msgspec.Struct, frozen=True):
    """One run of a load. `kind`: now, advised, wrong, or other; `says_helps` is what advisor says of the
    remedy, None where that depends; `cpu` the seconds that Postfix computed, None in older campaigns.
    """

    kind: str
    words: str
    says_helps: bool | None
    offered: int
    served: int
    banner_p95: float
    foretold: tuple[Foretold, ...]
    not_foretold: str = ""
    cpu: float | None = None

    @property
    def share(self) -> float:
        """The share served."""
        return self.served / self.offered


class Result(msgspec.Struct, frozen=True):
    """A closed loop: what was found in the first log, what the patch changes that concerns load, the runs.
    `outside`: what was done is no patch; `by_hand`: nor is it outside of Postfix.
    """

    name: str
    load: str
    seed: int
    patience: float
    cause: Cause
    found: tuple[Cause, ...]
    rules: tuple[str, ...]
    patch: tuple[str, ...]
    outside: bool
    runs: tuple[Run, ...]
    by_hand: bool = False

    @property
    def now(self) -> Run:
        """The first run."""
        return self.runs[0]


_ON_LOAD = ("capacity", "timeouts", "limits", "filters", "milters", "postscreen")


def result(closed: Closed) -> Result:
    """What is kept of a closed loop."""
    category = {each.rule.name: each.rule.category for each in closed.told.report.judgements}
    titles = (each.fix.title for each in closed.told.report.proven if category[each.finding.rule] in _ON_LOAD)
    return Result(
        closed.loop.name,
        closed.loop.load,
        closed.seed,
        closed.loop.patience,
        closed.loop.cause,
        closed.told.causes,
        tuple(sorted(rule for rule in closed.told.rules if category[rule] in _ON_LOAD)),
        tuple(dict.fromkeys(titles)),
        closed.loop.outside is not None,
        tuple(_runs(closed)),
        closed.loop.outside is not None and closed.loop.outside.machine is None,
    )


def read() -> tuple[Result, ...]:
    """The results of the last campaign."""
    return msgspec.json.decode(FILE.read_bytes(), type=tuple[Result, ...])


def write(results: tuple[Result, ...]) -> None:
    """Keeps the results of a campaign."""
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def _runs(closed: Closed) -> Iterator[Run]:
    yield _run(closed, "now", closed.before)
    yield _run(closed, "advised", closed.after)
    for kind, runs in (("wrong", closed.wrong), ("other", closed.others)):
        for each in runs:
            yield _run(closed, kind, each)


def _run(closed: Closed, kind: str, played: Played) -> Run:
    trial = played.trial
    is_told = trial is not None and kind != "now" and (kind != "advised" or closed.loop.outside is not None)
    foretold = tuple(
        Foretold(_rounded(found.served), _rounded(found.wait_p95), is_least, backwards)
        for found, is_least, backwards in (
            (played.predicted, played.is_least, False),
            (played.backwards, played.backwards_is_least, True),
        )
        if isinstance(found, Outcome)
    )
    return Run(
        kind,
        played.words,
        closed.told.helps(trial) if is_told and trial is not None else None,
        played.clients.offered,
        played.clients.served,
        round(played.clients.banner_p95, 3),
        foretold,
        played.predicted.what if isinstance(played.predicted, Missing) else "",
        round(played.cpu, 1),
    )


def _rounded(estimate: Estimate) -> Estimate:
    return Estimate(*(round(each, 4) for each in (estimate.value, estimate.low, estimate.high)))
