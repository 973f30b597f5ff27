"""Events cut into pieces, on their own: the laws are in test_merge_law.py."""

from typing import NamedTuple

from advisor.logs.streams import Closing, Event, Key, Streams

KEY = Key("mx", "postfix/smtpd", "1")
OTHER = Key("mx", "postfix/smtpd", "2")


class Piece(NamedTuple):
    key: Key
    names: str
    cut: float | None


def piece(key: Key, events: list[Event], cut: float | None) -> Piece:
    return Piece(key, " ".join(event.name for event in events), cut)


def streams() -> Streams[Piece]:
    return Streams(frozenset({"begin"}), frozenset({"end"}), piece)


def event(name: str, time: float = 0) -> Event:
    return Event(time, name, {})


def closing(time: float, pid: str = "", host: str = "mx") -> Closing:
    return Closing(host, pid, event("process-end" if pid else "stop", time))


def fed(*names: str, key: Key = KEY) -> Streams[Piece]:
    found = streams()
    for time, name in enumerate(names):
        found.feed(key, event(name, time))
    return found


def test_from_begin_to_end() -> None:
    found = fed("begin", "middle", "end", "begin", "end")
    assert found.closed == [Piece(KEY, "begin middle end", None), Piece(KEY, "begin end", None)]
    assert (found.open, found.heads, found.strays) == ({}, {}, 0)


def test_without_an_end_it_stays_open() -> None:
    assert [each.name for each in fed("begin", "middle").open[KEY]] == ["begin", "middle"]


def test_without_a_begin_it_waits_for_what_comes_before() -> None:
    found = fed("middle", "end", "begin", "end")
    assert [each.name for each in found.heads[KEY]] == ["middle", "end"]
    assert found.closed == [Piece(KEY, "begin end", None)]


def test_a_new_begin_cuts() -> None:
    assert fed("begin", "middle", "begin").closed == [Piece(KEY, "begin middle", 2)]


def test_an_event_between_two_pieces_is_a_stray() -> None:
    found = fed("begin", "end", "middle")
    assert found.strays == 1
    assert KEY not in found.heads


def test_keys_do_not_meet() -> None:
    found = fed("begin")
    found.feed(OTHER, event("end", 1))
    assert KEY in found.open
    assert OTHER in found.heads


def test_a_closing_ends_what_it_applies_to() -> None:
    found = fed("begin")
    found.feed(OTHER, event("begin", 1))
    found.close(closing(5, pid="1"))
    assert found.closed == [Piece(KEY, "begin", 5)]
    assert list(found.open) == [OTHER]
    found.close(closing(6, host="mx2"))
    assert list(found.open) == [OTHER]
    found.close(closing(7))
    assert found.open == {}


def test_a_piece_goes_on_in_the_next_part() -> None:
    found = fed("begin", "middle")
    found.merge(fed("middle", "end"))
    assert found.closed == [Piece(KEY, "begin middle middle end", None)]
    assert found.heads == {}


def test_the_next_part_cuts_or_closes_what_was_open() -> None:
    cut = fed("begin")
    later = streams()
    later.feed(KEY, event("begin", 9))
    cut.merge(later)
    assert cut.closed == [Piece(KEY, "begin", 9)]

    closed = fed("begin")
    later = streams()
    later.close(closing(8))
    closed.merge(later)
    assert closed.closed == [Piece(KEY, "begin", 8)]
    assert closed.open == {}


def test_an_end_behind_a_restart_belongs_to_nobody() -> None:
    found = fed("begin")
    later = streams()
    later.close(closing(8))
    later.feed(KEY, event("end", 9))
    found.merge(later)
    assert found.closed == [Piece(KEY, "begin", 8)]
    assert found.strays == 1
