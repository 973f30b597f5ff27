"""That a patch leaves every ignore comment where it belongs.

A line that goes leaves the comments above it behind, and these would be for the next line; and a comment that
is moved to a line of its own may begin as an ignore does. Either would hide what nobody meant to hide.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from advisor.engine.changes import Change, RenameParameter
from advisor.engine.wording import visible
from advisor.settings.instance import Instance
from advisor.syntax.ignore_comments import IgnoreComment, Lines, WholeFile, ignore_comments

# The file, the rule, what the ignore is for, and which of those of that name: how many follow.
_Meant = tuple[str, str, str, int]


def stray_ignore(before: Instance, after: Instance, changes: Sequence[Change]) -> str:
    """Which ignore would be for something else than before, in words; empty where none is."""
    if not (new := _ignores(after, {})):
        return ""
    renamed = {each.name: each.new_name for each in changes if isinstance(each, RenameParameter)}
    for file, rule, owner, _ in new - _ignores(before, renamed):
        return f"the ignore of {visible(rule)} in {file} would be for something else: {visible(owner)}"
    return ""


def _ignores(instance: Instance, renamed: Mapping[str, str]) -> Counter[_Meant]:
    """What each name in an ignore comment is meant for."""
    master = ignore_comments(instance.master_cf) if instance.master_cf else ()
    found: Counter[_Meant] = Counter()
    for comment in (*ignore_comments(instance.main_cf), *master):
        match comment.reach:
            case Lines(owner=owner):
                name, _, part = owner.partition(": ")
                words = [renamed.get(word, word) for word in (name, *_subject(part))]
                is_for = " ".join(words), _later(instance, comment, name)
            case WholeFile():
                is_for = "the whole file", 0
            case _:
                is_for = "no line", 0
        found.update((comment.span.file, name.text, *is_for) for name in comment.names)
    return found


def _subject(part: str) -> list[str]:
    """What a continuation line is about: the option of a service, or the elements of a list."""
    words = [word for word in _SEPARATORS.split(part) if word]
    return words[:2] if words[:1] == ["-o"] else words


_SEPARATORS = re.compile(r"[\s,={}]+")


def _later(instance: Instance, comment: IgnoreComment, name: str) -> int:
    """How many lines of that name follow: the one below a line that goes may be of the same name."""
    main = ((each.name, each.span) for each in instance.main_cf.assignments)
    master = ((each.key, each.span) for each in instance.master_cf.entries) if instance.master_cf else ()
    spans = (span for other, span in (*main, *master) if other == name)
    return sum(span.file == comment.span.file and span.line > comment.span.line for span in spans)
