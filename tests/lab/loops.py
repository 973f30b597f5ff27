"""A closed loop: a load, the log that a real Postfix writes of it, what advisor says to that log and
configuration, the patch that it prints, and the same load again. The clients tell whether it helped.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Semaphore

import msgspec

from advisor.app import advise
from advisor.capacity.replay import Limits
from advisor.facts.causes import Cause, Remedy
from advisor.missing import Missing
from advisor.rehearsal.namespaces import rehearse
from advisor.rehearsal.scene import End, Kind, Scene, Seen, Visit
from advisor.request import Request
from advisor.simulation.limits import limits_of
from advisor.simulation.outcome import Outcome
from advisor.simulation.study import Study
from tests.lab.advice import LOG, Told, apply, configure, read, tell, write
from tests.lab.configuration import SERVICE
from tests.lab.machine import Machine, control_group
from tests.lab.trials import Trial

# Who came so shortly before the end that nobody could have served it does not count.
_MOMENT = 0.5
_GOOD = (Kind.MAIL, Kind.USER)


class Loop(msgspec.Struct, frozen=True):
    """A cause, and what brings it about: files, clients by seed (`load` says which), machine, `seconds`. A
    good client that is served at once takes `takes` seconds. `outside` is what is done where the advice is no
    patch; None: the patch is the cure. `wrong` are remedies that do not help, `others` are tried as well.
    `rules` are those that must speak. `is_alone`: it needs the processors for itself. `looks_again`: the
    first patch does not cure, its log tells why, and the second one does. `service`: the one whose clients
    the log is about.
    """

    name: str
    load: str
    cause: Cause
    files: Mapping[str, str]
    visits: Callable[[int], tuple[Visit, ...]]
    seconds: float
    takes: float
    rules: frozenset[str]
    machine: Machine = Machine()
    outside: Trial | None = None
    wrong: tuple[Trial, ...] = ()
    others: tuple[Trial, ...] = ()
    patience: float = 8.0
    line: str = "x" * 70
    is_alone: bool = False
    looks_again: bool = False
    service: str = SERVICE

    def played(self, seed: int, files: Mapping[str, str], trial: Trial | None = None) -> tuple[Scene, Seen]:
        """The loop's load upon these files, on the trial's machine, and what was seen."""
        machine = self.machine if trial is None or trial.machine is None else trial.machine
        visits = self.visits(seed)
        with control_group(machine) as group:
            scene = Scene(
                dict(files),
                visits if trial is None or trial.clients is None else tuple(map(trial.clients, visits)),
                self.seconds,
                stand_ins=machine.stand_ins,
                patience=self.patience,
                line=self.line,
                somaxconn=machine.somaxconn,
                control_group=group,
            )
            return scene, rehearse(scene)


class Clients(msgspec.Struct, frozen=True):
    """What the good clients saw. `offered` of them had time enough, `served` of these their mail was taken;
    of all, 19 of 20 had the banner, or had left, within `banner_p95` seconds.
    """

    offered: int
    served: int
    banner_p95: float

    @property
    def share(self) -> float:
        """The share served."""
        return self.served / self.offered

    @classmethod
    def of(cls, loop: Loop, scene: Scene, seen: Seen) -> "Clients":
        """What those of a scene saw."""
        good = [pair for pair in zip(scene.visits, seen.visits, strict=True) if pair[0].kind in _GOOD]
        in_time = [saw for visit, saw in good if visit.at + loop.takes + _MOMENT <= scene.seconds]
        waited = sorted(saw.after if saw.banner is None else saw.banner for _, saw in good)
        return cls(
            len(in_time),
            sum(saw.end is End.SERVED for saw in in_time),
            waited[ceil(0.95 * len(waited)) - 1],
        )


class Played(msgspec.Struct, frozen=True):
    """One more run of the same load: behind which change, what its clients saw, and the seconds that the
    processes of Postfix computed. `predicted` is what the
    replay of the first log foretold, Missing where it does not claim to know, None where the change is no
    limit; `is_least`: it was said to be the least that came. `backwards` is the other way: the replay of
    this run's log under the limits of the first; `backwards_is_least` the same of that.
    """

    trial: Trial | None
    clients: Clients
    cpu: float
    predicted: Outcome | Missing | None
    is_least: bool
    backwards: Outcome | Missing | None = None
    backwards_is_least: bool = False

    @property
    def words(self) -> str:
        """The change in words."""
        return "as it was" if self.trial is None else self.trial.words


class Closed(msgspec.Struct, frozen=True):
    """A loop that was closed, with a seed. `again`: advisor was asked once more, with the log behind the
    patch.
    """

    loop: Loop
    seed: int
    before: Played
    told: Told
    after: Played
    wrong: tuple[Played, ...]
    others: tuple[Played, ...]
    again: "Closed | None" = None

    @property
    def last(self) -> Played:
        """The run behind all that was advised."""
        return self.after if self.again is None else self.again.last

    def __repr__(self) -> str:
        """As that of `Told`."""
        runs = (self.before, self.after, *self.wrong, *self.others)
        return f"Closed({self.told}; {', '.join(f'{each.words}: {each.clients.share:.0%}' for each in runs)})"


PATCH = Trial("the patch", Remedy.REPAIR)


Run = tuple[Scene, Seen]


def close(loop: Loop, seed: int, gate: Semaphore, *, others: bool = True, first: Run | None = None) -> Closed:
    """Plays a loop to its end: the load before, where `first` is not that run, behind the advice, and behind
    each other remedy, at the same time where `gate` lets it.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder)
        write(path, loop.files)
        if first is None:
            with gate:
                first = loop.played(seed, loop.files)
        scene, seen = first
        (path / LOG).write_text(seen.log)
        told = _tell(path, loop)
        study = told.study(loop.patience)
        limits = _limits(study, path, loop.service)
        before = Played(
            None, Clients.of(loop, scene, seen), seen.cpu, _predicted(study, limits), _is_least(study)
        )
        apply(path, told.patch)
        advised: Mapping[str, str] = read(path, loop.files)
        if loop.outside is not None:
            configure(path, loop.outside.settings)
            advised = loop.outside.files or read(path, loop.files)

    def played(trial: Trial) -> tuple[Played, Run]:
        with TemporaryDirectory() as folder:
            path = Path(folder)
            files = advised if trial in (PATCH, loop.outside) else trial.files or loop.files
            write(path, files)
            configure(path, trial.settings)
            with gate:
                again, seen = loop.played(seed, read(path, files), trial)
            clients, foretold, backwards, is_least = Clients.of(loop, again, seen), None, None, False
            if trial.is_settings:
                new = _limits(study, path, loop.service)
                if trial is PATCH and new == limits:  # what it changes is no limit
                    return Played(trial, clients, seen.cpu, None, is_least=False), (again, seen)
                foretold = _predicted(study, new)
                (path / LOG).write_text(seen.log)
                other = _tell(path, loop).study(loop.patience)
                backwards, is_least = _predicted(other, limits), _is_least(other)
            least = _is_least(study)
            return Played(trial, clients, seen.cpu, foretold, least, backwards, is_least), (again, seen)

    trials = (loop.outside or PATCH, *loop.wrong, *(loop.others if others else ()))
    with ThreadPoolExecutor(len(trials)) as executor:
        (after, behind), *several = executor.map(played, trials)
    rest = [each for each, _ in several]
    number = len(loop.wrong)
    again = None
    if loop.looks_again:
        name = f"{loop.name}, looked at again"
        service = loop.service if loop.outside is None else loop.outside.service or loop.service
        second = msgspec.structs.replace(
            loop,
            name=name,
            files=advised,
            outside=None,
            wrong=(),
            others=(),
            looks_again=False,
            service=service,
        )
        again = close(second, seed, gate, first=behind)
    return Closed(loop, seed, before, told, after, tuple(rest[:number]), tuple(rest[number:]), again)


def _tell(path: Path, loop: Loop) -> Told:
    return tell(path, loop.files, loop.service, loop.machine.somaxconn)


def _limits(study: Study | Missing, path: Path, key: str) -> Limits | Missing:
    """The limits that the replay is asked for."""
    if isinstance(study, Missing):
        return study
    instance = advise(Request(str(path))).instance
    service = instance.service(key)
    assert service is not None
    return limits_of(instance, service)


def _predicted(study: Study | Missing, limits: Limits | Missing) -> Outcome | Missing:
    if isinstance(study, Missing):
        return study
    return limits if isinstance(limits, Missing) else study.outcome(limits)


def _is_least(study: Study | Missing) -> bool:
    return not isinstance(study, Missing) and study.sample.is_least
