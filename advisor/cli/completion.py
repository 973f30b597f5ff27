"""What a shell is told when somebody presses TAB, and the scripts that make it ask.

The protocol is typer's: the shell runs `advisor` with `_ADVISOR_COMPLETE` in its environment, and with the
words of the line in others.
"""

import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE: Final = "_ADVISOR_COMPLETE"
_PROGRAM: Final = "advisor"


class Shell(StrEnum):
    """The shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def script(shell: Shell) -> str:
    """What the shell has to read once, with a newline behind it."""
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name=_PROGRAM, complete_var=VARIABLE, shell=shell) + "\n"


def complete() -> None:
    """Answers the shell and ends. Only the command that the line names is loaded, as when it runs."""
    from typer._completion_classes import completion_init

    from advisor.cli.commands import command_line

    words = _words()
    completion_init()
    command_line(words[1] if len(words) > 2 else "")(prog_name=_PROGRAM, complete_var=VARIABLE)
    sys.exit()


def selected_rules(incomplete: str) -> Iterator[tuple[str, str]]:
    """What may stand in --select and --ignore, behind the words that are there: `tls,open-r` has a comma."""
    before, comma, _ = incomplete.rpartition(",")
    named = [(path.stem, path.parent.name) for path in _rule_files()]
    categories = sorted({category for _, category in named})
    for name, what in [("all", "each rule"), *((each, "category") for each in categories), *named]:
        yield before + comma + name, what


def explained(incomplete: str) -> Iterator[tuple[str, str]]:  # noqa: ARG001 - typer looks at what fits
    """What `advisor explain` knows: rules with their category, and causes."""
    from advisor.facts.causes import Cause
    from advisor.facts.delivery_recognition import EXPLAINED

    yield from ((path.stem, path.parent.name) for path in _rule_files())
    yield from ((cause.value, "cause") for cause in dict.fromkeys((*Cause, *EXPLAINED)))


def _rule_files() -> list["Path"]:
    """A rule's file has its name, and stands in a folder with that of its category: none is read."""
    from advisor.resources import resource_folder

    return sorted(resource_folder("rules").glob("*/*.toml"), key=lambda path: path.stem)


def _words() -> list[str]:
    """The words of the line up to the cursor. An `=`, which bash makes a word of, is taken out of them."""
    if "COMP_WORDS" not in os.environ:
        return os.environ.get("_TYPER_COMPLETE_ARGS", "").split()
    words = os.environ["COMP_WORDS"].split("\n")[: int(os.environ.get("COMP_CWORD", "0")) + 1]
    kept = [word for word in words[:-1] if word != "="] + ["" if word == "=" else word for word in words[-1:]]
    os.environ |= {"COMP_WORDS": "\n".join(kept), "COMP_CWORD": str(len(kept) - 1)}
    return kept
