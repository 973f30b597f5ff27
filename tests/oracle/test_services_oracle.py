"""`postconf -M`, `-F` and `-P` held against the real one: stdout and status to the byte.

stderr is compared as a multiset of lines.
"""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.postconf.run import run
from advisor.settings.host import Host
from advisor.settings.release import Release
from tests.oracle.master_files import master_files, spoilt_files

pytestmark = pytest.mark.postfix

MAIN = """\
myhostname = mail.example.com
mynetworks = 127.0.0.0/8
a = in main
slow_time_limit = 1h
smtpd_restriction_classes = mua
spare = $from_master $b
slow_destination_recipient_limit = 7
"""
MAINS = [
    MAIN,
    "myhostname = a.b\n",
    "myhostname = a.b\na = $b ${c?x}\nalias_maps = ldap:a\na_server_host = x\nservice_name = y\nmua = $mua\n",
    "myhostname = a.b\nsmtpd_banner = ${a\nspare = $$ $\n x = y\nrelayhost = $relayhost\nmua = a\nmua = b\n",
]
OPTIONS = "-M -M -Mf -Mx -Mfx -P -P -Pf -Px -Pfx -Ph -PH -Phx -F -Ff -Fx -Fh -FH -Fhfx -Pfh".split()
PATTERNS = """
    smtp smtp/inet */inet */* * slow/unix/a */*/b smtp/*/syslog_name */*/command */*/process_limit smtp/inet/*
    nope nope/unix smtp/ smtp//unix {s}/unix [::1]:25/inet caf\udce9
""".split()
SPOILT_PATTERNS = "/smtp a/b/c/d sm* */inet/smtpd_* */*/nope".split()


@dataclass(frozen=True)
class Answer:
    stdout: bytes
    stderr: Counter[bytes]
    status: int


def the_real(postconf: Path, folder: Path, arguments: Sequence[str]) -> Answer:
    command = [os.fsencode(word) for word in ("postconf", "-c", str(folder), *arguments)]
    done = subprocess.run(
        command, executable=postconf, capture_output=True, check=False, timeout=60, env={"LC_ALL": "C"}
    )
    if done.returncode == -signal.SIGSEGV:  # a circle of macros through a comparison, which it does not bound
        return Answer(b"", Counter([b"postconf: fatal: macro processing error"]), 1)
    return Answer(done.stdout, _comparable(done.stderr.splitlines()), done.returncode)


def ours(folder: Path, arguments: Sequence[str], release: Release) -> Answer:
    outcome = run(["-c", str(folder), *arguments], release=release, host=Host())
    return Answer(outcome.stdout, _comparable(outcome.warnings), outcome.status)


def _comparable(lines: Sequence[bytes]) -> Counter[bytes]:
    """Which of two broken macros postconf comes to first is chance, and what it says before that too."""
    is_broken = bool(lines) and lines[-1].endswith(b"macro processing error")
    return Counter(lines[-1:] if is_broken else lines)


def write(folder: Path, main: str, master: str) -> None:
    """Postfix reads a file again until it has not changed for a second, so these look old."""
    for name, text in (("main.cf", main), ("master.cf", master)):
        file = folder / name
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        os.utime(file, (1_000_000_000, 1_000_000_000))


@pytest.fixture(scope="module")
def release(postconf: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("empty")
    write(folder, "", "")
    return Release.parse(the_real(postconf, folder, ["-hd", "mail_version"]).stdout.decode().strip())


patterns: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]),
    st.just([]),
    st.lists(st.sampled_from(PATTERNS), max_size=2),
    st.lists(st.sampled_from(PATTERNS + SPOILT_PATTERNS), max_size=2),
)
arguments = st.builds(lambda option, patterns: (option, *patterns), st.sampled_from(OPTIONS), patterns)


def hold_against(
    postconf: Path, folder: Path, release: Release, files: st.SearchStrategy[str], most: int | None = None
) -> None:
    """The refused ones at once, at the end: msg_fatal() in msg.c sleeps for a second."""
    refused: list[tuple[str, str, Sequence[str]]] = []

    @settings(suppress_health_check=list(HealthCheck), max_examples=most or settings().max_examples)
    @given(st.sampled_from([MAIN, MAIN, *MAINS]), files, arguments)
    def agree(main: str, master: str, arguments: Sequence[str]) -> None:
        write(folder, main, master)
        expected = ours(folder, arguments, release)
        if expected.status:
            refused.append((main, master, arguments))
        else:
            assert the_real(postconf, folder, arguments) == expected

    agree()

    def difference(case: tuple[str, str, Sequence[str]]) -> tuple[Answer, Answer] | None:
        main, master, arguments = case
        with TemporaryDirectory(dir=folder) as own:
            write(Path(own), main, master)
            real, expected = the_real(postconf, Path(own), arguments), ours(Path(own), arguments, release)
            return None if real == expected else (real, expected)

    with ThreadPoolExecutor(max_workers=32) as pool:
        for case, found in zip(refused, pool.map(difference, refused), strict=True):
            assert found is None, case


def test_any_master_cf_is_printed_as_postconf_prints_it(
    postconf: Path, tmp_path: Path, release: Release
) -> None:
    hold_against(postconf, tmp_path, release, master_files, 250 if settings().max_examples == 100 else None)


def test_what_postconf_refuses_is_refused_in_its_words(
    postconf: Path, tmp_path: Path, release: Release
) -> None:
    hold_against(postconf, tmp_path, release, spoilt_files)
