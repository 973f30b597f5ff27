"""Whether one pattern matches every line that another one matches.

The answer is a proof or none: both automata are walked together, as far as a bound on their pairs allows.
"""

from collections import deque

from advisor.patterns.automaton import Automaton

_MOST_PAIRS = 20_000
_DONE = -1  # a match has been found; only for a pattern whose match may end anywhere
_READY = -2  # a match may begin here


def contains(wide: Automaton, narrow: Automaton) -> bool:
    """Whether it is proven that `wide` matches each line that `narrow` matches.

    `wide` has to be exact; where `narrow` is not, it takes more lines than its pattern, and the proof holds.
    """
    if not wide.is_exact:
        return False
    alphabet = _representatives(wide, narrow)
    start = (_READY, frozenset({_READY}))
    seen = {start}
    waiting = deque([(start, True)])
    while waiting:
        (narrow_state, wide_states), is_start = waiting.popleft()
        if _accepts_one(narrow, narrow_state, is_start=is_start) and not _accepts(
            wide, wide_states, is_start=is_start
        ):
            return False
        for byte in alphabet:
            following = _step(wide, wide_states, byte)
            if _DONE in following:
                continue
            for state in _step(narrow, frozenset({narrow_state}), byte):
                pair = (state, following)
                if pair not in seen:
                    if len(seen) >= _MOST_PAIRS:
                        return False
                    seen.add(pair)
                    waiting.append((pair, False))
    return True


def matches_every_line(pattern: Automaton, *, empty: bool) -> bool:
    """Whether it is proven that the pattern matches each line; `empty`: also one without a byte."""
    if not pattern.is_exact:
        return False
    if pattern.is_nullable and not (pattern.begins and pattern.ends):
        return True
    anything = Automaton(
        masks=((1 << 256) - 1,),
        first=type(pattern.first)([0]),
        last=frozenset({0}),
        follow=(type(pattern.first)([0]),),
        is_nullable=empty,
        begins=True,
        ends=True,
        is_exact=True,
    )
    return contains(pattern, anything)


def matches_nothing(pattern: Automaton) -> bool:
    """Whether no line matches: each way through the pattern has a place that takes no byte."""
    if pattern.is_nullable:
        return False
    reached = {state for state in pattern.first if pattern.masks[state]}
    waiting = list(reached)
    while waiting:
        for state in pattern.follow[waiting.pop()]:
            if pattern.masks[state] and state not in reached:
                reached.add(state)
                waiting.append(state)
    return reached.isdisjoint(pattern.last)


def _step(pattern: Automaton, states: frozenset[int], byte: int) -> frozenset[int]:
    """The states behind one more byte."""
    found: set[int] = set()
    for state in states:
        if state == _DONE:
            return frozenset({_DONE})
        if state == _READY:
            found.update(each for each in pattern.first if pattern.masks[each] >> byte & 1)
            if not pattern.begins:
                found.add(_READY)
        else:
            found.update(each for each in pattern.follow[state] if pattern.masks[each] >> byte & 1)
    if not pattern.ends and not pattern.last.isdisjoint(found):
        return frozenset({_DONE})
    return frozenset(found)


def _accepts(pattern: Automaton, states: frozenset[int], *, is_start: bool) -> bool:
    return any(_accepts_one(pattern, state, is_start=is_start) for state in states)


def _accepts_one(pattern: Automaton, state: int, *, is_start: bool) -> bool:
    """Whether a line that ends here matches."""
    if state == _DONE:
        return True
    if state == _READY:
        return pattern.is_nullable and (is_start or not (pattern.begins and pattern.ends))
    return state in pattern.last


def _representatives(*patterns: Automaton) -> tuple[int, ...]:
    """One byte of each class that no set of the patterns divides."""
    masks = {mask for pattern in patterns for mask in pattern.masks}
    classes: dict[tuple[bool, ...], int] = {}
    for byte in range(1, 256):
        classes.setdefault(tuple(bool(mask >> byte & 1) for mask in masks), byte)
    return tuple(classes.values())
