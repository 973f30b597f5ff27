"""Each command that the documents show is run, as it stands there, and prints what stands below it.

`sh` blocks are scripts, `console` blocks have `$ ` before a command; tests/docs/sandbox.py is the machine.
A block that only the reader's host can run says so, and its command lines are still read.
"""

import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer import Context
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from advisor.cli.commands import command_line
from tests.docs.blocks import BLOCKS, CONSOLE, PAGES, ROOT, SCRIPT, Block, Step, blocks, steps
from tests.docs.sandbox import Ran, build, run

RUN = [block for block in BLOCKS if block.kind in (SCRIPT, CONSOLE) and not block.why_not]
# Other blocks show files, and what is printed; a command in one of them would be run by nobody.
OTHERS = {"", "diff", "groovy", "ini", "json", "python", "text", "toml", "xml", "yaml"}
GROUP = get_command(command_line())
assert isinstance(GROUP, TyperGroup)
COMMANDS = dict(GROUP.commands)
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
INCOMPLETE = re.compile(r"^Missing parameter|requires an argument")
MAKE = re.compile(r"^make ([a-z-]+)")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
# `advisor check …` up to what ends a command in a shell, in YAML and in prose.
CALL = re.compile(rf"(?<![\w./-])advisor (?:{'|'.join(COMMANDS)})(?![\w:-])(?:\\\n|[^\n`|;&<>()#])*")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine") / "built"
    folder.mkdir()
    build(folder)
    return folder


@pytest.fixture
def sandbox(machine: Path, tmp_path: Path) -> Path:
    """A machine of its own for each block."""
    folder = tmp_path / "machine"
    shutil.copytree(machine, folder, symlinks=True)
    return folder


def without_failure(ran: Ran) -> bool:
    """Findings (1) are no failure, and neither is what differs; a command that is missing or refused is."""
    return all(each.startswith("1 ") for each in ran.failed) and ran.status in (0, 1)


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the lines are those that are shown, where `…` alone stands for any number of them."""
    parts = (r"(?:.*\n)*" if line.strip() == "…" else re.escape(line.rstrip()) + r"\n" for line in shown)
    return re.fullmatch("".join(parts), "".join(f"{line.rstrip()}\n" for line in printed)) is not None


@pytest.mark.parametrize("block", RUN, ids=str)
def test_the_commands_of_a_block(sandbox: Path, block: Block) -> None:
    for name, text in block.files.items():
        (sandbox / name).parent.mkdir(parents=True, exist_ok=True)
        (sandbox / name).write_text(text)
    for step in steps(block):
        ran = run(sandbox, step.command)
        assert without_failure(ran), f"{ran.failed}\n{ran.output}"
        assert "Traceback" not in ran.output
        assert agrees(step.shown, ran.output.splitlines()), ran.output


@pytest.mark.parametrize("block", [each for each in BLOCKS if each not in RUN], ids=str)
def test_no_other_block_has_commands_that_nobody_runs(block: Block) -> None:
    assert block.why_not or block.kind in OTHERS, f"which kind of block is {block.kind}?"
    lines = block.text.splitlines()
    assert block.why_not or not [line for line in lines if line.startswith(("$ ", "advisor "))]


def calls(page: Path) -> Iterator[list[str]]:
    """The command lines of advisor in the blocks of a page, and in what stands between backticks."""
    text = page.read_text()
    codes = [block.text for block in blocks(page, text)] + SPAN.findall(text)
    for found in (call for code in codes for call in CALL.findall(code)):
        yield shlex.split(found.replace("\\\n", " "), comments=True)[1:]


def refused(words: list[str]) -> str:
    """Why the command line is none; empty where it is one."""
    command = COMMANDS[words[0]]
    assert isinstance(command, TyperCommand)
    above = Context(GROUP, info_name="advisor")
    given = [word for word in words[1:] if word not in ("…", "...")]
    try:
        command.make_context(words[0], given, parent=above, resilient_parsing=False)
    except Exception as error:  # noqa: BLE001 - typer keeps the names of its errors to itself
        return str(error)
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_command_line_has_words_that_there_are(page: Path) -> None:
    wrong = [(words, why) for words in calls(page) if (why := refused(words))]
    # A sentence may name a command, or an option, without what it is for.
    assert [each for each in wrong if not INCOMPLETE.search(each[1])] == []


def test_make_knows_each_target_that_is_mentioned() -> None:
    known = set(TARGET.findall((ROOT / "Makefile").read_text()))
    spans = {name for page in PAGES for span in SPAN.findall(page.read_text()) for name in MAKE.findall(span)}
    assert "golden" in spans
    assert spans - known == set()


def test_what_does_not_hold_is_found(sandbox: Path) -> None:
    assert refused(["check", "--such"]) != ""
    assert refused(["check", "--fail-on", "sometimes"]) != ""
    assert not without_failure(run(sandbox, "advisor check --such\n:"))
    assert not without_failure(run(sandbox, "advisor-of-none\n:"))
    assert without_failure(run(sandbox, "advisor check\n:"))
    assert agrees(["a", "…", "d"], ["a", "b", "c", "d"])
    assert not agrees(["a", "…", "d"], ["a", "b", "c"])


def test_the_marks_of_a_block() -> None:
    page = """
<!-- needs a host: why -->
```sh
a
```

```sh
b
```

```
c
```

<!-- file: x/y -->
```toml
z
```
"""
    marked, shown, output, file = blocks(Path(), page)
    assert (marked.why_not, marked.shown) == ("why", None)
    assert (shown.why_not, list(steps(shown))) == ("", [Step("b\n", ("c",))])
    assert [each.kind for each in (output, file)] == ["", "toml"]
    assert shown.files == {"x/y": "z\n"}
