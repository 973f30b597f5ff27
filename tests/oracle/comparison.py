"""`advisor postconf` held against the real postconf: the same stdout bytes, status and lines on stderr."""

import os
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
# What a run of postconf says of itself: no two are alike.
_OF_THE_PROCESS = (b"process_id =",)
# Computed from the host's interfaces and main.cf; `postconf -d` tells it for one main.cf only.
_OF_THE_HOST = (b"mynetworks =",)
_MOVES_NETWORKS = ("inet_interfaces", "inet_protocols", "mynetworks_style")
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
    """Whether the answers are the same.

    A name that leads to itself within a comparison makes postconf call itself until its stack is full and a
    signal ends it: no answer. There advisor must refuse, as postconf does with every other circle.
    """
    return real == ours or (real.status < 0 and ours.status == 1)


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
        return Answer(
            _stdout(done.stdout, case), done.returncode, _lines(done.stderr.splitlines(keepends=True))
        )

    def ours(self, case: Case, folder: Path) -> Answer:
        """What advisor answers."""
        try:
            outcome = run(["-c", str(folder), *case.arguments], release=self.release, host=self.host)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a difference to be told
            return Answer(b"", -1, problem=f"{type(error).__name__}: {error}")
        return Answer(_stdout(outcome.stdout, case), outcome.status, _lines(outcome.warnings))

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

    def differences(self, cases: Sequence[Case]) -> list[Difference]:
        """The cases where the answers differ."""
        with TemporaryDirectory() as name:
            pairs = self.pairs(cases, Path(name))
        return [
            Difference(case, real, ours)
            for case, (real, ours) in zip(cases, pairs, strict=True)
            if not agree(real, ours)
        ]


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


def _stdout(text: bytes, case: Case) -> bytes:
    """The text without the lines that no two runs, or no two hosts, have in common."""
    masked = _OF_THE_PROCESS
    if any(name in case.main or name in case.master for name in _MOVES_NETWORKS):
        masked += _OF_THE_HOST
    if not any(name in text for name in masked):
        return text
    return b"".join(line for line in text.splitlines(keepends=True) if not line.startswith(masked))


def _lines(lines: Iterable[bytes]) -> Counter[bytes]:
    return Counter(line.rstrip(b"\n") for line in lines)
