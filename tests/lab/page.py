"""docs/lab.md, made of what the last campaign found."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

import advisor.facts as _register  # noqa: F401 - fills the registry that rules are checked against
from advisor.engine.loader import load_rules
from advisor.rehearsal.scene import Kind
from advisor.resources import resource_folder
from advisor.simulation.outcome import Estimate
from tests.lab.results import Foretold, Result, Run

PAGE = "docs/lab.md"
# The categories whose rules have a loop each.
ON_LOAD = ("capacity", "timeouts")
# Who waited for less was served at once.
_AT_ONCE = 1.0
# More than this share served is all of them, but for chance.
_ALL = 0.95
_HUNDREDTH = 0.01

_HEAD = """\
# The lab: advice that was followed

Each line is a load on a real Postfix {release} in namespaces of its own, on two processors that other
work shared. The load is played, `advisor check --diff` reads the log and the configuration, its patch is
applied with patch(1), and the same load is played again. Each remedy that people try is played by
itself, too. What counts is what the good clients saw: the share of them whose mail was taken, and the
seconds in which 19 of 20 had the banner, or had given up.

The loops are in tests/lab, and `make test` closes one of each cause. `make lab` closes all of them, as
root, in some twenty-five minutes, ahead of the machine's other work where the kernel lets it, and writes
this page. Each line was played once: the figures have no error of their own. Good clients come at random
(Poisson). They wait eight seconds for an answer; where the line says *patient*, for as long as it lasts,
so that the wait shows.
"""

_ON_PREDICTIONS = """\
The log of the first run is replayed as `advisor simulate` does it, under the limits of each other run,
with the patience that the clients have. The other way round (`<-`), the log of that run is replayed
under the limits of the first. In brackets: nine of ten draws. Where a log was full from the begin on, it
lacks a part of what came: what is predicted of it are bounds, and stands below the table.
"""
_ON_TRICKLE = """\
Clients that send byte by byte, or chat, are in no error: as long as none has met a time limit, a log
does not tell them from silent ones, and the replay takes them for such. `advisor simulate` says so
beside the figure: *if the slow clients are silent*. With a time limit in force that they outlast, the
replay knows.

A time limit that is shorter than the pauses of good clients is in no error, either: the replay ends
nobody who delivers mail. And who left before the answer to a message looks served in the log. Nor is what
the kernel does not let in, processes or clients: of that the replay knows nothing.

