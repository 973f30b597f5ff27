"""That a patch leaves every ignore comment where it belongs.

A line that goes leaves the comments above it behind, and these would be for the next line; and a comment that
is moved to a line of its own may begin as an ignore does. Either would hide what nobody meant to hide.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from advisor.engine.changes import Change, RenameParameter
from advisor.settings.instance import Instance
from advisor.syntax.ignore_comments import Lines, WholeFile, ignore_comments


def stray_ignore(before: Instance, after: Instance, changes: Sequence[Change]) -> str:
    """Which ignore would be for something else than before, in words; empty where none is."""
    if not (new := _ignores(after, {})):
        return ""
    renamed = {each.name: each.new_name for each in changes if isinstance(each, RenameParameter)}
    for file, rule, owner in new - _ignores(before, renamed):
        return f"the ignore of {rule} in {file} would be for {owner or 'nothing'}"
    return ""


def _ignores(instance: Instance, renamed: Mapping[str, str]) -> Counter[tuple[str, str, str]]:
    """The file, the rule, and what each ignore is for."""
    master = ignore_comments(instance.master_cf) if instance.master_cf else ()
    found: Counter[tuple[str, str, str]] = Counter()
    for comment in (*ignore_comments(instance.main_cf), *master):
        match comment.reach:
            case Lines(owner=owner):
                name, colon, rest = owner.partition(":")
                is_for = f"{renamed.get(name, name)}{colon}{rest}"
            case WholeFile():
                is_for = "the whole file"
            case _:
                is_for = ""
        found.update((comment.span.file, name.text, is_for) for name in comment.names)
    return found
