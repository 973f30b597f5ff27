"""What every test may ask for: the real Postfix, golden files, and hypothesis set up the same everywhere."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from advisor.rehearsal.namespaces import CannotRehearseError, ready

# Quick and the same on every machine, so that a red run means a change and not a lucky draw.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=100, database=None)
# A campaign: HYPOTHESIS_PROFILE=long .venv/bin/python -m pytest tests/syntax
settings.register_profile(
    "long",
    derandomize=False,
    deadline=None,
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "20000")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# No test may hang on what the person who runs it has decided for their own machine.
os.environ.pop("ADVISOR_CONFIG", None)
os.environ["XDG_CONFIG_HOME"] = "/nonexistent"

GOLDEN = Path(__file__).parent / "golden"
Golden = Callable[[str, str], None]

_NO_POSTFIX = "needs the real Postfix"
_NO_REHEARSAL = "needs a private Postfix"


def find_postconf() -> Path | None:
    """postconf of the real Postfix; /usr/sbin is not on everybody's PATH."""
    found = shutil.which(
        "postconf", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/lib/postfix/sbin"
    )
    return Path(found) if found else None


def postfix_is_required() -> bool:
    """In CI a test that did not run is a failure."""
    return os.environ.get("REQUIRE_POSTFIX") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes run the tests, those of a module stay together, for the fixtures they share;
    and so do all that play a load: two at a time would measure each other. They take longest, and begin.
    """
    items.sort(key=lambda item: item.get_closest_marker("namespaces") is None)
    for item in items:
        plays = item.get_closest_marker("namespaces") is not None
        item.add_marker(pytest.mark.xdist_group("namespaces" if plays else item.location[0]))


@cache
def _why_no_rehearsal() -> str:
    """Why no private Postfix can be started here; empty where it can."""
    try:
        ready()
    except CannotRehearseError as error:
        return str(error)
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("namespaces") is not None and (reason := _why_no_rehearsal()):
        if postfix_is_required():
            pytest.fail(f"{reason}, and REQUIRE_POSTFIX=1", pytrace=False)
        pytest.skip(f"{_NO_REHEARSAL}: {reason}")
    if item.get_closest_marker("postfix") is None or find_postconf() is not None:
        return
    if postfix_is_required():
        pytest.fail("postconf is not installed and REQUIRE_POSTFIX=1: run make test-host", pytrace=False)
    pytest.skip(_NO_POSTFIX)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, reason, cure in (
        ("Postfix", _NO_POSTFIX, "To run them: make test-host"),
        ("a private Postfix", _NO_REHEARSAL, _why_no_rehearsal()),
    ):
        skipped = Counter(
            report.nodeid.partition("::")[0]
            for report in terminalreporter.stats.get("skipped", ())
            if reason in str(report.longrepr)
        )
        if skipped:
            files = ", ".join(sorted(skipped))
            terminalreporter.write_line(
                f"Not run, for lack of {what}: {skipped.total()} tests in {files}. {cure}"
            )


@pytest.fixture(scope="session")
def postconf() -> Path:
    """The real postconf. Mark the test with `postfix`: without the program it is skipped, in CI it fails."""
    program = find_postconf()
    if program is None:
        raise LookupError("a test that uses the postconf fixture needs @pytest.mark.postfix")
    return program


@pytest.fixture
def golden() -> Golden:
    """`golden(name, text)`: the text is that of tests/golden/NAME. `make golden` writes the files anew."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if os.environ.get("UPDATE_GOLDENS") == "1":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
            return
        if not file.exists():
            pytest.fail(
                f"tests/golden/{name} is missing: run make golden and read what it wrote", pytrace=False
            )
        with file.open(encoding="utf-8", newline="") as stream:
            expected = stream.read()
        assert text == expected, f"tests/golden/{name} differs; if that is meant: make golden"

    return compare
