"""`postconf -M`, `-F` and `-P` held against the real one: stdout and status to the byte.

stderr is compared as a multiset of lines.

Lines of stderr about main.cf are not looked at here. Where a macro is broken, only the last line is: the
words before it are those of another module.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.postconf.master_entries import read_entries
from advisor.postconf.service_names import ServiceNames
from advisor.postconf.services import Mode, Style, print_services
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile
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
OPTIONS = "-M -M -Mf -Mx -Mfx -P -P -Pf -Px -Pfx -Ph -PH -Phx -F -Ff -Fx -Fh -FH -Fhfx -Pfh".split()
PATTERNS = """
    smtp smtp/inet */inet */* * slow/unix/a */*/b smtp/*/syslog_name */*/command */*/process_limit smtp/inet/*
    nope nope/unix smtp/ smtp//unix /smtp a/b/c/d sm* */inet/smtpd_* */*/nope {s}/unix [::1]:25/inet caf\udce9
""".split()


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
    lines = [line.replace(bytes(folder), b"DIR") for line in done.stderr.split(b"\n")]
    return Answer(done.stdout, _of_master_cf(lines), done.returncode)


def ours(main: str, master: str, arguments: Sequence[str], release: Release) -> Answer:
    option, *patterns = arguments
    stderr = Stderr()
    main_cf, master_cf = SourceFile("DIR/main.cf", main), SourceFile("DIR/master.cf", master)
    try:
        instance = Instance.of(main_cf, master_cf, release, "postconf")
        given = ServiceNames(read_entries(master_cf, "DIR/master.cf", stderr), instance, "DIR/master.cf")
        names = ServiceNames(given.scan(stderr), instance, "DIR/master.cf")
        style = Style(
            fold="f" in option,
            hide_names="h" in option,
            hide_values="H" in option,
            expand=names.expand if "x" in option else None,
        )
        mode = {"M": Mode.ENTRIES, "F": Mode.FIELDS, "P": Mode.PARAMETERS}[option[1]]
        stdout = print_services(names.entries, mode, patterns, style, stderr)
        names.warn_of_unused(stderr)
    except Fatal as error:
        stderr.fatal(error)
        return Answer(b"", _of_master_cf(stderr.lines), 1)
    return Answer(stdout, _of_master_cf(stderr.lines), 0)


def _of_master_cf(lines: Sequence[bytes]) -> Counter[bytes]:
    kept = [line for line in lines if line and b"DIR/main.cf:" not in line]
    if kept and kept[-1].endswith(b"macro processing error"):
        kept = kept[-1:]
    return Counter(kept)


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


arguments = st.builds(
    lambda option, patterns: (option, *patterns),
    st.sampled_from(OPTIONS),
    st.lists(st.sampled_from(PATTERNS), max_size=2) | st.just([]),
)


def hold_against(
    postconf: Path, folder: Path, release: Release, files: st.SearchStrategy[str], most: int | None = None
) -> None:
    """The refused ones at once, at the end: msg_fatal() in msg.c sleeps for a second."""
    refused: list[tuple[str, Sequence[str]]] = []

    @settings(suppress_health_check=list(HealthCheck), max_examples=most or settings().max_examples)
    @given(files, arguments)
    def agree(master: str, arguments: Sequence[str]) -> None:
        expected = ours(MAIN, master, arguments, release)
        if expected.status:
            refused.append((master, arguments))
            return
        write(folder, MAIN, master)
        assert the_real(postconf, folder, arguments) == expected

    agree()

    def answer(number: int) -> Answer:
        own = folder / str(number)
        own.mkdir()
        write(own, MAIN, refused[number][0])
        return the_real(postconf, own, refused[number][1])

    with ThreadPoolExecutor(max_workers=32) as pool:
        for case, answered in zip(refused, pool.map(answer, range(len(refused))), strict=True):
            assert answered == ours(MAIN, *case, release), case


def test_any_master_cf_is_printed_as_postconf_prints_it(
    postconf: Path, tmp_path: Path, release: Release
) -> None:
    hold_against(postconf, tmp_path, release, master_files, 250 if settings().max_examples == 100 else None)


def test_what_postconf_refuses_is_refused_in_its_words(
    postconf: Path, tmp_path: Path, release: Release
) -> None:
    hold_against(postconf, tmp_path, release, spoilt_files)
