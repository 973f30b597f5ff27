"""The command `advisor`, and the one place where an error becomes an exit code."""

import gc
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from advisor.cli.exits import Exit
from advisor.errors import AdvisorError, NothingToCheck

# To start makes some 60,000 objects, which stay. Python looks through them for cycles a hundred times, which
# takes 6 to 9 % of a short command; what the commands make themselves has few.
NEW_OBJECTS = 200_000


def main() -> None:
    """Runs the command line; never shows a traceback."""
    gc.set_threshold(NEW_OBJECTS)
    _be_a_guest()
    try:
        _run(sys.argv[1:])
    except NothingToCheck as error:
        _fail(str(error), Exit.NOTHING_TO_CHECK)
    except AdvisorError as error:
        _fail(str(error), Exit.WRONG_INPUT)
    except BrokenPipeError:
        # The reader has gone, as `head` does. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.WRONG_INPUT)
    except Exception as error:  # noqa: BLE001 - whatever it is, the administrator gets a sentence
        _fail(
            f"a fault of advisor's own, please report it: {type(error).__name__}: {error}", Exit.WRONG_INPUT
        )


def _run(arguments: list[str]) -> None:
    """Scripts ask `advisor postconf` hundreds of times: it starts without what the other commands need."""
    if "_ADVISOR_COMPLETE" in os.environ:
        from advisor.cli.completion import complete

        complete()
    if arguments[:1] == ["postconf"] and "--help" not in arguments[1:2]:
        from advisor.cli.answer import answer, without_own_options

        answer(*without_own_options(arguments[1:]))
        return
    # numpy brings OpenBLAS, which starts a thread for each core as it is imported. Nothing asks them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from advisor.cli.commands import command_line

    command_line(*arguments[:1])(prog_name="advisor")


def _be_a_guest() -> None:
    """Leaves no byte code in somebody else's folder, as root under sudo would; and writes to terminals of any
    character set.
    """
    with suppress(OSError):
        if Path(__file__).stat().st_uid != os.geteuid():
            sys.dont_write_bytecode = True
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _fail(message: str, code: Exit) -> None:
    from advisor.engine.wording import visible

    sys.stderr.write(f"advisor: {visible(message)}\n")
    sys.exit(code)
