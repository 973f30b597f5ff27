"""An advisor.toml -> what it says, or an error with file, line, key and cure."""

import os
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from advisor.engine.toml_form import FormError, Steps, convert, in_words, parse
from advisor.errors import PolicyError, unreadable
from advisor.policy.find import Found
from advisor.policy.form import PolicyFile
from advisor.policy.lines import key_lines, line_of
from advisor.syntax.source import Span

# A policy that names every rule with all its options has some 60 KiB.
_MOST: Final = 256 << 10


class Policy(msgspec.Struct, frozen=True, dict=True):
    """What a file says, and the text itself, to tell lines."""

    found: Found
    says: PolicyFile
    text: str

    @cached_property
    def _lines(self) -> Mapping[Steps, int]:
        return key_lines(self.text)

    def line(self, steps: Steps) -> int:
        """The line of a key."""
        return line_of(self._lines, steps)

    def span(self, steps: Steps) -> Span:
        """The line of a key, as the place of something."""
        line = self.line(steps)
        return Span(str(self.found.path), line, 1, line + 1, 1)

    def folder(self) -> Path:
        """The folder of the file, below which the files are that it names."""
        return self.found.path.absolute().parent

    def error(self, steps: Steps, message: str, cure: str) -> PolicyError:
        """What is wrong with the value of a key."""
        return _error(self.found.path, self.text, FormError(message, cure, steps=steps))


def read_policy(found: Found) -> Policy:
    """The policy in a file. Raises PolicyError for what is none, InputError where it cannot be read."""
    data = _bytes(found)
    try:
        table = parse(data)
    except FormError as error:
        raise _error(found.path, "", error) from error
    try:
        return Policy(found, convert(table, PolicyFile), data.decode())
    except FormError as error:
        raise _error(found.path, data.decode(), error) from error


def _bytes(found: Found) -> bytes:
    path = found.path
    try:
        # Without O_NONBLOCK a FIFO that somebody put there would keep us waiting.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PolicyError("is no plain file", where=str(path), cure="put a file there")
            if found.whose.may_name_rules and mode & stat.S_IWOTH:
                raise PolicyError(
                    "everybody may write it, and it counts for every configuration",
                    where=str(path),
                    cure="take that away: chmod o-w",
                )
            data = file.read(_MOST + 1)
    except OSError as error:
        raise unreadable(error, str(path)) from error
    if len(data) > _MOST:
        raise PolicyError(
            f"larger than {_MOST >> 10} KiB, which no policy is", where=str(path), cure="name another file"
        )
    return data


def _error(path: Path, text: str, error: FormError) -> PolicyError:
    place = (line_of(key_lines(text), error.steps),) if error.steps else error.place
    where = ":".join(map(str, (path, *place)))
    key = f": {in_words(error.steps)}" if error.steps else ""
    return PolicyError(error.message, where=f"{where}{key}", cure=error.cure)
