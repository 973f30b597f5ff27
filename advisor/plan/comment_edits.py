"""Changes of ignore comments, as edits of the text: to Postfix nothing changes."""

from advisor.engine.changes import DropIgnore
from advisor.plan.text_edits import CannotEdit, TextEdit
from advisor.syntax.ignore_comments import ignore_comments
from advisor.syntax.main_cf import MainCf
from advisor.syntax.master_cf import MasterCf


def drop_ignore(tree: MainCf | MasterCf, change: DropIgnore) -> tuple[TextEdit, ...] | CannotEdit:
    """The comment without the rule's name; the whole line goes where it names no other."""
    comment = next((each for each in ignore_comments(tree) if each.span.line == change.line), None)
    if comment is None or all(name.text != change.rule for name in comment.names):
        return CannotEdit(f"line {change.line} has no such ignore comment")
    left = [name.text for name in comment.names if name.text != change.rule]
    if left:
        return (TextEdit(comment.names[0].start, comment.names[-1].end, ", ".join(left)),)
    text = tree.source.text
    start = text.rfind("\n", 0, comment.start) + 1
    return (TextEdit(start, text.find("\n", comment.end) + 1 or len(text), ""),)
