"""Runs patterns on lines in a process of its own, so that no pattern, however evil, can hang advisor.

The process gets its memory and the time for each pattern limited; where one kills it, the next process goes
on behind that pattern. It is started by `run_patterns` alone, with this interpreter.
"""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

import msgspec

from advisor.patterns.engines import (
    Engine,
    GivenUpError,
    InvalidPatternError,
    engine_for,
    matcher,
)
from advisor.patterns.reader import NotReadError
from advisor.syntax.pattern_table import Pattern, TableType

_MEMORY = 1 << 30
_SIZE = 4  # bytes before each answer say how long it is


class Answer(msgspec.Struct, frozen=True):
    """What one pattern did with the lines: `seconds` for all of them, and the numbers of those that it
    matched, negation left aside. `given_up`: the numbers of the lines at which the engine gave up, and its
    words. `invalid`: the engine's words where it does not compile; `unread`: where Python stands in and
    cannot; `timed_out`: it was stopped, and what it would have matched is not known.
    """

    seconds: float = 0.0
    matched: tuple[int, ...] = ()
    given_up: tuple[int, ...] = ()
    words: str = ""
    invalid: str = ""
    unread: str = ""
    timed_out: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it is known which lines match."""
        return not (self.invalid or self.unread or self.timed_out)


class _Task(msgspec.Struct):
    table_type: TableType
    patterns: tuple[Pattern, ...]
    lines: tuple[bytes, ...]
    seconds: float


def run_patterns(
    patterns: Sequence[Pattern],
    table_type: TableType,
    lines: Sequence[bytes],
    seconds: float = 2.0,
    budget: float = 30.0,
) -> tuple[Answer, ...]:
    """One answer for each pattern, in their order.

    A pattern that needs more than `seconds` for all lines is stopped, and all that are left after `budget`
    seconds are not tried: both have `timed_out`.
    """
    answers: list[Answer] = []
    deadline = time.monotonic() + budget
    while len(answers) < len(patterns) and time.monotonic() < deadline:
        task = _Task(table_type, tuple(patterns[len(answers) :]), tuple(lines), seconds)
        answers.extend(_one_process(task, deadline))
        if len(answers) < len(patterns):
            answers.append(Answer(timed_out=True))
    answers.extend([Answer(timed_out=True)] * (len(patterns) - len(answers)))
    return tuple(answers)


def _one_process(task: _Task, deadline: float) -> Iterator[Answer]:
    """The answers of one process, until it ends or is ended."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "advisor.patterns.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        to_process, from_process = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        try:
            to_process.write(msgspec.msgpack.encode(task))
            to_process.close()
            yield from _answers(from_process, deadline)
        except BrokenPipeError:
            return
        finally:
            process.kill()


def _answers(stream: BinaryIO, deadline: float) -> Iterator[Answer]:
    while size := stream.read(_SIZE):
        yield msgspec.msgpack.decode(stream.read(int.from_bytes(size, "big")), type=Answer)
        if time.monotonic() > deadline:
            return


def _run(pattern: Pattern, table_type: TableType, engine: Engine, lines: Sequence[bytes]) -> Answer:
    try:
        matches = matcher(pattern, table_type, engine)
    except InvalidPatternError as error:
        return Answer(invalid=str(error))
    except NotReadError as error:
        return Answer(unread=str(error))
    matched, given_up, words = [], [], ""
    start = time.perf_counter()
    for number, line in enumerate(lines):
        try:
            if matches(line):
                matched.append(number)
        except GivenUpError as error:
            given_up.append(number)
            words = str(error)
    return Answer(time.perf_counter() - start, tuple(matched), tuple(given_up), words)


def main() -> None:
    """Answer the task on standard input; a pattern that takes too long ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=_Task)
    engine = engine_for(task.table_type)
    for pattern in task.patterns:
        signal.setitimer(signal.ITIMER_REAL, task.seconds)
        answer = msgspec.msgpack.encode(_run(pattern, task.table_type, engine, task.lines))
        sys.stdout.buffer.write(len(answer).to_bytes(_SIZE, "big") + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
