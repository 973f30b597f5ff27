"""Every call that --fix makes to the disk, so that a test may end the process, or fail it, at any of them."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

# Those of advisor/writing that change something, or make a change last.
CALLS = ("open", "write", "fchown", "fchmod", "setxattr", "removexattr", "fsync", "rename", "unlink")


@contextmanager
def before_each_call(act: Callable[[int, str, tuple[Any, ...]], None]) -> Iterator[None]:
    """Calls `act` with the number, the name and the arguments of each call, before it is made."""
    count = 0

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            act(count, name, arguments)
            return real(*arguments, **named)

        return call

    patches = [patch.object(os, name, counted(name)) for name in CALLS]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def killed_before(step: int, work: Callable[[], object], kinds: Sequence[str] = CALLS) -> bool:
    """Does the work in a process of its own, which kill -9 ends before call `step` of these kinds; whether it
    got so far.
    """
    left = step

    def act(count: int, name: str, arguments: object) -> None:
        nonlocal left
        left -= name in kinds
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            with before_each_call(act):
                work()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False
