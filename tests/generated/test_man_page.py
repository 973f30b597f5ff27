"""docs/advisor.1 is what the command line says of itself. `make golden` writes it anew."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from advisor.cli.commands import command_line
from advisor.cli.exits import Exit
from tests.generated.man_page import EXIT, man_page

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = DOCS / "advisor.1"


def shown() -> str:
    """The page as man(1) prints it, on one line. What groff warns of is an error."""
    if shutil.which("groff") is None:
        pytest.skip("needs groff, which prints man pages")
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", "-P-cbou", PAGE], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return " ".join(done.stdout.split())


def test_the_man_page() -> None:
    if os.environ.get("UPDATE_GOLDENS") == "1":
        PAGE.write_text(man_page())
    assert PAGE.read_text() == man_page(), "docs/advisor.1 is behind --help: make golden"


@pytest.mark.parametrize(
    "page", [DOCS / "exit-codes.md", DOCS.parent / "README.md"], ids=lambda page: page.name
)
def test_each_exit_code_has_a_row(page: Path) -> None:
    found = [int(code) for code, _ in EXIT.findall(page.read_text())]
    assert found == list(map(int, Exit))


def test_it_is_printed_without_a_warning() -> None:
    text = shown()
    for each in command_line().registered_commands:
        assert f"advisor {each.name} " in text
    assert "--postfix-version V The release to judge by: today's" in text
