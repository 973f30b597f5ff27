"""What options of more than one command look like, and what their values mean."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console


class TextOrJson(StrEnum):
    """How a command's answer is written."""

    TEXT = "text"
    JSON = "json"


class Color(StrEnum):
    """Whether the output has colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


FormatOption = Annotated[TextOrJson, typer.Option("--output-format", help="How it is written.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Colours in the output.")]
FolderArgument = Annotated[
    str,
    typer.Argument(
        metavar="PATH", help="The folder with main.cf and master.cf, or what `advisor collect` brought."
    ),
]
LogOption = Annotated[
    list[str] | None,
    typer.Option(
        "--log",
        metavar="FILE",
        help="A mail log, also .gz, .bz2, .xz or .zst, a folder of them, or - for standard input. May be "
        "repeated.",
    ),
]
MetricsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--metrics",
        metavar="FILE",
        help="What `advisor metrics --output-format json` wrote. May be repeated, also beside --log.",
    ),
]
ServiceOption = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="The SMTP server to look at, as smtp/inet. Default: the one in trouble."
    ),
]
RulesDirOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules-dir",
        metavar="DIR",
        help="A folder with rules of your own, as CATEGORY/NAME.toml. May be repeated.",
    ),
]
ConfigOption = Annotated[
    str,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The advisor.toml to use. Default: ADVISOR_CONFIG, else the one that is found beside PATH, in "
        "the folders above up to the repository's, in ~/.config/advisor or in /etc/advisor.",
    ),
]
IsolatedOption = Annotated[bool, typer.Option("--isolated", help="Use no advisor.toml.")]
VersionOption = Annotated[
    str,
    typer.Option(
        "--postfix-version",
        metavar="V",
        help="The release to judge by: today's, or tomorrow's before an upgrade. 3.7 means the one installed "
        "here if it is of that series, else the newest of it.",
    ),
]
SinceOption = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Leave out what the log has before: 2026-11-23, '2026-11-23 04:00', an RFC 3339 time, or 2h, "
        "3d, yesterday, counted back from the log's last line. Without a zone: by the log's own clock.",
    ),
]
UntilOption = Annotated[
    str, typer.Option("--until", metavar="TIME", help="Leave out what the log has from then on.")
]
AnonymizeOption = Annotated[
    bool,
    typer.Option(
        "--anonymize",
        help="Pseudonyms for addresses, host names, mail addresses and queue ids, other ones in each run.",
    ),
]
AnonymizeKeyOption = Annotated[
    str,
    typer.Option(
        "--anonymize-key", metavar="TEXT", help="A secret that makes the pseudonyms the same in each run."
    ),
]
HostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--host",
        metavar="NAME",
        help="Count the lines of this host only, by its whole name or the part before the first dot. May be "
        "repeated.",
    ),
]
InstanceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--instance",
        metavar="NAME",
        help="Count the lines of this instance of Postfix only, by its syslog_name: postfix-out; postfix "
        "means postfix/submission too. May be repeated.",
    ),
]
ProfileOption = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="KIND",
        help="What the machine is: mail-exchanger, submission-host, internal-relay or null-client, with "
        "commas between where it is several. Default: what its SMTP servers show.",
    ),
]
JournalOption = Annotated[
    bool,
    typer.Option("--journal", help="Read the journal of this machine: runs journalctl, and nothing else."),
]
JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs", metavar="N", min=0, max=256, help="How many processes read logs; 0 stands for all cores."
    ),
]


def console_for(color: Color, *, to_stderr: bool = False, file: IO[str] | None = None) -> "Console":
    """The console on which a command prints, on stdout if nothing else is said: nothing there is markup."""
    from rich.console import Console

    return Console(
        file=file,
        stderr=to_stderr,
        force_terminal={Color.ALWAYS: True, Color.NEVER: False}.get(color),
        no_color=color is Color.NEVER or None,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )


def words(values: Sequence[str] | None) -> tuple[str, ...]:
    """The words of an option that may be repeated and may hold several, with commas between."""
    parts = (part.strip() for value in values or () for part in value.split(","))
    return tuple(part for part in parts if part)


def jobs_for(number: int) -> int:
    """How many processes may read: as many as cores that this one may use, where nobody told."""
    return number or len(os.sched_getaffinity(0))


def write_document(text: str, *, to_stderr: bool = False) -> None:
    """Writes text that a program reads, which is UTF-8 whatever the terminal has."""
    stream = sys.stderr if to_stderr else sys.stdout
    stream.flush()
    stream.buffer.write(text.encode())
    stream.buffer.flush()
