"""Changes of ignore comments, as edits of the text: to Postfix nothing changes."""

from collections.abc import Sequence
from itertools import accumulate

from advisor.engine.changes import DropIgnore
from advisor.plan.text_edits import CannotEdit, TextEdit
from advisor.syntax.ignore_comments import IgnoreComment, Lines, ignore_comments
from advisor.syntax.main_cf import MainCf
from advisor.syntax.master_cf import MasterCf
from advisor.syntax.source import WHITE_SPACE


def drop_ignore(tree: MainCf | MasterCf, change: DropIgnore) -> tuple[TextEdit, ...] | CannotEdit:
    """The comment without the rule's name; the whole line goes where it names no other."""
    comment = next((each for each in ignore_comments(tree) if each.span.line == change.line), None)
    if comment is None or all(name.text != change.rule for name in comment.names):
        return CannotEdit(f"line {change.line} has no such ignore comment")
    left = [name.text for name in comment.names if name.text != change.rule]
    if left:
        return (TextEdit(comment.names[0].start, comment.names[-1].end, ", ".join(left)),)
    return (_without(tree.source.text, comment),)


def with_ignores(tree: MainCf | MasterCf, edits: Sequence[TextEdit]) -> tuple[TextEdit, ...]:
    """The edits, and those that take away the ignores of lines of which nothing is left: they would be for
    what follows.
    """
    text = tree.source.text
    gone = [each for each in edits if not each.replacement]
    more = [
        _without(text, comment)
        for comment in ignore_comments(tree)
        if isinstance(comment.reach, Lines)
        and _all_goes(text, comment.reach, gone)
        and not any(each.start <= comment.start < each.end for each in gone)
    ]
    return (*edits, *more)


def _all_goes(text: str, lines: Lines, gone: Sequence[TextEdit]) -> bool:
    parts = text.split("\n")
    starts = [0, *accumulate(len(part) + 1 for part in parts)]
    return all(
        parts[number].lstrip(WHITE_SPACE).startswith("#") or not _left(parts[number], starts[number], gone)
        for number in range(lines.first - 1, lines.last)
    )


def _left(line: str, start: int, gone: Sequence[TextEdit]) -> str:
    """What the edits leave of a line."""
    kept = (
        character
        for place, character in enumerate(line, start)
        if not any(each.start <= place < each.end for each in gone)
    )
    return "".join(kept).strip(WHITE_SPACE)


def _without(text: str, comment: IgnoreComment) -> TextEdit:
    start = text.rfind("\n", 0, comment.start) + 1
    return TextEdit(start, text.find("\n", comment.end) + 1 or len(text), "")
