"""What a replay of the log says of a fix, in words: before -> behind it, and where the advice flips."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING

from advisor.engine.wording import seconds
from advisor.missing import Missing
from advisor.report.model import Predicted

if TYPE_CHECKING:
    from advisor.simulation.flips import Flips
    from advisor.simulation.outcome import Estimate
    from advisor.simulation.prediction import Prediction

# With which value it turns, or else with which it would not.
_BOUNDS = {
    "process_limit": ("fewer than {} processes", "{} processes would do"),
    "smtpd_timeout": ("smtpd_timeout above {} s", "smtpd_timeout of {} s would do"),
    "smtpd_client_connection_count_limit": (
        "more than {} sessions a client",
        "{} sessions a client would do",
    ),
}


def rows(of: Predicted, *, is_only: bool) -> Iterator[tuple[str, str]]:
    """The rows of a report on one fix, each a label and a text; it is named where it is not the only one, or
    is not advised.
    """
    found = of.outcome
    is_clear = not of.fix or (is_only and of.fix not in [fix.title for fix in of.finding.against])
    name = "" if is_clear else f"{of.fix}: "
    if isinstance(found, Missing):
        yield "replayed", f"{name}cannot tell: {found.what} ({found.how_to_get_it})"
        return
    before = f"{name}{_when(found)}".removesuffix(": ")
    what = _what(found)
    separator = "" if not before else ":\n" if "\n" in what else ": "
    yield "replayed", f"{before}{separator}{what}"
    if found.flips is not None and (flips := "; ".join(_flips(found.flips, is_least=found.is_least))):
        yield "flips at", flips
    for doubt in found.doubts:
        yield "doubt", doubt
    if found.is_least and not found.is_same:
        yield "doubt", "of a full time the log shows only who was accepted: more came, and more waited"


def brief(of: Predicted) -> str:
    """The same in a few words; empty where a replay cannot tell, or finds no difference."""
    found = of.outcome
    if isinstance(found, Missing) or not (found.is_help or found.is_worse):
        return ""
    waited = f"{_share(found.now.waited)} -> {_share(found.then.waited)}"
    return f"replayed: {waited} of the good clients wait > 1 s"


def _when(found: "Prediction") -> str:
    if not found.is_part:
        return ""
    begin = datetime.fromtimestamp(found.first, UTC)
    return f"the log's fullest {seconds(found.last - found.first)}, from {begin:%b %d %H:%M:%S}: "


def _what(found: "Prediction") -> str:
    now, then = found.now, found.then
    least = "at least " * found.is_least
    if found.is_same or not (found.is_at_ease or found.is_help or found.is_worse):
        return f"no difference: {least}{_percent(then.waited)} of the good clients wait > 1 s"
    lines = [
        _change("good clients that wait > 1 s", least + _percent(now.waited), _percent(then.waited)),
        _change("p95 to the banner", _seconds(now.wait_p95), _seconds(then.wait_p95)),
        _change("processes busy at p99", _plain(now.busy_p99), _plain(then.busy_p99)),
        _change("all processes busy", _seconds(now.full_seconds), _seconds(then.full_seconds)),
    ]
    if max(now.lost.high, then.lost.high) > 0:
        lines.insert(2, _change("good clients lost", _percent(now.lost), _percent(then.lost)))
    return "\n".join(lines)


def _change(name: str, before: str, after: str) -> str:
    return (
        f"{name}: {before}" if before.removeprefix("at least ") == after else f"{name}: {before} -> {after}"
    )


def _flips(flips: "Flips", *, is_least: bool) -> Iterator[str]:
    if flips.then == flips.now:
        return
    many = f"as many {flips.scaled.value} as in this log"
    about = "at most " * is_least
    if flips.then == inf:
        yield f"not even {flips.tried:.0f} times {many}"
    elif flips.then >= 1:
        yield f"{about}{_times(flips.then)} times {many}"
    else:
        enough = f"enough for {_times(flips.then)} times as many" if flips.then else "enough for hardly any"
        yield f"{many}: it is {enough}"
    if flips.bound is not None:
        turns, would_do = _BOUNDS[flips.bound.parameter]
        yield (turns if flips.then >= 1 else would_do).format(flips.bound.value)
    if 0 < flips.now < inf and not is_least:
        yield f"not needed up to {_times(flips.now)} times as many"


def _times(value: float) -> str:
    return f"{value:.2f}" if value < 1.1 else f"{value:.1f}"


def _percent(found: "Estimate") -> str:
    return _written([f"{100 * each:.0f}" for each in (found.value, found.low, found.high)], " %")


def _share(found: "Estimate") -> str:
    return f"{100 * found.value:.0f} %"


def _seconds(found: "Estimate") -> str:
    return _written([_number(each) for each in (found.value, found.low, found.high)], " s")


def _plain(found: "Estimate") -> str:
    return _written([_number(each) for each in (found.value, found.low, found.high)], "")


def _written(texts: list[str], unit: str) -> str:
    """The value, and its interval where it has one."""
    value, low, high = texts
    return f"{value}{unit}" if low == high else f"{value}{unit} ({low}-{high})"


def _number(value: float) -> str:
    """More than two digits no prediction has."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
