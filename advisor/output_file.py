"""A file that a command writes: whole, or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from advisor.errors import InputError


def write_whole(path: Path, data: bytes) -> None:
    """Puts the data in the place of the file, whose mode is kept; who reads it meets the old or the new one.

    A link stays, and its target is written. What is no regular file, such as a pipe, is written as it is.
    Raises InputError where that cannot be done; then the old file is as it was.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            cure="name a file in a folder where you may write",
        ) from error


def _replace(target: Path, data: bytes) -> None:
    beside = target.with_name(f".{target.name[:100]}.{token_hex(8)}")
    try:
        with open(beside, "xb") as file:  # noqa: PTH123 - Path.open shows the temporary's name in no error
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
        beside.replace(target)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
