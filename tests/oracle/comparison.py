"""`advisor postconf` held against the real postconf: the same stdout bytes, status and lines on stderr."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.postconf.run import run
from advisor.settings.host import Host
from advisor.settings.release import Release

# Most of the time goes by in msg_fatal(), which sleeps for a second.
_AT_ONCE = 96
# mynetworks is computed from the interfaces of the host, under settings that main.cf may change.
_OF_THE_HOST = b"$mynetworks"
# How often to ask again where chance decides what postconf says before it gives up.
_AGAIN = 24
_A_CHOICE_OF_FAULTS = 2
# Postfix reads a file again until it has not changed for a second, so these look old.
_OLD = (1_000_000_000, 1_000_000_000)


@dataclass(frozen=True, slots=True)
class Case:
    """One configuration and one list of arguments; text holds surrogates for bytes that are no UTF-8."""

    main: str
    master: str
    arguments: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Put its files into the folder."""
        for name, text in (("main.cf", self.main), ("master.cf", self.master)):
            file = folder / name
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
            os.utime(file, _OLD)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a postconf gave back. `problem`: it raised instead."""

    stdout: bytes
    status: int
    stderr: Counter[bytes] = field(default_factory=Counter)
    problem: str = ""


def agree(real: Answer, ours: Answer) -> bool:
    """Whether the answers are the same, but for what no two runs or hosts have in common.

    A name that leads to itself within a comparison makes postconf call itself until its stack is full and a
    signal ends it: no answer. There advisor must refuse, as postconf does with every other circle.
    """
    if real.status < 0:
        return ours.status == 1
    return (
        real.status == ours.status
        and _same_stdout(real.stdout, ours.stdout)
        and _certain(real) == _certain(ours)
        and not ours.problem
    )


def _same_stdout(real: bytes, ours: bytes) -> bool:
    if real == ours:
        return True
    theirs, mine = _records(real), _records(ours)
    return len(theirs) == len(mine) and all(map(_same_record, theirs, mine))


def _records(stdout: bytes) -> list[bytes]:
    """The values printed, each with its folded lines."""
    return re.split(rb"\n(?! )", stdout)


def _same_record(real: bytes, ours: bytes) -> bool:
    """Whether they are equal, or hold what differs by nature: a process, or the host's networks."""
    if real == ours:
        return True
    name, is_named, _ = ours.partition(b" =")
    is_of_nature = name == b"process_id" or _OF_THE_HOST in ours
    return is_of_nature and (not is_named or real.partition(b" =")[0] == name)


def _certain(answer: Answer) -> Counter[bytes]:
    """What is said on stderr in any case.

    postconf goes through its tables in an order that differs from run to run; before a fatal error it has
    warned of some names and not of others.
    """
    if answer.status == 0:
        return answer.stderr
    by_chance = (b": undefined parameter: ", b": unused parameter: ")
    lines = (line for line in answer.stderr.elements() if not any(kind in line for kind in by_chance))
    return Counter(lines)


@dataclass(frozen=True, slots=True)
class Difference:
    """A case where the answers differ."""

    case: Case
    real: Answer
    ours: Answer

    @property
    def kind(self) -> str:
        """What differs first, for counting."""
        if self.ours.problem:
            return "raised " + self.ours.problem.partition("\n")[0][:60]
        if self.real.status != self.ours.status:
            return f"status {self.real.status}, ours {self.ours.status}"
        return "stdout" if self.real.stdout != self.ours.stdout else "stderr"


@dataclass(frozen=True, slots=True)
class Oracle:
    """The installed postconf, and what it says of its build."""

    program: Path
    release: Release
    host: Host

    def real(self, case: Case, folder: Path) -> Answer:
        """What the installed postconf answers; `folder` has the case's files."""
        done = subprocess.run(
            ["postconf", "-c", folder, *(os.fsencode(word) for word in case.arguments)],
            executable=self.program,
            capture_output=True,
            check=False,
            timeout=60,
            env={"LC_ALL": "C"},
            close_fds=False,
        )
        return Answer(done.stdout, done.returncode, _lines(done.stderr.splitlines(keepends=True)))

    def ours(self, case: Case, folder: Path) -> Answer:
        """What advisor answers."""
        try:
            outcome = run(["-c", str(folder), *case.arguments], release=self.release, host=self.host)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a difference to be told
            return Answer(b"", -1, problem=f"{type(error).__name__}: {error}")
        return Answer(outcome.stdout, outcome.status, _lines(outcome.warnings))

    def pairs(self, cases: Sequence[Case], folder: Path) -> list[tuple[Answer, Answer]]:
        """The real answer and ours to each case; each runs in a folder of its own within `folder`."""
        folders = [folder / str(number) for number in range(len(cases))]
        for case, place in zip(cases, folders, strict=True):
            place.mkdir()
            case.write(place)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            real = pool.map(self.real, cases, folders)
            ours = [self.ours(case, place) for case, place in zip(cases, folders, strict=True)]
            return list(zip(real, ours, strict=True))

    def differences(self, cases: Sequence[Case], *, again: bool = True) -> list[Difference]:
        """The cases where the answers differ; `again`: also when postconf is asked more often."""
        with TemporaryDirectory() as name:
            pairs = self.pairs(cases, Path(name))
            return [
                Difference(case, real, ours)
                for number, (case, (real, ours)) in enumerate(zip(cases, pairs, strict=True))
                if not agree(real, ours)
                and not (again and self._agrees_by_chance(case, Path(name, str(number)), ours))
            ]

    def _agrees_by_chance(self, case: Case, folder: Path, ours: Answer) -> bool:
        """Whether postconf sometimes refuses as advisor does: of two faults it meets either one first."""
        if ours.status != 1 or case.main.count("$") + case.master.count("$") < _A_CHOICE_OF_FAULTS:
            return False
        with ThreadPoolExecutor(_AGAIN) as pool:
            again = pool.map(lambda _: self.real(case, folder), range(_AGAIN))
            return any(agree(real, ours) for real in again)


@cache
def oracle(program: Path) -> Oracle:
    """The oracle that this postconf is."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        Case("", "", ()).write(folder)
        told = subprocess.run(
            [program, "-c", folder, "-d"], capture_output=True, check=True, timeout=60, env={"LC_ALL": "C"}
        )
    lines = told.stdout.decode("utf-8", "surrogateescape").splitlines()
    defaults = {name: value.strip() for name, _, value in (line.partition(" =") for line in lines)}
    return Oracle(program, Release.parse(defaults["mail_version"]), Host(defaults=defaults))


def _lines(lines: Iterable[bytes]) -> Counter[bytes]:
    return Counter(line.rstrip(b"\n") for line in lines)
