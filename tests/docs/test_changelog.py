"""CHANGELOG.md has the form of Keep a Changelog 1.1.0."""

import re
from itertools import pairwise
from pathlib import Path

TEXT = (Path(__file__).parent.parent.parent / "CHANGELOG.md").read_text()
VERSION = re.compile(r"\[(?:Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d\d-\d\d)?")
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def sections(text: str, level: str) -> list[tuple[str, str]]:
    """The headings of a level, each with what stands below it."""
    parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def test_the_newest_comes_first() -> None:
    names = [name for name, _ in sections(TEXT, "##")]
    assert TEXT.startswith("# Changelog\n")
    assert names[0] == "[Unreleased]"
    assert [name for name in names if not VERSION.fullmatch(name)] == []
    dates = [name.rpartition(" ")[2] for name in names[1:]]
    assert all(later >= earlier for later, earlier in pairwise(dates))


def test_each_change_stands_under_its_kind() -> None:
    for version, text in sections(TEXT, "##"):
        kinds = [kind for kind, _ in sections(text, "###")]
        assert kinds == [kind for kind in KINDS if kind in kinds], version
        for kind, entries in sections(text, "###"):
            lines = [line for line in entries.splitlines() if line and not line.startswith("[")]
            assert lines, f"{version} {kind} is empty"
            assert [line for line in lines if not line.startswith(("- ", "  "))] == []
