"""A unified diff that `patch -p1` applies byte for byte and `patch -R` takes back.

difflib's own output cannot say that a file ends without a newline, and its reader of lines also splits at
characters that are no line ends to Postfix or patch. So only its comparison is used, on lines that end in a
newline and in nothing else. Knowledge: POSIX diff, "Diff -u Output Format"; GNU patch.
"""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

_CONTEXT = 3
_LONG = 2_000
_NO_NEWLINE = "\\ No newline at end of file\n"


class FilePatch(msgspec.Struct, frozen=True):
    """One file before and after. `name` is relative to the instance's folder."""

    name: str
    before: str
    after: str


def unified_diff(patches: Iterable[FilePatch], below: str = "") -> str:
    """One diff of all files that differ; "" if none does. Their names are `below` that folder, where the diff
    is part of one for several instances.

    It holds the files' own characters, also control characters and (as surrogates) bytes outside UTF-8, for
    only so can it be applied. Whoever shows it on a terminal makes them visible first; whoever writes it to a
    file or a pipe takes `encode_diff`.
    """
    return "".join(line for patch in patches for line in _file(patch, f"{below}/" if below else ""))


def encode_diff(diff: str) -> bytes:
    """The bytes of a diff: those of the files, whatever their encoding."""
    return diff.encode("utf-8", "surrogateescape")


def _file(patch: FilePatch, below: str) -> Iterator[str]:
    if patch.before == patch.after:
        return
    yield f"--- {_header(f'a/{below}{patch.name}')}\n"
    yield f"+++ {_header(f'b/{below}{patch.name}')}\n"
    before, after = _lines(patch.before), _lines(patch.after)
    head, tail = _common_ends(before, after)
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    # Lines that are all alike, by the ten thousand, would take quadratic time; there the diff need not be the
    # smallest.
    matcher = SequenceMatcher(None, *middle, autojunk=max(map(len, middle)) > _LONG)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        old, new = (first[1] + head, last[2] + head), (first[3] + head, last[4] + head)
        yield f"@@ -{_range(*old)} +{_range(*new)} @@\n"
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from _marked(" ", before[old_start + head : old_end + head])
                continue
            yield from _marked("-", before[old_start + head : old_end + head])
            yield from _marked("+", after[new_start + head : new_end + head])


def _header(path: str) -> str:
    """What stands behind `---`: patch reads a name up to a tab; odd names need quotes."""
    if path.isprintable() and not set(path) & set('"\\'):
        return f"{path}\t" if " " in path else path
    data = path.encode("utf-8", "surrogateescape")
    return (
        '"'
        + "".join(chr(each) if 32 <= each < 127 and each not in b'"\\' else f"\\{each:03o}" for each in data)
        + '"'
    )


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _common_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines at both ends need no comparison: all that are equal, but for the context of a hunk."""
    shorter = min(len(before), len(after))
    head = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    rest = shorter - head
    tail = next((index for index in range(rest) if before[-1 - index] != after[-1 - index]), rest)
    return max(0, head - _CONTEXT), max(0, tail - _CONTEXT)


def _range(start: int, end: int) -> str:
    length = end - start
    if length == 0:
        return f"{start},0"  # the line in front of which nothing stands
    return f"{start + 1}" if length == 1 else f"{start + 1},{length}"


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n{_NO_NEWLINE}"
