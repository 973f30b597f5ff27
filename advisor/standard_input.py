"""Standard input as bytes, which a program that was started without one does not have."""

import sys
from typing import BinaryIO

from advisor.errors import InputError


def standard_input() -> BinaryIO:
    """Standard input. Raises InputError where it is closed, as `<&-` or a service manager may leave it."""
    if sys.stdin is None:
        raise InputError("is closed", where="standard input", cure="pipe the text in, or name a file")
    return sys.stdin.buffer
