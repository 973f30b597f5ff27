"""What the real postmap(1) says of a table: its answers, how long they take, and its warnings.

It runs with a configuration of its own, empty, so that it reads nothing of this machine but the table.
Knowledge: postmap(1).
"""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

_SECONDS = 30.0
# With a name of its own, postmap looks none up. With SMTPUTF8 it would refuse lines that are not UTF-8, which
# cleanup(8) does not.
_MAIN_CF = (
    "compatibility_level = 3.6\nmyhostname = host.localdomain\nmydomain = localdomain\nsmtputf8_enable = no\n"
)


class Answered(msgspec.Struct, frozen=True):
    """`replies[n]` is what the table says of line n, None for nothing; `was_asked[n]` is False for a line
    that cannot be asked this way. `seconds` of processor time for all of them, without the start of the
    program. `warnings` are what it wrote to standard error.
    """

    replies: tuple[str | None, ...]
    was_asked: tuple[bool, ...]
    seconds: float
    warnings: tuple[str, ...]


def postmap_program() -> str | None:
    """Where postmap is on this machine; None where Postfix is not."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    return shutil.which("postmap", path=path)


def ask_postmap(table_type: str, text: str, lines: Sequence[bytes]) -> Answered | None:
    """What a table with this text answers to each line; None without postmap, or where it takes too long.

    Lines with a newline or NUL in them, and empty ones, cannot be asked.
    """
    program = postmap_program()
    if program is None:
        return None
    was_asked = tuple(bool(line) and b"\n" not in line and b"\0" not in line for line in lines)
    asked = [number for number, was in enumerate(was_asked) if was]
    # A line with a tab in it, then what stands before the tab: so no answer can be taken for another's.
    asked.sort(key=lambda number: -len(lines[number]))
    with tempfile.TemporaryDirectory(prefix="advisor-") as folder:
        table = Path(folder) / "table"
        table.write_bytes(text.encode("utf-8", "surrogateescape"))
        main_cf = Path(folder) / "main.cf"
        main_cf.write_text(_MAIN_CF)
        # Of a file that has just been written, Postfix waits for the rest (dict_load_file_xt() in dict.c).
        os.utime(main_cf, (0, 0))
        command = [program, "-c", folder, "-q", "-", f"{table_type}:{table}"]
        try:
            start = _run(command, b"x\n")
            full = _run(command, b"".join(lines[number] + b"\n" for number in asked))
        except subprocess.TimeoutExpired:
            return None
    replies: list[str | None] = [None] * len(lines)
    answers = iter(full.output.split(b"\n"))
    answer = next(answers, b"")
    for number in asked:
        key = lines[number] + b"\t"
        if answer.startswith(key):
            replies[number] = answer[len(key) :].decode("utf-8", "surrogateescape")
            answer = next(answers, b"")
    warnings = full.errors.decode("utf-8", "replace").replace(str(table), "table").splitlines()
    return Answered(tuple(replies), was_asked, max(0.0, full.seconds - start.seconds), tuple(warnings))


class _Run(msgspec.Struct):
    output: bytes
    errors: bytes
    seconds: float


def _run(command: Sequence[str], keys: bytes) -> _Run:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=keys, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603 - no shell, and names of our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Run(done.stdout, done.stderr, used)
