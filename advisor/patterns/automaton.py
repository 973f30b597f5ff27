"""The position automaton of a tree: one state for each set of bytes that the pattern has.

A pattern matches a line when some part of it does, so a search may begin and end anywhere; the anchors at the
ends of the tree say otherwise. Which state follows which is kept with its multiplicity: where the same step
can be made in two ways, an engine that backtracks may try both.
Knowledge: Glushkov's construction; Weber and Seidl, On the degree of ambiguity of finite automata.
"""

from collections import Counter

import msgspec

from advisor.patterns.tree import Alt, Chars, Edge, End, Group, Repeat, Seq, Start, Tree

# States of one automaton; a repetition that is counted spells its item out.
MOST_STATES = 2000


class TooLargeError(ValueError):
    """The automaton would have too many states."""


class NotRegularError(ValueError):
    """The tree holds what an automaton cannot say, or an anchor that does not stand at an end."""


class Automaton(msgspec.Struct, frozen=True):
    """`masks[n]` is what state n takes. `first` and `follow[n]` count the ways to go on, `last` are the
    states a match may end in. `is_nullable`: the empty text matches. `begins` and `ends`: a match must begin
    at the line's start, must end at its end. `is_exact` is false where edges of words, or what an atomic
    repetition keeps, were left out, so that the automaton takes more than the pattern does.
    """

    masks: tuple[int, ...]
    first: Counter[int]
    last: frozenset[int]
    follow: tuple[Counter[int], ...]
    is_nullable: bool
    begins: bool
    ends: bool
    is_exact: bool

    def matches(self, line: bytes) -> bool:
        """Whether some part of the line is a match."""
        if self.is_nullable and not (self.begins and self.ends and line):
            return True
        current: set[int] = set()
        for index, byte in enumerate(line):
            entries = set(self.first) if index == 0 or not self.begins else set[int]()
            following = {state for each in current for state in self.follow[each]}
            current = {state for state in following | entries if self.masks[state] >> byte & 1}
            if not self.last.isdisjoint(current) and (not self.ends or index == len(line) - 1):
                return True
        return False


class _Part(msgspec.Struct):
    """A part of the tree on its way to an automaton."""

    first: Counter[int]
    last: Counter[int]
    ways: int  # in how many ways it takes the empty text


class _Maker:
    def __init__(self) -> None:
        self.masks: list[int] = []
        self.follow: list[Counter[int]] = []
        self.is_exact = True

    def part(self, tree: Tree) -> _Part:
        match tree:
            case Chars(mask):
                return self.chars(mask)
            case Group(item):
                return self.part(item)
            case Seq(items):
                return self.seq([self.part(item) for item in items])
            case Alt(branches):
                parts = [self.part(branch) for branch in branches]
                return _Part(
                    sum((part.first for part in parts), Counter()),
                    sum((part.last for part in parts), Counter()),
                    min(2, sum(part.ways for part in parts)),
                )
            case Repeat(item, least, most, is_atomic):
                self.is_exact &= not is_atomic
                return self.repeat(item, least, most)
            case Edge():
                self.is_exact = False
                return _Part(Counter(), Counter(), 1)
        raise NotRegularError(type(tree).__name__)

    def chars(self, mask: int) -> _Part:
        state = len(self.masks)
        if state >= MOST_STATES:
            raise TooLargeError
        self.masks.append(mask)
        self.follow.append(Counter())
        return _Part(Counter([state]), Counter([state]), 0)

    def seq(self, parts: list[_Part]) -> _Part:
        whole = _Part(Counter(), Counter(), 1)
        for part in parts:
            self.join(whole.last, part.first)
            first = whole.first + _times(part.first, whole.ways)
            last = part.last + _times(whole.last, part.ways)
            whole = _Part(first, last, min(2, whole.ways * part.ways))
        return whole

    def repeat(self, item: Tree, least: int, most: int | None) -> _Part:
        parts = [self.part(item) for _ in range(least)]
        if most is None:
            parts.append(self.star(item))
        elif most > least:
            parts.append(self.options(item, most - least))
        return self.seq(parts)

    def star(self, item: Tree) -> _Part:
        part = self.part(item)
        self.join(part.last, part.first)
        return _Part(part.first, part.last, 1)

    def options(self, item: Tree, count: int) -> _Part:
        """(item(item(item)?)?)?"""
        inner = self.part(item)
        if count > 1:
            inner = self.seq([inner, self.options(item, count - 1)])
        return _Part(inner.first, inner.last, min(2, inner.ways + 1))

    def join(self, last: Counter[int], first: Counter[int]) -> None:
        for state, ways in last.items():
            self.follow[state].update(_times(first, ways))


def _times(counter: Counter[int], ways: int) -> Counter[int]:
    return Counter({state: min(2, count * ways) for state, count in counter.items()}) if ways else Counter()


def automaton(tree: Tree) -> Automaton:
    """The tree's automaton. Raises NotRegularError and TooLargeError."""
    begins, middle, ends = _ends(tree)
    maker = _Maker()
    part = maker.part(middle)
    return Automaton(
        tuple(maker.masks),
        part.first,
        frozenset(part.last),
        tuple(maker.follow),
        is_nullable=part.ways > 0,
        begins=begins,
        ends=ends,
        is_exact=maker.is_exact,
    )


def _ends(tree: Tree) -> tuple[bool, Tree, bool]:
    """The tree without the anchors at its two ends, and whether it had them."""
    match tree:
        case Group(item):
            return _ends(item)
        case Seq(items):
            begins = ends = False
            rest = list(items)
            while rest and isinstance(rest[0], Start):
                begins, rest = True, rest[1:]
            while rest and isinstance(rest[-1], End):
                ends, rest = True, rest[:-1]
            return begins, Seq(tuple(rest)), ends
        case Start():
            return True, Seq(()), False
        case End():
            return False, Seq(()), True
        case Alt(branches):
            parts = [_ends(branch) for branch in branches]
            if len({(begins, ends) for begins, _, ends in parts}) == 1:
                return parts[0][0], Alt(tuple(middle for _, middle, _ in parts)), parts[0][2]
    return False, tree, False
