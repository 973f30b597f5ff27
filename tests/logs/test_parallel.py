"""Work shared among processes."""

import os
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.logs.parallel import ahead, ahead_in_thread, in_order

Task = Callable[[], Iterator[object]]
# More than a pipe holds.
LARGE = b"x" * 1_000_000


def numbers(place: int, count: int) -> Callable[[], Iterator[tuple[int, int]]]:
    def task() -> Iterator[tuple[int, int]]:
        yield from ((place, number) for number in range(count))

    return task


def failing() -> Iterator[bytes]:
    yield b"first"
    raise InputError("the archive is damaged", where="mail.log.gz", cure="copy it again")


def dying() -> Iterator[bytes]:
    yield b"first"
    os._exit(9)


class _Dying:
    """Ends its process when it is about to travel."""

    def __reduce__(self) -> tuple[object, ...]:
        os._exit(9)


def dying_halfway() -> Iterator[object]:
    """What stands in the pipe is torn."""
    yield b"first"
    yield [LARGE, _Dying()]


def large() -> Iterator[bytes]:
    for _ in range(5):
        yield LARGE


def no_children() -> bool:
    """Whether every process that was started has been waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


@given(st.lists(st.integers(0, 4), max_size=7), st.integers(0, 4))
@settings(max_examples=25)
def test_results_come_in_the_order_of_the_tasks(counts: list[int], jobs: int) -> None:
    tasks = [numbers(place, count) for place, count in enumerate(counts)]
    expected = [(place, (place, number)) for place, count in enumerate(counts) for number in range(count)]
    assert list(in_order(tasks, jobs)) == expected
    assert no_children()


def test_one_job_is_done_here() -> None:
    def who() -> Iterator[int]:
        yield os.getpid()

    assert [pid for _, pid in in_order([who, who], 1)] == [os.getpid()] * 2
    others = {pid for _, pid in in_order([who, who, who], 2)}
    assert len(others) == 2
    assert os.getpid() not in others


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raised_is_raised_again(jobs: int) -> None:
    found: list[object] = []
    with pytest.raises(InputError) as raised:
        found.extend(result for _, result in in_order([failing, large], jobs))
    assert found == [b"first"]
    assert str(raised.value) == "mail.log.gz: the archive is damaged; copy it again"
    assert no_children()


@pytest.mark.parametrize("task", [dying, dying_halfway])
def test_a_process_that_died(task: Task) -> None:
    found: list[object] = []
    with pytest.raises(InputError, match="has died; try again with --jobs 1"):
        found.extend(result for _, result in in_order([task, large], 2))
    assert found == [b"first"]
    assert no_children()


def test_a_result_that_cannot_travel_is_an_error_too() -> None:
    def task() -> Iterator[object]:
        yield lambda: None

    with pytest.raises(Exception, match=r"has died|pickle"):
        list(in_order([task, task], 2))
    assert no_children()


def test_whoever_stops_early_leaves_no_process_behind() -> None:
    results = in_order([large, large, large], 3)
    assert next(results) == (0, LARGE)
    assert isinstance(results, Generator)
    results.close()
    assert no_children()


@pytest.mark.parametrize("reader", [ahead, ahead_in_thread])
def test_ahead_is_the_same(reader: Callable[[Task], Iterator[object]]) -> None:
    assert list(reader(large)) == [LARGE] * 5
    with pytest.raises(InputError, match="the archive is damaged"):
        list(reader(failing))
    stopped = reader(large)
    assert next(stopped) == LARGE
    assert isinstance(stopped, Generator)
    stopped.close()
    assert no_children()
    assert threading.active_count() == 1


def test_a_thread_is_not_far_ahead() -> None:
    made: list[int] = []

    def task() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    results = ahead_in_thread(task)
    assert next(results) == 0
    assert isinstance(results, Generator)
    results.close()
    assert len(made) < 10


def test_open_files_are_no_business_of_the_children(tmp_path: Path) -> None:
    """What the parent wrote and has not flushed is written once."""
    path = tmp_path / "out"
    with path.open("w") as file:
        file.write("once\n")
        list(in_order([numbers(0, 1), numbers(1, 1)], 2))
    assert path.read_text() == "once\n"
