"""Work shared among processes: results come back in the order of the tasks, whoever is done first.

A process is forked with everything in place, so that only results travel, through a pipe. Where nothing can
be forked, or with one job, the tasks are done here, one after the other.
"""

import gc
import os
import pickle
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, BinaryIO, NamedTuple, TypeVar

from advisor.errors import InputError

_MOST_WAITING = 4  # results of a thread that nobody has taken yet

Result = TypeVar("Result")
Task = Callable[[], Iterable[Result]]


class _End(NamedTuple):
    """What stands behind the last result of a task."""


def in_order(tasks: Sequence[Task[Result]], jobs: int) -> Iterator[tuple[int, Result]]:
    """The results of each task, with the task's place.

    Raises what a task raised, InputError when a process died.
    """
    jobs = min(jobs, len(tasks))
    if jobs < 2 or not hasattr(os, "fork"):
        for place, task in enumerate(tasks):
            for result in task():
                yield place, result
        return
    workers: list[_Worker] = []
    try:
        for first in range(jobs):
            workers.append(_Worker(tasks[first::jobs], [worker.pipe.fileno() for worker in workers]))
        for place in range(len(tasks)):
            for result in workers[place % jobs].results():
                yield place, result
    finally:
        for worker in workers:
            worker.end()


def ahead(task: Task[Result]) -> Iterator[Result]:
    """The results of one task, which a process of its own works out while they are used."""
    if not hasattr(os, "fork"):
        yield from task()
        return
    worker = _Worker([task], [])
    try:
        yield from worker.results()
    finally:
        worker.end()


def ahead_in_thread(task: Task[Result]) -> Iterator[Result]:
    """The results of one task, which a thread works out while they are used.

    Nothing has to travel then, and what unpacks an archive does not hold the interpreter's lock meanwhile.
    """
    results: Queue[Any] = Queue(_MOST_WAITING)
    stopped = Event()

    def work() -> None:
        for found in _told([task]):
            results.put(found)
            if stopped.is_set():
                return

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while not isinstance(found := results.get(), _End):
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stopped.set()
        with suppress(Empty):  # so that there is room for what it is about to put
            while True:
                results.get_nowait()
        thread.join()


class _Worker:
    """A forked process that does some tasks, one after the other."""

    def __init__(self, tasks: Sequence[Task[Any]], others: Sequence[int]) -> None:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # A thread that draws a progress bar is nothing that the child could wait for.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if self._pid == 0:
            for descriptor in (reading, *others):
                os.close(descriptor)
            _work(tasks, writing)
        os.close(writing)
        self.pipe: BinaryIO = os.fdopen(reading, "rb", 1 << 20)

    def results(self) -> Iterator[Any]:
        """What the next task gives."""
        while True:
            try:
                found = pickle.load(self.pipe)  # noqa: S301 - from our own child
            except (EOFError, pickle.UnpicklingError) as error:
                raise InputError(
                    "a process that read the log has died",
                    cure="try again with --jobs 1; it may have lacked memory",
                ) from error
            if isinstance(found, BaseException):
                raise found
            if isinstance(found, _End):
                return
            yield found

    def end(self) -> None:
        """Ends the process, also one that still has something to say."""
        self.pipe.close()
        os.waitpid(self._pid, 0)


def _work(tasks: Sequence[Task[Any]], writing: int) -> None:
    """The child's life; it never returns."""
    gc.disable()  # nothing here refers to itself, and the process is short-lived
    try:
        with os.fdopen(writing, "wb") as pipe:
            for found in _told(tasks):
                pickle.dump(found, pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()
    except BrokenPipeError:
        pass
    finally:
        os._exit(0)


def _told(tasks: Sequence[Task[Any]]) -> Iterator[object]:
    try:
        for task in tasks:
            yield from task()
            yield _End()
    except Exception as error:  # noqa: BLE001 - the parent raises it again
        yield error
