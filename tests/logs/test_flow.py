"""Events cut into pieces, against the law itself: a dictionary of lists, one event after the other."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.events import CLOSED, EVENT, process_key
from advisor.logs.flow import Closing, Ended, Flow
from advisor.logs.tables import Rows

BEGIN, MIDDLE, END = 1, 3, 2
HOST, OTHER_HOST, TAG = 1, 2, 5
KEY, OTHER = process_key(HOST, TAG, 1), process_key(HOST, TAG, 2)


class Event(NamedTuple):
    """`seq` is its time too."""

    key: int
    kind: int
    seq: int


class Piece(NamedTuple):
    """The events of a piece, and when something else ended it."""

    key: int
    seqs: tuple[int, ...]
    cut: float | None


Step = Event | Closing


def flow() -> Flow:
    return Flow(frozenset({BEGIN}), frozenset({END}))


def rows(events: list[Event]) -> Rows:
    found = np.zeros(len(events), EVENT)
    for name in ("key", "kind", "seq"):
        found[name] = [getattr(event, name) for event in events]
    found["time"] = found["seq"]
    return found


@dataclass
class Taken:
    """A flow, and what has ended in it."""

    flow: Flow = field(default_factory=flow)
    ended: list[Piece] = field(default_factory=list)

    def __add__(self, later: "Taken") -> "Taken":
        return Taken(self.flow, self.ended + later.ended + pieces(self.flow.merge(later.flow)))


def taken(steps: list[Step]) -> Taken:
    own = flow()
    events = [step for step in steps if isinstance(step, Event)]
    closings = [step for step in steps if isinstance(step, Closing)]
    return Taken(own, pieces(own.take(rows(events), closings)))


def pieces(ended: Ended) -> list[Piece]:
    table, starts, cuts = ended
    found = []
    stops = np.append(starts, len(table))[1:]
    for start, stop, cut in zip(starts, stops, cuts, strict=True):
        own = table[start:stop]
        own = own[own["kind"] != CLOSED]
        found.append(
            Piece(int(own["key"][0]), tuple(own["seq"].tolist()), None if np.isnan(cut) else float(cut))
        )
    return found


def by_key(table: Rows) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in table[np.argsort(table["seq"], kind="stable")]:
        if row["kind"] != CLOSED:
            found.setdefault(int(row["key"]), []).append(int(row["seq"]))
    return found


def unbegun(own: Flow) -> dict[int, float | None]:
    """When something else ended what began before the log."""
    found = own.unbegun()
    keys = found.rows["key"][found.first]
    return {int(key): None if np.isnan(end) else float(end) for key, end in zip(keys, found.end, strict=True)}


@dataclass
class Law:
    """What a flow is to do."""

    open: dict[int, list[int]] = field(default_factory=dict)
    heads: dict[int, list[int]] = field(default_factory=dict)
    head_ends: dict[int, float | None] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    closings: list[Closing] = field(default_factory=list)
    ended: list[Piece] = field(default_factory=list)

    def take(self, step: Step) -> None:
        if isinstance(step, Closing):
            self.close(step)
        elif step.kind == BEGIN:
            self.settle(step.key, step.seq)
            self.end(step.key, step.seq)
            self.open[step.key] = [step.seq]
        elif step.key in self.open:
            self.open[step.key].append(step.seq)
            if step.kind == END:
                self.end(step.key, None)
        elif step.key not in self.settled and not self.is_closed(step.key):
            self.heads.setdefault(step.key, []).append(step.seq)
            if step.kind == END:
                self.settle(step.key, None)

    def close(self, closing: Closing) -> None:
        self.closings.append(closing)
        for key in {*self.open, *self.heads}:
            if applies(closing, key):
                self.settle(key, closing.time)
                self.end(key, closing.time)

    def is_closed(self, key: int) -> bool:
        """Whether something ended it before its first event."""
        return key not in self.heads and any(applies(closing, key) for closing in self.closings)

    def settle(self, key: int, time: float | None) -> None:
        """What comes now has begun in the log, or belongs to nobody."""
        if key in self.heads and key not in self.settled:
            self.head_ends[key] = time
        self.settled.add(key)

    def end(self, key: int, cut: float | None) -> None:
        if key in self.open:
            self.ended.append(Piece(key, tuple(self.open.pop(key)), cut))


def applies(closing: Closing, key: int) -> bool:
    return closing.host == key >> 48 and closing.pid in (0, key & 0xFFFFFFFF)


KEYS = [
    process_key(host, tag, pid) for host in (HOST, OTHER_HOST) for tag in (TAG, TAG + 1) for pid in (1, 2)
]


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    found: list[Step] = []
    drawn = draw(
        st.lists(
            st.one_of(
                st.tuples(st.sampled_from(KEYS[:3] * 3 + KEYS), st.sampled_from([BEGIN, MIDDLE, END, 15])),
                st.tuples(st.sampled_from([HOST, OTHER_HOST]), st.sampled_from([0, 1, 2])),
            ),
            max_size=40,
        )
    )
    for seq, (which, what) in enumerate(drawn):
        is_closing = which in (HOST, OTHER_HOST)
        found.append(Closing(which, what, float(seq), seq) if is_closing else Event(which, what, seq))
    return found


@given(steps(), st.lists(st.integers(0, 40), max_size=4), st.randoms(use_true_random=False))
def test_a_flow_does_what_its_law_says(all_steps: list[Step], cuts: list[int], random: object) -> None:
    law = Law()
    for step in all_steps:
        law.take(step)
    cuts = sorted(min(cut, len(all_steps)) for cut in cuts)
    parts = [
        taken(all_steps[begin:end]) for begin, end in zip([0, *cuts], [*cuts, len(all_steps)], strict=True)
    ]
    while len(parts) > 1:
        place = random.randrange(len(parts) - 1)  # type: ignore[attr-defined]
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
    (found,) = parts
    assert sorted(found.ended, key=repr) == sorted(law.ended, key=repr)
    assert by_key(found.flow.opens) == law.open
    assert by_key(found.flow.heads) == law.heads
    assert unbegun(found.flow) == {key: law.head_ends.get(key) for key in law.heads}
    assert found.flow.closings == law.closings


@given(steps(), st.integers(1, 1000))
def test_lines_can_be_numbered_on(all_steps: list[Step], lines: int) -> None:
    whole, moved = taken(all_steps).flow, taken(all_steps).flow.moved(lines)
    for name in ("heads", "opens", "begun"):
        assert (getattr(moved, name)["seq"] == getattr(whole, name)["seq"] + lines).all()
    assert [closing.seq - lines for closing in moved.closings] == [closing.seq for closing in whole.closings]


def named(*kinds: int, key: int = KEY, first: int = 0) -> list[Step]:
    return [Event(key, kind, seq) for seq, kind in enumerate(kinds, start=first)]


def test_from_begin_to_end() -> None:
    found = taken(named(BEGIN, MIDDLE, END, BEGIN, END))
    assert found.ended == [Piece(KEY, (0, 1, 2), None), Piece(KEY, (3, 4), None)]
    assert (by_key(found.flow.opens), by_key(found.flow.heads)) == ({}, {})


def test_without_an_end_it_stays_open() -> None:
    assert by_key(taken(named(BEGIN, MIDDLE)).flow.opens) == {KEY: [0, 1]}


def test_without_a_begin_it_waits_for_what_comes_before() -> None:
    found = taken(named(MIDDLE, END, BEGIN, END))
    assert by_key(found.flow.heads) == {KEY: [0, 1]}
    assert found.ended == [Piece(KEY, (2, 3), None)]


def test_a_new_begin_cuts() -> None:
    assert taken(named(BEGIN, MIDDLE, BEGIN)).ended == [Piece(KEY, (0, 1), 2)]


def test_an_event_between_two_pieces_belongs_to_none() -> None:
    found = taken(named(BEGIN, END, MIDDLE))
    assert (by_key(found.flow.opens), by_key(found.flow.heads)) == ({}, {})


def test_keys_do_not_meet() -> None:
    found = taken([Event(KEY, BEGIN, 0), Event(OTHER, END, 1)])
    assert by_key(found.flow.opens) == {KEY: [0]}
    assert by_key(found.flow.heads) == {OTHER: [1]}


def test_a_closing_ends_what_it_applies_to() -> None:
    both: list[Step] = [Event(KEY, BEGIN, 0), Event(OTHER, BEGIN, 1)]
    of_one = taken([*both, Closing(HOST, 1, 5.0, 2), Closing(OTHER_HOST, 0, 6.0, 3)])
    assert of_one.ended == [Piece(KEY, (0,), 5)]
    assert by_key(of_one.flow.opens) == {OTHER: [1]}
    of_all = taken([*both, Closing(HOST, 0, 7.0, 2)])
    assert by_key(of_all.flow.opens) == {}


def test_an_end_behind_a_restart_belongs_to_nobody() -> None:
    found = taken(named(BEGIN)) + taken([Closing(HOST, 0, 8.0, 1), Event(KEY, END, 2)])
    assert found.ended == [Piece(KEY, (0,), 8)]
    assert (by_key(found.flow.opens), by_key(found.flow.heads)) == ({}, {})


def test_a_settled_flow_has_forgotten_what_came_first() -> None:
    found = taken(named(MIDDLE, BEGIN)).flow
    found.settle(float("-inf"))
    assert (len(found.heads), len(found.begun), by_key(found.opens)) == (0, 0, {KEY: [1]})
