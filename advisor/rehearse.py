"""The fourth use case: a configuration and its changed form under the load of its log, on a private Postfix.

It runs programs and measures, so it is no part of `check`, which only reads. All of it happens in namespaces
that end with it (advisor.rehearsal.namespaces).
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from advisor.app import advise
from advisor.capacity.occupancy import Floats
from advisor.capacity.replay import Limits
from advisor.engine.changes import Fix
from advisor.engine.wording import visible
from advisor.errors import NothingToCheck, SettingsError, UsageError
from advisor.facts.causes import Cause
from advisor.facts.observed import Observation
from advisor.facts.thresholds import default_thresholds
from advisor.logs.source import Progress, unheard
from advisor.missing import Missing
from advisor.patterns.corpus import corpus
from advisor.plan.edits import apply_changes
from advisor.plan.patched import patched
from advisor.plan.text_edits import CannotEdit
from advisor.rehearsal import namespaces
from advisor.rehearsal.here import here
from advisor.rehearsal.left_over import clean
from advisor.rehearsal.profile import Played, delays_in, patience_in, play_of, time_limit
from advisor.rehearsal.scene import End, Scene, Seen
from advisor.rehearsal.stage_values import Delays
from advisor.rehearsal.staging import DOMAIN, Staged, stage
from advisor.rehearsal.stretch import stretch_of
from advisor.rehearsal.waits import delays_of
from advisor.report.model import Report
from advisor.report.rehearse_model import Logged, Measured, RehearseReport, Side
from advisor.request import Request as Checked
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue
from advisor.simulation.chosen import chosen_server
from advisor.simulation.study import Study
from advisor.syntax.source import SourceFile

# RFC 5321 4.5.3.2.1: a client waits five minutes for the banner.
PATIENCE = 300.0
SECONDS = 40.0
_SIZE, _LARGEST = 2000, 1_000_000
# Where clients share what does not grow with the processes, a replay of a full log says too much.
_SHARED = frozenset({Cause.CPU_BOUND_CHECKS, Cause.SLOW_PROXY_FILTER})
_NO_REPLAY = Missing("what all clients share, processors or a filter, is not replayed, only measured", "")
# How often the processes of the rehearsal are looked at.
_EVERY = 0.5
_TROUBLE = re.compile(r"postfix\S*\[\d+\]: ((?:fatal|panic): .*)")
# Hears what is played next.
Plays = Callable[[str, float], None]


class Request(msgspec.Struct, frozen=True):
    """`of` is what `advisor check` would be asked: the configuration and its log. `patch` is a unified diff
    to try, and `patch_name` its file; without one, the proven patch is tried. `service` is a key such as
    smtp/inet, empty for the one in trouble; `seconds` is how long each side may be played.
    """

    of: Checked
    patch: str | None = None
    patch_name: str = ""
    service: str = ""
    seconds: float = SECONDS
    patience: float = PATIENCE


def _unheard(what: str, seconds: float) -> None:
    """Hears nothing."""


def rehearse(request: Request, progress: Progress = unheard, plays: Plays = _unheard) -> RehearseReport:
    """The report. Raises AdvisorError for what has to be mended first, CannotRehearseError where this machine
    cannot do it. `plays` hears what is played next, and for how many seconds.
    """
    namespaces.ready()
    clean()
    report = advise(request.of, progress)
    metrics, observed, before = report.metrics, report.observed, report.instance
    if metrics is None or isinstance(observed, Missing):
        raise UsageError("a rehearsal plays the load of a log, and none was given", cure="add --log FILE")
    service = chosen_server(before, observed, request.service or None)
    study = Study.of(before, service, metrics, observed, default_thresholds(), request.patience)
    seen = observed.service(service.key)
    if isinstance(study, Missing) or not isinstance(seen, Observation):
        missing = study if isinstance(study, Missing) else Missing("the log has no session of it", "")
        raise NothingToCheck(
            f"nothing can be rehearsed: {missing.what}", where=service.key, cure=missing.how_to_get_it
        )
    after, changes = _behind(request, report, study)
    limits, other = (_limits(study, each) for each in (before, after or before))
    stretch = stretch_of(study.sample, study.causes, (limits, other), request.seconds)
    delays, waits = delays_of(seen)
    networks = before.setting("mynetworks", service).items()
    played = play_of(
        study.sample,
        stretch,
        study.limits,
        study.causes,
        waits=waits,
        size=min(round(metrics.sizes.quantile(0.5) or _SIZE), _LARGEST),
        networks=() if isinstance(networks, BadValue) else networks,
        patience=request.patience,
    )
    show = _Show(study, played, delays, plays)
    first = show.staged(before, service, limits)
    second = show.staged(after, after.service(service.key), other) if after else None
    return RehearseReport(
        before.name,
        service.key,
        study.causes,
        _logged(study),
        stretch,
        len(played.visits),
        show.side("before", first, limits),
        show.side("after", second, other) if second else None,
        changes,
        first.notes if second is None else tuple(dict.fromkeys((*first.notes, *second.notes))),
        (*played.notes, *show.notes(other)),
    )


def _limits(study: Study, instance: Instance) -> Limits:
    """What the text says of the service; the log may have been written under another process limit."""
    found = study.limits_behind(instance, (f"{study.service.key}/process_limit",))
    if isinstance(found, Missing):
        raise SettingsError(
            f"it cannot be rehearsed: {found.what}", where=study.service.key, cure=found.how_to_get_it
        )
    return found


def _reaches(fix: Fix, before: Instance, study: Study) -> bool:
    found = apply_changes(before, fix.changes)
    return not isinstance(found, CannotEdit) and _limits(study, found) != _limits(study, before)


def _behind(request: Request, report: Report, study: Study) -> tuple[Instance | None, tuple[str, ...]]:
    """The changed instance, None where there is no change, and what it is, in words."""
    before = report.instance
    if request.patch is not None:
        return patched(before, request.patch, request.patch_name), (f"the patch {request.patch_name}",)
    # What changes a limit of the service comes first.
    fixes = sorted((each.fix for each in report.proven), key=lambda fix: not _reaches(fix, before, study))
    found = apply_changes(before, [change for fix in fixes for change in fix.changes])
    if isinstance(found, CannotEdit):
        raise SettingsError(f"the plan cannot be made: {found.reason}", where=before.name)
    return (found if fixes else None), tuple(each.title for each in fixes)


class _Show(msgspec.Struct, frozen=True):
    """What is played on each side."""

    study: Study
    played: Played
    delays: Delays
    plays: Plays

    def staged(self, instance: Instance, service: Service | None, limits: Limits) -> Staged:
        """The private form of a side's configuration."""
        if service is None:
            raise SettingsError(
                "the service is not there any more",
                where=self.study.service.key,
                cure="leave it in master.cf",
            )
        factor = self.played.stretch.factor
        return stage(instance, service, here(), delays_in(self.delays, factor), time_limit(limits, factor))

    def side(self, name: str, staged: Staged, limits: Limits) -> Side:
        """Plays it."""
        self.plays(name, self.played.seconds)
        seen = namespaces.rehearse(
            Scene(
                staged.files,
                self.played.visits,
                self.played.seconds,
                port=staged.port,
                stand_ins=staged.stand_ins,
                recipient=f"user@{DOMAIN}",
                line=_text(),
                patience=patience_in(self.study.patience, self.played.stretch.factor),
            )
        )
        asked = self.study.outcome(limits) if _SHARED.isdisjoint(self.study.causes) else _NO_REPLAY
        return Side(
            limits,
            measured(self.played, seen, limits),
            asked if isinstance(asked, Missing) else self.played.predicted(limits),
        )

    def notes(self, limits: Limits) -> tuple[str, ...]:
        """What to know of the figures."""
        stretch, found = self.played.stretch, list(self.study.doubts(limits))
        if stretch.factor > 1:
            found.append(
                f"time runs {stretch.factor} times as fast, time limits and pauses too; figures are in the "
                "log's own time, but for that of processors"
            )
        if Cause.CPU_BOUND_CHECKS in self.study.causes:
            found.append("the text of mail is not in a log: the rehearsal's is of ordinary English words")
        if stretch.was_cut:
            found.append("so many clients came that only a part of the time is played")
        return tuple(found)