The largest errors are of logs with a limit per client: who was turned away held no process there, and
the replay does not know for how long it would have. With slow senders more are served than foretold: under
stress Postfix sets a deadline, which ends them sooner than the log shows.
"""
_ON_ERRORS = """\
What comes while all processes are busy is not in a log, and is taken to come at the rate of before.
These logs are short: of the hundred and some good clients that came before, the rate is known to a
tenth, give or take, and that is most of the error in the share served.
"""


def page(results: Sequence[Result]) -> str:
    """The page, in Markdown."""
    parts = [_HEAD.format(release="3.7.11"), *_loops(results), *_predictions(results), *_rules(results)]
    return "\n".join(parts) + "\n"


def _loops(results: Sequence[Result]) -> Iterator[str]:
    yield "## Before and after\n"
    yield "In the columns of runs: the share served, and the p95 to the banner.\n"
    yield "| load | found in the log | now | what was advised | then | other remedies |"
    yield "|---|---|---:|---|---:|---|"
    for each in results:
        now, advised, *others = each.runs
        yield _line(
            f"**{each.name}**: {_load(each)}",
            ", ".join(each.found) + ("" if each.found == (each.cause,) else f" (it is {each.cause})"),
            _seen(now),
            _advice(each),
            _seen(advised),
            "<br>".join(f"{run.words}: {_seen(run)}{_said(run)}" for run in others) or "none",
        )
    yield ""
    yield from _notes(results)
    yield from _processors(results)
    yield from _later(results)


def _notes(results: Sequence[Result]) -> Iterator[str]:
    """Where what was advised did not cure."""
    failed = [each for each in results if each.now.share < _ALL and each.runs[1].share < _ALL]
    if failed:
        yield "What was advised did not cure, and why:\n"
    for each in failed:
        reason = next((text for part, text in _NOT_CURED.items() if part in each.name), "")
        yield f"- {each.name}, {each.load}: {_seen(each.runs[1])}. {reason}"
    if failed:
        yield ""


def _later(results: Sequence[Result]) -> Iterator[str]:
    """Which lines are of the newer code: those that tell what processes computed."""
    later = [each.name for each in results if each.now.cpu is not None]
    if 0 < len(later) < len(results):
        yield (
            f"Played later than the other lines, with newer code: {'; '.join(later)}. `make lab LOOP=...` "
            "plays those whose name begins so, and keeps the rest.\n"
        )


def _processors(results: Sequence[Result]) -> Iterator[str]:
    """What processes computed, where the advice is about that."""
    for each in results:
        before, after = each.now.cpu, each.runs[1].cpu
        if "short-process-reuse" in each.rules and before is not None and after is not None:
            yield (
                f"The processes of Postfix computed for {before:.1f} s in *{each.name}*, and behind the "
                f"patch for {after:.1f} s.\n"
            )


# By a part of the loop's name.
_TWINS = "The log of clients that never met a limit does not tell them from silent ones; the next one does."
_NOT_CURED = {
    "no process limit": "Without a limit a log tells of no cause; the next one does.",
    "in a DNS list, looked at again": (
        "How many clients would have come does not show while postscreen(8) is full, so that twice the "
        "number is too small: look once more."
    ),
    "in a DNS list": "postscreen(8) itself was full, as its log says: look again.",
    "bytes": _TWINS,
    "noop": _TWINS,
    "too-few-processes": (
        "The log of a full server lacks a part of what came, so that the number is too small: look again."
    ),
}


def _advice(result: Result) -> str:
    if not result.outside:
        return "; ".join(result.patch) or "no change"
    words = result.runs[1].words
    return f"by hand: {words}" if result.by_hand else f"outside of Postfix: {words}"


def _said(run: Run) -> str:
    said = {True: "helps", False: "no help", None: "depends"}[run.says_helps]
    return f" (advisor: {said})"


class _Met(NamedTuple):
    """A prediction, and the run that it is of."""

    result: Result
    words: str
    run: Run
    told: Foretold

    @property
    def is_known(self) -> bool:
        """Whether the replay claims to know it, and it is of other limits than those of the log."""
        is_other = self.run.kind != "now" or self.told.backwards
        rules = _NOT_REPLAYED.intersection(self.result.rules)
        is_blind = _trickles(self.result) or bool(rules) or _is_late(self.result)
        return is_other and not self.told.is_least and not is_blind

    @property
    def served_error(self) -> float:
        """As a part of the share that was served."""
        return abs(self.told.served.value - self.run.share) / self.run.share

    @property
    def wait_error(self) -> float:
        """As a part of the seconds measured."""
        return abs(self.told.banner_p95.value - self.run.banner_p95) / self.run.banner_p95


def _met(results: Sequence[Result]) -> Iterator[_Met]:
    for result in results:
        for run in result.runs:
            for told in run.foretold:
                met, words = (result.now, f"as it was <- {run.words}") if told.backwards else (run, run.words)
                yield _Met(result, words, met, told)


def _predictions(results: Sequence[Result]) -> Iterator[str]:
    found = list(_met(results))
    yield "## Predicted and measured\n"
    yield _ON_PREDICTIONS
    yield "| load | seed | under | served | predicted | p95 to banner | predicted |"
    yield "|---|---:|---|---:|---:|---:|---:|"
    for each in found:
        if not each.told.is_least:
            yield _line(
                f"{each.result.name}: {_load(each.result)}",
                str(each.result.seed),
                each.words,
                f"{each.run.share:.0%}",
                _interval(each.told.served, percent=True),
                f"{each.run.banner_p95:.1f} s",
                _interval(each.told.banner_p95, percent=False),
            )
    yield ""
    bounds = [each for each in found if each.told.is_least]
    held = sum(each.run.share <= each.told.served.high + _HUNDREDTH for each in bounds)
    yield f"Of {len(bounds)} bounds (no more than so many are served), {held} held.\n"
    yield from _errors([each for each in found if each.is_known])
    yield _ON_ERRORS
    yield _ON_TRICKLE
    reasons = {(each.name, run.not_foretold) for each in results for run in each.runs if run.not_foretold}
    yield from (f"- {name}: not predicted, {reason}." for name, reason in sorted(reasons))
    yield ""


def _trickles(result: Result) -> bool:
    return any(kind in result.name for kind in (Kind.BYTES, Kind.NOOP))


# What these speak of is in no replay: clients that are cut off, that leave before the answer to a message,
# and what the kernel does not let in.
_NOT_REPLAYED = frozenset(
    "smtpd-timeout-too-short permanent-stress-mode end-of-data-too-slow listen-backlog-capped "
    "processes-exceed-memory".split()
)


def _is_late(result: Result) -> bool:
    return "later than clients wait" in result.name


def _errors(known: Sequence[_Met]) -> Iterator[str]:
    short = [each for each in known if each.run.share < _ALL]
    waited = [each for each in known if each.run.banner_p95 >= _AT_ONCE]
    at_once = [each for each in known if each.run.banner_p95 < _AT_ONCE]
    right = sum(each.told.banner_p95.value < _AT_ONCE for each in at_once)
    within = sum(
        each.told.served.low - _HUNDREDTH <= each.run.share <= each.told.served.high + _HUNDREDTH
        for each in known
    )
    yield "| what is predicted | runs | median error | largest |"
    yield "|---|---:|---:|---:|"
    for words, errors in (
        ("share served", [each.served_error for each in known]),
        ("share served, where not all were", [each.served_error for each in short]),
        ("p95 to the banner, where clients waited", [each.wait_error for each in waited]),
    ):
        most = f"{max(errors, default=0):.0%}"
        yield _line(words, str(len(errors)), f"{median(errors):.1%}" if errors else "none", most)
    yield (
        "\nErrors are parts of what was measured, under other limits than those of the log. "
        f"Of the {len(at_once)} runs in which nobody waited, {right} were predicted so.\n"
        f"{within} of {len(known)} shares lie in their interval, give or take a hundredth.\n"
    )


def _rules(results: Sequence[Result]) -> Iterator[str]:
    yield "## The rules on load\n"
    yield "| rule | spoke in the loops above |"
    yield "|---|---|"
    for rule in load_rules((resource_folder("rules"),), examples=False):
        names = dict.fromkeys(each.name for each in results if rule.name in each.rules)
        if names or rule.category in ON_LOAD:
            yield _line(rule.name, "; ".join(names) or "none")


def _seen(run: Run) -> str:
    return f"{run.share:.0%}, {run.banner_p95:.1f} s"


def _load(result: Result) -> str:
    return result.load + (", patient" if result.patience >= 60 else "")


def _interval(estimate: Estimate, *, percent: bool) -> str:
    low, value, high = (
        f"{each * 100:.0f}" if percent else f"{each:.1f}"
        for each in (estimate.low, estimate.value, estimate.high)
    )
    unit = "%" if percent else "s"
    return f"{value} {unit}" if low == high else f"{value} ({low}-{high}) {unit}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
