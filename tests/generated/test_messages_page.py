"""docs/messages.md is the table of messages. `make golden` writes it anew."""

import os
from pathlib import Path

from advisor.logs.messages import MESSAGES, Message

PAGE = Path(__file__).parent.parent.parent / "docs" / "messages.md"
_HEAD = """# The messages that are known

Each message of Postfix that advisor counts, by its name in the metrics. "Since" is the first stable release
that writes this form, "source" the file below `src/` of Postfix. "Counted by" names the values that are
counted too, "peak" the number whose maximum is kept.

| message | programs | counted by | peak | since | source |
|---|---|---|---|---|---|
"""


def line(row: Message) -> str:
    programs = "any" if "*" in row.daemons else " ".join(row.daemons)
    cells = (row.name, programs, ", ".join(row.keys), row.peak, row.since, row.source)
    return "| " + " | ".join(cells) + " |\n"


def test_the_page_of_messages() -> None:
    text = _HEAD + "".join(map(line, MESSAGES))
    if os.environ.get("UPDATE_GOLDENS") == "1":
        PAGE.write_text(text)
    assert PAGE.read_text() == text, "docs/messages.md is behind the table: make golden"
