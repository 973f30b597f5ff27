"""Settings in force: the value, where it comes from, and what it shadows."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from advisor.engine.wording import visible
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
