"""Where the number of each option of a rule comes from: the comment on it in the rule's file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from advisor.engine.rules import Rule


def option_sources(rule: Rule) -> Mapping[str, str]:
    """What the rule's file says of each of its options; empty where it says nothing."""
    return comments_on_names(_options_table(rule.path))


def comments_on_names(lines: Sequence[str]) -> Mapping[str, str]:
    """The comment on each name: the lines right above it, or what stands behind it; else empty."""
    found: dict[str, str] = {}
    comment: list[str] = []
    for line in lines:
        name, equals, value = line.partition("=")
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
            continue
        if equals:
            found[name.strip()] = value.partition(" # ")[2].strip() or " ".join(comment)
        comment = []
    return found


def _options_table(path: Path) -> list[str]:
    """The lines of a rule file's `[options]`."""
    _, _, behind = path.read_text().partition("\n[options]\n")
    lines = behind.splitlines()
    end = next((number for number, line in enumerate(lines) if line.startswith("[")), len(lines))
    return lines[:end]
