"""Work shared among processes: results come back in the order of the tasks, whoever is done first.

A process is forked with everything in place, so that only results travel, through a pipe. Where nothing can
be forked, or with one job, the tasks are done here, one after the other.
"""

import gc
import os
import pickle
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Generic, TypeVar

from advisor.errors import InputError

Result = TypeVar("Result")


def in_order(tasks: Sequence[Callable[[], Result]], jobs: int) -> Iterator[Result]:
    """The result of each task; raises what a task raised, InputError when a process died."""
    jobs = min(jobs, len(tasks))
    if jobs < 2 or not hasattr(os, "fork"):
        for task in tasks:
            yield task()
        return
    workers: list[_Worker[Result]] = []
    try:
        for first in range(jobs):
            workers.append(_Worker(tasks[first::jobs], [worker.pipe.fileno() for worker in workers]))
        for index in range(len(tasks)):
            yield workers[index % jobs].result()
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[Result]):
    """A forked process that does some tasks, one after the other."""

    def __init__(self, tasks: Sequence[Callable[[], Result]], others: Sequence[int]) -> None:
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
        self.pipe: BinaryIO = os.fdopen(reading, "rb")

    def result(self) -> Result:
        """What the next task gave."""
        try:
            found = pickle.load(self.pipe)  # noqa: S301 - from our own child
        except EOFError as error:
            raise InputError(
                "a process that read the log has died",
                cure="try again with --jobs 1; it may have lacked memory",
            ) from error
        if isinstance(found, BaseException):
            raise found
        result: Result = found
        return result

    def end(self) -> None:
        """Ends the process, also one that still has something to say."""
        self.pipe.close()
        os.waitpid(self._pid, 0)


def _work(tasks: Sequence[Callable[[], object]], writing: int) -> None:
    """The child's life; it never returns."""
    status = 1
    gc.disable()  # nothing here refers to itself, and the process is short-lived
    try:
        with os.fdopen(writing, "wb") as pipe:
            for task in tasks:
                try:
                    found: object = task()
                except Exception as error:  # noqa: BLE001 - the parent raises it again
                    found = error
                pickle.dump(found, pipe, pickle.HIGHEST_PROTOCOL)
                pipe.flush()
                if isinstance(found, Exception):
                    break
        status = 0
    except BrokenPipeError:
        pass
    finally:
        os._exit(status)
