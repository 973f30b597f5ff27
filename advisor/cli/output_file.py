"""Where `--output-file` puts a report: the file is the old one or the whole new one, never a part of it."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from advisor.errors import InputError


def write_output_file(name: str, data: bytes) -> None:
    """Writes the file, with the mode that it had. Raises InputError where that cannot be done.

    A pipe or a device, such as /dev/stderr, is written to as it is.
    """
    try:
        path = Path(name).resolve()
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        _replace(path, data)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}",
            where=name,
            cure="name a file in a folder that you may write",
        ) from error


def _replace(path: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(_mode(path))
            Path(file.name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(file.name).unlink()
            raise


def _mode(path: Path) -> int:
    """That of the present file, or what any new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
