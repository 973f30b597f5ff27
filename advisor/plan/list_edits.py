"""A list changed element by element, in its own style: comma or blank, one a line or many, comments between.

Knowledge: mystrtokq() in src/util/mystrtok.c, which takes a list apart and leaves braces together.
"""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.plan.text_edits import BLANKS, TextEdit, line_end, line_start, stored_offsets
from advisor.settings.values import LIST_SEPARATORS, split_items
from advisor.syntax.source import WHITE_SPACE


class ListText(msgspec.Struct, frozen=True):
    """Where a list stands: source offsets. `is_word`: in a word of master.cf, which takes no blanks."""

    text: str
    start: int
    end: int
    is_word: bool = False


class _Item(msgspec.Struct, frozen=True):
    text: str
    start: int
    end: int


def changed_items(items: Sequence[str], element: str, new: Sequence[str]) -> tuple[str, ...]:
    """The words of a list with `new` in place of each `element`; what is there already is not added again."""
    found: list[str] = []
    done = 0
    for first, last, front, back in _places(items, element, new):
        if front is None or back is None:
            found += [*items[done:first], *_words(new)]
        else:
            found += [*items[done:first], *_words(front), *items[first:last], *_words(back)]
        done = last
    return (*found, *items[done:])


def element_edits(of: ListText, value: str, element: str, new: Sequence[str]) -> tuple[TextEdit, ...]:
    """The edits that put `new` in place of each `element` of the list whose stored value is `value`."""
    items = _items(of, value)
    edits: list[TextEdit] = []
    for first, last, front, back in _places([item.text for item in items], element, new):
        between = _separator(of, items, first, last)
        start, end = items[first].start, items[last - 1].end
        if front is not None and back is not None:
            edits.append(TextEdit(start, start, "".join(_written(of, each) + between for each in front)))
            edits.append(TextEdit(end, end, "".join(between + _written(of, each) for each in back)))
        elif new and tuple(item.text for item in items[first:last])[: len(_words(new))] == _words(new):
            # What goes stands behind what stays: comments between them stay as well.
            edits += _removal(of, items, first + len(_words(new)), last)
        elif new:
            edits.append(TextEdit(start, end, between.join(_written(of, each) for each in new)))
        else:
            edits += _removal(of, items, first, last)
    return tuple(edit for edit in edits if edit.start < edit.end or edit.replacement)


def _places(
    items: Sequence[str], element: str, new: Sequence[str]
) -> Iterator[tuple[int, int, Sequence[str] | None, Sequence[str] | None]]:
    """Where the element stands, first word and behind the last, and what is to be added before and behind it;
    None where it does not stay.
    """
    words = split_items(element)
    kept = next((place for place, each in enumerate(new) if split_items(each) == words), None)
    before, behind = (None, None) if kept is None else (new[:kept], new[kept + 1 :])
    front, back = _words(before or ()), _words(behind or ())
    first = 0
    while words and first <= len(items) - len(words):
        last = first + len(words)
        if tuple(items[first:last]) != words:
            first += 1
            continue
        is_there = (
            tuple(items[max(0, first - len(front)) : first]) == front
            and tuple(items[last : last + len(back)]) == back
        )
        if kept is None or not is_there:
            yield first, last, before, behind
        first = last


def _words(elements: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for each in elements for word in split_items(each))


def _items(of: ListText, value: str) -> list[_Item]:
    offsets = stored_offsets(of.text, of.start, of.end)
    found: list[_Item] = []
    index = 0
    for word in split_items(value):
        index = value.index(word, index)
        found.append(_Item(word, offsets[index], offsets[index + len(word) - 1] + 1))
        index += len(word)
    return found


def _written(of: ListText, element: str) -> str:
    return ",".join(split_items(element)) if of.is_word else element


def _separator(of: ListText, items: Sequence[_Item], first: int, last: int) -> str:
    """What stands between the element and its neighbour, without comments and blank lines."""
    if first > 0:
        gap = of.text[items[first - 1].end : items[first].start]
    elif last < len(items):
        gap = of.text[items[last - 1].end : items[last].start]
    else:
        return "," if of.is_word else ", "
    head, *rest = gap.split("\n")
    if not rest:
        return gap
    end = "\r\n" if head.endswith("\r") else "\n"
    return head.rstrip(BLANKS + "\r") + end + rest[-1]


def _removal(of: ListText, items: Sequence[_Item], first: int, last: int) -> Iterator[TextEdit]:
    """Without the element and one separator, and without its line where it stood there alone."""
    text, start, end = of.text, items[first].start, items[last - 1].end
    begin, stop = line_start(text, start), line_end(text, end)
    before = items[first - 1] if first > 0 else None
    behind = items[last] if last < len(items) else None
    if before and before.end > begin:
        yield TextEdit(before.end, end, "")
    elif behind and behind.start < stop:
        yield TextEdit(start, behind.start, "")
    elif text[begin:start].strip(LIST_SEPARATORS):  # the name stands in front
        while text[start - 1] in BLANKS:
            start -= 1
        yield TextEdit(start, stop, "")
    else:
        yield from _lines(text, begin, stop)
        if before and not behind:
            line = line_end(text, before.end)
            if not text[before.end : line].strip(LIST_SEPARATORS):
                yield TextEdit(before.end, line, "")


def _lines(text: str, begin: int, stop: int) -> Iterator[TextEdit]:
    """Without these lines; comments between them stay."""
    while begin < stop:
        following = text.find("\n", begin) + 1 or len(text)
        content = text[begin:following].lstrip(WHITE_SPACE)
        if content and not content.startswith("#"):
            yield TextEdit(begin, following, "")
        begin = following
