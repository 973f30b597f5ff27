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
    streams = [io.BytesIO(data) for data in (b"", b"", stdin)]
    out, error, given = (io.TextIOWrapper(stream, "utf-8", newline="") for stream in streams)
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
    for stream in (out, error):
        stream.flush()
    written = [stream.getvalue() for stream in streams[:2]]
    assert b"Traceback" not in written[1]
    assert isinstance(code, int)
    return Done(command, code, *written)
