"""The command, run within the tests' own process."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from advisor.cli.main import main

Done = subprocess.CompletedProcess[bytes]


def advisor(*arguments: str | Path, stdin: bytes = b"", columns: int = 100) -> Done:
    """A run of the command; that no traceback is shown is asserted on the way."""
    command = ["advisor", *map(str, arguments)]
    out, error, given = (
        io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="") for data in (b"", b"", stdin)
    )
    code: str | int | None = 0
    with (
        redirect_stdout(out),
        redirect_stderr(error),
        patch.object(sys, "argv", command),
        patch.object(sys, "stdin", given),
        patch.dict(os.environ, {"COLUMNS": str(columns)}),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    written = [_bytes(stream) for stream in (out, error)]
    assert b"Traceback" not in written[1]
    assert isinstance(code, int)
    return Done(command, code, *written)


def _bytes(stream: io.TextIOWrapper) -> bytes:
    stream.seek(0)
    return stream.buffer.read()