def _text() -> str:
    """A body of ordinary words: what the log's mail said is not in it."""
    message = next(corpus()).decode()
    return "\r\n".join(message.partition("\n\n")[2].splitlines())


def measured(played: Played, seen: Seen, limits: Limits) -> Measured:
    """What came out of a scene, in the time of the log."""
    good = [each for each, is_good in zip(seen.visits, played.good, strict=True) if is_good]
    expected = [each for each, is_one in zip(seen.visits, played.expected, strict=True) if is_one]
    banners = np.array([each.after if each.banner is None else each.banner for each in good])
    ends = Counter(each.end for each in good)
    replies = Counter(each.reply for each in good if each.end is End.REFUSED)
    full = sum(0 < limits.processes <= moment.busy for moment in seen.moments)
    factor = played.stretch.factor
    return Measured(
        offered=len(good),
        expected=len(expected),
        served=sum(each.end is End.SERVED for each in expected) / len(expected) if expected else 1.0,
        banner_p50=_quantile(banners, 0.5) * factor,
        banner_p95=_quantile(banners, 0.95) * factor,
        without_banner=sum(each.banner is None for each in good),
        lost=ends[End.TIMED_OUT] + ends[End.CLOSED] + ends[End.LEFT],
        refused=ends[End.REFUSED],
        waiting=ends[End.OPEN],
        reply=visible(replies.most_common(1)[0][0]) if replies else "",
        busy_peak=max((each.busy for each in seen.moments), default=0),
        waiting_peak=max((each.waiting for each in seen.moments), default=0),
        full_seconds=full * _EVERY * factor,
        cpu=seen.cpu,
        memory=seen.memory,
        trouble=visible(found[1]) if (found := _TROUBLE.search(seen.log)) else "",
    )


def _quantile(values: Floats, share: float) -> float:
    return float(np.quantile(values, share, method="higher")) if len(values) else 0.0


def _logged(study: Study) -> Logged:
    sample, found = study.sample, study.measured
    return Logged(
        sample.first,
        sample.last,
        len(sample.logged),
        int(np.sum(sample.logged.is_good)),
        found.busy_p99,
        found.full_seconds,
    )


def read_patch(path: Path) -> str:
    """The text of a patch. Raises InputError where it cannot be read."""
    return SourceFile.read(path).text
