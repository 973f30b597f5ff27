"""Changes of main.cf as edits of its text, at the place whose value wins today."""

import re
from difflib import SequenceMatcher
from itertools import accumulate, takewhile

from advisor.plan.list_edits import ListText, changed_items, element_edits
from advisor.plan.text_edits import (
    BLANKS,
    CannotEdit,
    TextEdit,
    apply_edits,
    drop_continuation,
    drop_lines,
    line_break,
    line_end,
    replace,
    stored_offsets,
)
from advisor.settings.values import LIST_SEPARATORS, split_items
from advisor.syntax.main_cf import Assignment, MainCf, parse_main_cf, trailing_comment
from advisor.syntax.source import WHITE_SPACE, SourceFile

Edits = tuple[TextEdit, ...]

# A list, taken apart into its elements and what stands between them.
_ELEMENTS = re.compile(f"[{LIST_SEPARATORS}]+|[^{LIST_SEPARATORS}]+")


def set_parameter(tree: MainCf, name: str, value: str) -> Edits | CannotEdit:
    """The last assignment gets the value, or a new line behind the nearest relative does."""
    lines = [line for line in tree.assignments if line.name == name]
    if not lines:
        return (_insertion(tree, name, value),)
    if lines[-1].cut:
        return _nul(name)
    if lines[-1].raw_value == value:
        return ()
    text = tree.source.text
    tried = (way(text, lines[-1], value) for way in (_element_edits, _in_place, _behind_the_name))
    written = (edits for edits in tried if edits and _gives(tree, edits, lines[-1], value))
    return next(written, CannotEdit(f"a '#' in the value of {name} would begin a comment"))


def change_element(tree: MainCf, name: str, element: str, new: tuple[str, ...]) -> Edits | CannotEdit:
    """The last assignment of the name is a list, and gets `new` in place of the element."""
    line = next((line for line in reversed(tuple(tree.assignments)) if line.name == name), None)
    if line is None:
        return CannotEdit(f"main.cf does not set {name}")
    if line.cut:
        return _nul(name)
    wanted = changed_items(split_items(line.raw_value), element, new)
    if not wanted:
        return set_parameter(tree, name, "")
    edits = element_edits(
        ListText(tree.source.text, line.value_start, line.value_end), line.raw_value, element, new
    )
    behind = parse_main_cf(SourceFile(tree.source.name, apply_edits(tree.source.text, edits)), tree)
    if any(each.start == line.start and split_items(each.raw_value) == wanted for each in behind.assignments):
        return edits
    return CannotEdit(f"{element} cannot be changed where it stands in {name}: change it by hand")


def _gives(tree: MainCf, edits: Edits, line: Assignment, value: str) -> bool:
    """Whether the assignment has the value behind the edits: on a line of its own, a `#` begins a comment."""
    behind = parse_main_cf(SourceFile(tree.source.name, apply_edits(tree.source.text, edits)), tree)
    return any(each.start == line.start and each.raw_value == value for each in behind.assignments)


def unset_parameter(tree: MainCf, name: str) -> Edits | CannotEdit:
    """All assignments of the name go; comments within them stay."""
    lines = [line for line in tree.assignments if line.name == name]
    if any(line.cut for line in lines):
        return _nul(name)
    return tuple(edit for line in lines for edit in drop_lines(tree.source.text, line.start, line.end))


def drop_shadowed(tree: MainCf, name: str) -> Edits | CannotEdit:
    """All assignments of the name but the last go; comments within them stay."""
    losers = [line for line in tree.assignments if line.name == name][:-1]
    if any(line.cut for line in losers):
        return _nul(name)
    return tuple(edit for line in losers for edit in drop_lines(tree.source.text, line.start, line.end))


