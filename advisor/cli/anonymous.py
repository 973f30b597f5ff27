"""What `--anonymize` prints: pseudonyms in place of people and hosts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from advisor.logs.metrics import Metrics
    from advisor.report.pseudonyms import Pseudonyms

# Wider than any paragraph, so that no name is broken between two lines before it was found.
_WIDE = 100_000


def pseudonyms(metrics: Sequence["Metrics | None"], key: str, *, wanted: bool) -> "Pseudonyms | None":
    """The pseudonyms under a key, or under one of this run alone; None where nobody asked for them.

    They are the same for all these metrics.
    """
    if not wanted and not key:
        return None
    from secrets import token_bytes

    from advisor.report.pseudonyms import Pseudonyms, host_names

    names = [name for each in metrics if each is not None for name in host_names(each)]
    return Pseudonyms(key.encode("utf-8", "surrogateescape") or token_bytes(), names)


def write_hidden(write: Callable[["Console"], None], hidden: "Pseudonyms", console: "Console") -> None:
    """Prints on `console` what `write` prints, with pseudonyms, and without colours."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    wide = Console(
        file=StringIO(), width=_WIDE, highlight=False, markup=False, emoji=False, color_system=None
    )
    with wide.capture() as capture:
        write(wide)
    for line in capture.get().splitlines():
        console.print(Text(hidden.text(line.rstrip())))


def hidden_json(text: str, hidden: "Pseudonyms") -> str:
    """A JSON document with pseudonyms."""
    import msgspec

    from advisor.report.json_text import as_json

    return as_json(hidden.document(msgspec.json.decode(text)))
