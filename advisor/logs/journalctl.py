"""`--journal`: what journalctl(1) gives. It is the only program that is ever run, and only when asked for."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import TemporaryFile

from advisor.errors import InputError
from advisor.logs.archives import BLOCK
from advisor.logs.blocks import LogFile
from advisor.logs.source import JOURNAL

# Postfix logs as the facility mail (2); journald itself says when it dropped lines.
_ARGUMENTS = ("--output=export", "--quiet", "--no-pager", "SYSLOG_FACILITY=2", "+", "_COMM=systemd-journal")


def journal(since: float | None = None) -> LogFile:
    """What the journal of this machine holds of mail, from `since` on (seconds since the epoch)."""
    return LogFile(JOURNAL, datetime.now(UTC), lambda: _run(since), is_read_once=True)


def _run(since: float | None) -> Iterator[bytes]:
    program = shutil.which("journalctl")
    if program is None:
        raise InputError("this machine has no journalctl", where="--journal", cure="name the log's file")
    begin = () if since is None else (f"--since=@{since:.6f}",)
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603 - fixed arguments and a number, no shell
            [program, *begin, *_ARGUMENTS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            while block := process.stdout.read(BLOCK):
                yield block
        except GeneratorExit:
            process.kill()
            raise
        if process.wait():
            complaints.seek(0)
            told = complaints.read(500).decode("utf-8", "replace").strip()
            raise InputError(
                f"journalctl failed: {told}",
                where="--journal",
                cure="ask it by hand: journalctl --facility=mail",
            )
