"""Values held against a real program: what `bad-value-type` says stops all programs does, and nothing else.

postmap(1) reads the parameters that all programs share; a lookup in a static table makes it do nothing more.
"""

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.written_values import written_values
from advisor.settings.catalogue import Kind, Parameter, catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.shared_parameters import SHARED_PARAMETERS
from advisor.syntax.source import SourceFile
from tests.oracle.test_settings_oracle import installed_release

pytestmark = pytest.mark.postfix

HEAD = "compatibility_level = 3.6\nmyhostname = mail.example.com\n"
# A program that gives up sleeps for a second first, so many are asked at a time.
AT_A_TIME = 40
# Every so many of the parameters are asked for: all of them take a minute.
STEP = 12


def refused(postconf: Path, line: str) -> bool:
    """Whether postmap gives up with the line in main.cf."""
    with TemporaryDirectory() as folder:
        Path(folder, "main.cf").write_text(HEAD + line)
        done = subprocess.run(
            [postconf.with_name("postmap"), "-c", folder, "-q", "x", "static:y"],
            capture_output=True,
            check=False,
            timeout=120,
        )
        return done.returncode != 0


def all_refused(postconf: Path, lines: Sequence[str]) -> list[bool]:
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(lambda line: refused(postconf, line), lines))


def parameters(release: Release) -> list[Parameter]:
    return [
        each
        for each in catalogue().parameters.values()
        if each.exists_in(release) and not each.read_only and each.kind(release) is not Kind.RAW
    ]


def test_the_shared_parameters_are_those_that_every_program_reads(postconf: Path) -> None:
    release = installed_release(postconf)
    asked = parameters(release)[::STEP]
    found = all_refused(postconf, [f"{each.name} = ${{x\n" for each in asked])
    shared = {each.name for each, stops in zip(asked, found, strict=True) if stops}
    assert shared == {each.name for each in asked} & SHARED_PARAMETERS


def texts(parameter: Parameter, release: Release) -> list[str]:
    """Texts around what the parameter takes."""
    least, greatest = parameter.bounds(release)
    numbers = [str(bound + step) for bound in (least, greatest) if bound is not None for step in (-1, 0, 1)]
    match parameter.kind(release):
        case Kind.BOOL:
            return ["Yes", "true", ""]
        case Kind.TIME:
            return [*numbers, "5 min", "5min", "1.5h", ""]
        case Kind.INT | Kind.LONG:
            return [*numbers, "10M", "7x", ""]
        case _:
            return [""]


def test_what_is_called_bad_stops_every_program_and_nothing_else_does(postconf: Path) -> None:
    release = installed_release(postconf)
    lines = [
        f"{each.name} = {text}\n"
        for each in parameters(release)
        # The name and address of this host are checked for more than their type.
        if each.name in SHARED_PARAMETERS and not each.name.startswith(("my", "inet_", "compatibility"))
        for text in texts(each, release)
    ][::STEP]
    for line, stops in zip(lines, all_refused(postconf, lines), strict=True):
        source = Instance.of(SourceFile("main.cf", HEAD + line), None, release, "")
        bad = [each for each in written_values(Case(source, NO_LOG)) if each.expected]
        assert bool(bad) is stops, line


NAMES = (
    "mail_1.example.org mail -x.example.org x-.example.org _.x 1-2.a 1.2 a.b. a..b .a *.a.b [192.0.2.1] "
    '192.0.2.1 2001:db8::1 http://a.b "a.b" \u00e4.b'
).split()


@pytest.mark.parametrize("parameter", ["myhostname", "mydomain", "myorigin"])
def test_the_names_that_every_program_refuses(postconf: Path, parameter: str) -> None:
    texts = [
        *NAMES,
        "a b",
        "a,b",
        f"{'a' * 63}.b",
        f"{'a' * 64}.b",
        "a." * 127 + "b",
        "a." * 128 + "b",
    ]
    # A name without a domain of its own leaves mydomain to the default, which any name has here.
    lines = [f"mydomain = example.org\n{parameter} = {text}\n" for text in texts]
    for line, stops in zip(lines, all_refused(postconf, lines), strict=True):
        source = Instance.of(SourceFile("main.cf", HEAD + line), None, installed_release(postconf), "")
        bad = [each for each in written_values(Case(source, NO_LOG)) if each.expected]
        assert bool(bad) is stops, line
