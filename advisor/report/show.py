"""Settings in force: the value, where it comes from, and what it shadows; as text and as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from advisor.engine.wording import visible
from advisor.report.json_text import as_json
from advisor.report.model import VERSION
from advisor.settings.instance import Instance
from advisor.settings.listing import Listed
from advisor.settings.setting import Default, Origin, Setting

# What stands for a service's own value in `postconf -P`, and here.
_INDENT = "  "


def show_settings(entries: Sequence[Listed], console: Console) -> None:
    """Prints the settings; nothing is folded, so that a value can be copied."""
    for entry in entries:
        for line in _lines(entry):
            console.print(line, soft_wrap=True)


def _lines(entry: Listed) -> list[Text]:
    setting = entry.setting
    lines = [
        Text.assemble(
            (f"{', '.join(map(visible, entry.services))}: " if entry.services else "", "cyan"),
            (visible(setting.name), "bold"),
            f" = {visible(setting.text or setting.normal)}",
        )
    ]
    for label, text in _details(setting):
        lines.append(Text.assemble(_INDENT, (f"{label:<9}", "dim"), visible(text)))
    return lines


def _details(setting: Setting) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if setting.problem is not None:
        found.append(("refused", str(setting.problem)))
    elif setting.unknown:
        found.append(("unknown", f"the host sets {', '.join(sorted(setting.unknown))}: {setting.normal}"))
    elif setting.normal not in (setting.text, ""):
        found.append(("is", setting.normal))
    elif setting.normal != setting.text:
        found.append(("is", "(empty)"))
    if setting.problem is None and setting.stress != setting.normal:
        found.append(("stress", f"{setting.stress or '(empty)'}, while all processes are busy"))
    found.append(("from", _origin(setting.origin)))
    found += [
        ("shadows", f"{loser.text or '(empty)'}  from {_origin(loser.origin)}") for loser in setting.shadowed
    ]
    return found


def _origin(origin: Origin) -> str:
    return f"the default of Postfix {origin.release}" if isinstance(origin, Default) else str(origin.span)


def settings_as_json(instance: Instance, entries: Sequence[Listed]) -> str:
    """`{"version": 1, "settings": […]}`, indented; `services` is empty for all that have no own value."""
    document = {
        "version": VERSION,
        "configuration": instance.name,
        "postfix": {"version": str(instance.release), "source": instance.release_source},
        "settings": [_entry(entry) for entry in entries],
    }
    return as_json(document)


def _entry(entry: Listed) -> dict[str, Any]:
    setting = entry.setting
    return {
        "name": setting.name,
        "services": list(entry.services),
        "text": setting.text,
        "value": setting.normal if setting.known else None,
        "stress": setting.stress if setting.known else None,
        "unknown": sorted(setting.unknown),
        "problem": None if setting.problem is None else str(setting.problem),
        "origin": _place(setting.origin),
        "shadows": [{"text": loser.text, "origin": _place(loser.origin)} for loser in setting.shadowed],
    }


def _place(origin: Origin) -> dict[str, Any]:
    if isinstance(origin, Default):
        return {"kind": "default", "release": str(origin.release)}
    span = origin.span
    return {"kind": type(origin).__name__, "file": span.file, "line": span.line, "column": span.column}
