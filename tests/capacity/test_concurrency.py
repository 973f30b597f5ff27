"""A log looked at in stretches of time, from disk: as if all its sessions were at hand."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.capacity import busy_clients as busy_clients_module
from advisor.capacity.busy_clients import ClientPeak, busy_clients
from advisor.capacity.concurrency import concurrency
from advisor.capacity.levels import levels
from advisor.capacity.occupancy import Occupancy
from advisor.capacity.spans import spans
from advisor.capacity.stretches import stretches
from advisor.capacity.strip import strip, strip_of_levels
from advisor.logs.clients import client_of
from advisor.logs.levels import Levels
from advisor.logs.metrics import Metrics, Names
from advisor.logs.tables import SESSION, Rows, Table
from tests.capacity.sessions import BEGIN, END, seconds_of, session_rows
from tests.capacity.test_levels import as_tables

# Two names of one address are one client; 4 was too rare to be remembered.
CLIENTS = {
    0: "a[192.0.2.1]",
    1: "b[192.0.2.2]",
    2: "unknown[192.0.2.1]",
    3: "unknown[unknown]",
}
TAG = "postfix/smtpd"
PARTS = 7
SIZES = st.lists(st.integers(0, 9), max_size=20)


def metrics_of(rows: Rows, sizes: list[int], in_memory: int) -> Metrics:
    """Metrics that got the rows in blocks of some sizes."""
    rows = rows.copy()
    rows["tag"] = 1
    table = Table(SESSION, in_memory)
    for block in np.split(rows, np.minimum(np.cumsum([0, *sizes]), len(rows))):
        table.append(block)
    return Metrics(first=BEGIN, last=END, names=Names(["", TAG]), clients=CLIENTS, sessions=table)


def in_stretches(metrics: Metrics, rows: int) -> Levels:
    parts = [each.rows for each in stretches(metrics, rows)]
    return Levels.total(levels(each["start"], each["end"], each["kind"]) for each in parts)


@given(session_rows(), SIZES, st.sampled_from([0, 100, 1 << 20]), st.integers(0, 9))
def test_stretches_add_up_to_the_log(rows: Rows, sizes: list[int], in_memory: int, step: int) -> None:
    found = in_stretches(metrics_of(rows, sizes, in_memory), step)
    assert as_tables(found) == as_tables(levels(*spans(rows, BEGIN, END), rows["kind"]))


@given(session_rows(), SIZES, st.integers(0, 9))
def test_stretches_do_not_overlap(rows: Rows, sizes: list[int], step: int) -> None:
    end = -np.inf
    for each in stretches(metrics_of(rows, sizes, 0), step):
        assert each.begin == end
        end = each.end
        assert ((each.begin <= each.rows["start"]) & (each.rows["end"] <= end)).all()
    assert end == np.inf


@given(session_rows(), SIZES)
def test_what_is_told_of_a_tag(rows: Rows, sizes: list[int]) -> None:
    starts, ends = spans(rows, BEGIN, END)
    found = concurrency(metrics_of(rows, sizes, 200), PARTS)
    if not len(rows):
        assert not found
        return
    assert found[TAG].busy == strip(Occupancy.of(starts, ends), BEGIN, END, PARTS)
    assert found[TAG].levels.peak == Occupancy.of(starts, ends).peak
    each_second = [(busy, client_of(CLIENTS.get(client, "")).address) for busy, _, client in seconds_of(rows)]
    for client in found[TAG].clients:
        own = [busy for busy, address in each_second if address == client.address]
        most = max(sum(second in busy for busy in own) for second in range(BEGIN, END))
        assert (client.sessions, client.peak) == (len(own), max(1, most))
    assert {client.address for client in found[TAG].clients} == {address for _, address in each_second}


@given(session_rows(), st.integers(1, 3))
def test_those_with_most_sessions_are_shown(rows: Rows, shown: int) -> None:
    metrics = metrics_of(rows, [3, 3], 0)
    for tag, every in busy_clients(metrics, 9).items():
        few = busy_clients(metrics, shown)[tag]
        assert few.found() == every.found()[:shown]
        assert every.sessions == sorted(every.sessions, reverse=True)


def test_a_client_that_goes_makes_room_for_its_next_session() -> None:
    rows = np.zeros(2, SESSION)
    rows["start"], rows["end"] = [BEGIN, BEGIN + 5], [BEGIN + 5, BEGIN + 9]
    found = concurrency(metrics_of(rows, [1], 0), 1)[TAG]
    assert found.clients == (ClientPeak("192.0.2.1", 2, 1),)


def test_of_too_many_clients_the_rarest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy_clients_module, "_KEPT", 3)
    rows = np.zeros(60, SESSION)
    rows["client"] = [100 + place if place % 2 else 1 for place in range(60)]
    rows["start"], rows["end"] = BEGIN, END
    (found,) = busy_clients(metrics_of(rows, [5] * 20, 0)).values()
    assert (found.addresses[0], found.sessions[0]) == ("192.0.2.2", 30)
    assert len(found.addresses) <= 2 * 3 + 5


@given(session_rows(), st.lists(st.tuples(st.integers(BEGIN, END), st.integers(BEGIN, END)).map(sorted)))
def test_times_of_which_the_levels_are_told_are_left_out(rows: Rows, told: list[list[int]]) -> None:
    metrics = metrics_of(rows, [4], 0)
    metrics.summed = [(first, last) for first, last in told]
    seconds: Counter[tuple[int, int]] = Counter()
    for second in range(BEGIN, END):
        level = sum(second in busy for busy, _, _ in seconds_of(rows))
        if level and not any(first <= second < last for first, last in told):
            seconds[second // 60, level] += 1
    assert as_tables(in_stretches(metrics, 1))[0] == seconds


@given(session_rows())
def test_a_strip_of_minutes(rows: Rows) -> None:
    """It is never lower than the true one, and no higher than the minutes that it touches."""
    starts, ends = spans(rows, BEGIN, END)
    held = levels(starts, ends, rows["kind"])
    exact = strip(Occupancy.of(starts, ends), BEGIN, END, PARTS)
    found = strip_of_levels(held, BEGIN, END, PARTS)
    assert all(one >= other for one, other in zip(found, exact, strict=True))
    assert max(found) == held.peak
    assert strip_of_levels(held, BEGIN, END, 1) == (held.peak,)