def move_comment(tree: MainCf, name: str) -> Edits | CannotEdit:
    """What stands behind the value from a `#` on goes to a comment line above it."""
    line = next((line for line in reversed(tuple(tree.assignments)) if line.name == name), None)
    comment = line and trailing_comment(line.raw_value)
    if not line or not comment:
        return ()
    if line.cut:
        return _nul(name)
    text = tree.source.text
    if "\n" in text[line.value_start : line.value_end]:
        return CannotEdit(f"the value of {name} goes on over several lines: move the comment by hand")
    above = comment + line_break(text, line.start)
    end = line.value_end - len(comment)
    while text[end - 1] in BLANKS:
        end -= 1
    return TextEdit(line.start, line.start, above), TextEdit(end, line.value_end, "")


def rename_parameter(tree: MainCf, name: str, new_name: str) -> Edits:
    """Each assignment of the name gets the new one, and keeps everything else."""
    return tuple(
        TextEdit(line.start, line.start + len(name), new_name)
        for line in tree.assignments
        if line.name == name
    )


def _nul(name: str) -> CannotEdit:
    return CannotEdit(
        f"there is a NUL byte in the line of {name}, behind which Postfix reads nothing: remove it"
    )


def _in_place(text: str, line: Assignment, value: str) -> Edits:
    """The value where the old one begins."""
    start, end = line.value_start, line.value_end
    if start == end:  # nothing stands behind the '=', but for blanks
        return (TextEdit(start, _behind_blanks(text, start), f" {value}" if value else ""),)
    if not value:
        while text[start - 1] in BLANKS and text[start - 2] != "\n":
            start -= 1
    return tuple(replace(text, start, end, value))


def _behind_the_name(text: str, line: Assignment, value: str) -> Edits:
    """The value behind the '=', and not on a line of its own."""
    start = text.index("=", line.start + len(line.name)) + 1
    first_end = line_end(text, start)
    return (
        TextEdit(start, first_end, f" {value}"),
        *drop_continuation(text, first_end, line.value_end),
    )


def _element_edits(text: str, line: Assignment, value: str) -> tuple[TextEdit, ...]:
    """The edits that change some elements of a list which goes on over several lines; the others stay where
    they are. None where the value stands on one line, or where more than single lines would change.
    """
    if "\n" not in text[line.value_start : line.value_end]:
        return ()
    offsets = stored_offsets(text, line.value_start, line.value_end)
    old, new = (_ELEMENTS.findall(each) for each in (line.raw_value, value))
    positions = [*offsets, line.value_end]
    starts = [0, *accumulate(map(len, old))]
    edits: list[TextEdit] = []
    for kind, first, last, new_first, new_last in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        start, count = positions[starts[first]], starts[last] - starts[first]
        end = positions[starts[last] - 1] + 1 if count else start
        replacement = "".join(new[new_first:new_last])
        crossed = text.count("\n", start, end)
        if crossed and (replacement or end - start != count + crossed):
            return ()
        # The blanks in front of a line are what continues the value.
        if text[start - 1] == "\n" and not replacement.startswith((*BLANKS,)):
            return ()
        edits.append(TextEdit(start, end, replacement))
    kept = len(line.raw_value) - sum(edit.end - edit.start for edit in edits)
    return tuple(edits) if kept > 0 else ()


def _behind_blanks(text: str, offset: int) -> int:
    stop = line_end(text, offset)
    while offset < stop and text[offset] in BLANKS:
        offset += 1
    return offset


def _insertion(tree: MainCf, name: str, value: str) -> TextEdit:
    text = tree.source.text
    relative = _nearest_relative(tree, name)
    offset = relative.end if relative else len(text)
    before = text[:offset]
    new_line = line_break(text, max(0, offset - 1))
    missing = new_line if before and not before.endswith("\n") else ""
    return TextEdit(offset, offset, f"{missing}{name} = {value}".rstrip(WHITE_SPACE) + new_line)


def _nearest_relative(tree: MainCf, name: str) -> Assignment | None:
    """The last assignment of those that share the most words with the name, from the first on."""
    words = name.split("_")
    nearest: Assignment | None = None
    most = 0
    for line in tree.assignments:
        shared = _shared(words, line.name.split("_"))
        if shared >= most:
            nearest, most = line, shared
    return nearest


def _shared(one: list[str], other: list[str]) -> int:
    """How many words at the begin are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
