"""What `--anonymize` prints: pseudonyms in place of people and hosts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from advisor.logs.metrics import Metrics
    from advisor.report.model import Report, Reports
    from advisor.report.pseudonyms import Pseudonyms
    from advisor.settings.instance import Instance
    from advisor.syntax.source import SourceFile

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


def hidden_reports(reports: "Reports", hidden: "Pseudonyms") -> "Reports":
    """The reports with pseudonyms in all texts that a document shows, and without the text of the files: a
    fingerprint of a line would tell whether a guess of it is right.
    """
    from msgspec.structs import replace

    return replace(
        reports,
        reports=tuple(_hidden_report(each, hidden) for each in reports.reports),
        not_judged=_hidden(reports.not_judged, hidden),
        root=hidden.text(reports.root),
    )


def _hidden_report(report: "Report", hidden: "Pseudonyms") -> "Report":
    from msgspec.structs import replace

    told = (
        "judgements patch commands proven proof untested not_applied refused log_hint notes suppressed "
        "policy decisions"
    )
    texts = {name: _hidden(getattr(report, name), hidden) for name in told.split()}
    return replace(report, instance=_blank(report.instance, hidden), predictions=(), **texts)


def _hidden(value: Any, hidden: "Pseudonyms") -> Any:
    """Plain values with each text changed, but for the names of rules."""
    from enum import Enum

    from msgspec import Struct
    from msgspec.structs import replace

    match value:
        case str() if not isinstance(value, Enum):
            return hidden.text(value)
        case tuple():
            return tuple(_hidden(each, hidden) for each in value)
        case Struct():
            fields = (name for name in value.__struct_fields__ if name != "rule")
            return replace(value, **{name: _hidden(getattr(value, name), hidden) for name in fields})
        case _:
            return value


def _blank(instance: "Instance", hidden: "Pseudonyms") -> "Instance":
    """An instance whose files have as many lines, and nothing on them."""
    from msgspec.structs import replace

    from advisor.settings.instance import Instance

    return Instance.of(
        _blank_file(instance.main_cf.source, hidden),
        _blank_file(instance.master_cf.source, hidden) if instance.master_cf else None,
        instance.release,
        instance.release_source,
        given=replace(instance.given, name=hidden.text(instance.name)),
    )


def _blank_file(source: "SourceFile", hidden: "Pseudonyms") -> "SourceFile":
    from advisor.syntax.source import SourceFile

    text = source.text
    lines = text.count("\n") + (not text.endswith("\n"))
    return SourceFile(hidden.text(source.name), "\n" * lines)
