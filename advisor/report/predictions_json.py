"""What a replay of the log says of a fix, as a part of the JSON report."""

from math import isinf
from typing import TYPE_CHECKING

import msgspec

from advisor.missing import Missing
from advisor.report.model import Predicted

if TYPE_CHECKING:
    from advisor.simulation.flips import Flips
    from advisor.simulation.outcome import Outcome


class EstimateItem(msgspec.Struct, frozen=True):
    """A number, and the bounds within which nine of ten draws of the log's demand have it."""

    value: float
    low: float
    high: float


class OutcomeItem(msgspec.Struct, frozen=True):
    """`waited`: the share of the good clients (that deliver mail) that wait for a process for more than a
    second; `wait_p95`: 19 of 20 wait no longer, in seconds; `lost`: the share that left without a banner or
    had too many sessions; `busy_p99`: so many processes or fewer are busy for 99 % of the time;
    `full_seconds`: for how long all are.
    """

    waited: EstimateItem
    wait_p95: EstimateItem
    lost: EstimateItem
    busy_p99: EstimateItem
    full_seconds: EstimateItem


class FlipsItem(msgspec.Struct, frozen=True):
    """With how many times as many clients as in the log (`scaled`: slow clients, or clients) hardly a good
    one waits: `now` as it is, `then` behind the fix; 0 where even few are too many, null where that is more
    than was tried, which is `tried`. `parameter` and `value`: the last value that will do, null for none.
    """

    scaled: str
    tried: float
    now: float | None
    then: float | None
    parameter: str | None
    value: int | None


class PredictionItem(msgspec.Struct, frozen=True):
    """What a replay of the log says of `fix` alone: the sessions from `first` to `last` (seconds since the
    epoch; the log's fullest part, if `is_part`), `now` and `then`. `is_least`: the log lacks a part of what
    came. `not_predicted` says why a replay cannot tell, and all of these are null then; `flips` also where
    the fix does not help. `doubts` are what else to know.
    """

    fix: str
    not_predicted: str
    how_to_get_it: str
    service: str | None
    first: float | None
    last: float | None
    is_part: bool | None
    is_least: bool | None
    now: OutcomeItem | None
    then: OutcomeItem | None
    flips: FlipsItem | None
    doubts: list[str]


def prediction_item(each: Predicted) -> PredictionItem:
    """The item for one fix."""
    found = each.outcome
    if isinstance(found, Missing):
        nothing = (None,) * 8
        return PredictionItem(each.fix, found.what, found.how_to_get_it, *nothing, [])
    return PredictionItem(
        each.fix,
        "",
        "",
        found.service,
        found.first,
        found.last,
        found.is_part,
        found.is_least,
        _outcome(found.now),
        _outcome(found.then),
        None if found.flips is None else _flips(found.flips),
        list(found.doubts),
    )


def _outcome(found: "Outcome") -> OutcomeItem:
    return OutcomeItem(
        *(
            EstimateItem(*(_rounded(value) for value in msgspec.structs.astuple(getattr(found, name))))
            for name in OutcomeItem.__struct_fields__
        )
    )


def _flips(found: "Flips") -> FlipsItem:
    now, then = (None if isinf(each) else _rounded(each) for each in (found.now, found.then))
    parameter, value = (None, None) if found.bound is None else msgspec.structs.astuple(found.bound)
    return FlipsItem(found.scaled.value, found.tried, now, then, parameter, value)


def _rounded(value: float) -> float:
    """Three decimals: a prediction has no more to say."""
    return round(value, 3)
