"""The line of a file that a finding is about, with the place marked under it: `~~~^`."""

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from advisor.engine.wording import visible
from advisor.settings.instance import Instance
from advisor.syntax.source import WHITE_SPACE, Span

_CUT = "…"


class MarkedLine(msgspec.Struct, frozen=True):
    """The text before the marked part, that part, and what follows, as a terminal may show it."""

    before: str
    part: str
    behind: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from (
            Text(line, style, no_wrap=True, overflow="crop")
            for line, style in zip(self.lines(options.max_width), ("", "bold red"), strict=True)
        )

    def lines(self, width: int) -> tuple[str, str]:
        """The line and the mark, cut to so many columns; the beginning of the part is always there."""
        before = self.before
        if cell_len(before) > width // 2:
            kept = before[-max(1, width // 2 - 1) :]
            while cell_len(kept) > width // 2 - 1 and kept:
                kept = kept[1:]
            before = _CUT + kept
        line = before + self.part + self.behind
        if cell_len(line) > width:
            line = set_cell_size(line, width - 1).rstrip() + _CUT
        start = cell_len(before)
        length = max(1, min(cell_len(self.part), width - start))
        return line, " " * start + "~" * (length - 1) + "^"


def marked_line(instance: Instance, span: Span) -> MarkedLine | None:
    """The line with its mark; None for a place that is not within one line, or is all of it."""
    sources = [instance.main_cf.source, *([instance.master_cf.source] if instance.master_cf else ())]
    text = next((source.text for source in sources if source.name == span.file), None)
    if text is None or span.line != span.end_line or span.column >= span.end_column:
        return None
    line = text.split("\n")[span.line - 1]
    before, part, behind = (
        line[: span.column - 1].lstrip(WHITE_SPACE),
        line[span.column - 1 : span.end_column - 1],
        line[span.end_column - 1 :].rstrip(WHITE_SPACE),
    )
    if span.column == 1 and not behind:
        return None
    return MarkedLine(*(visible(each.replace("\t", " ")) for each in (before, part, behind)))
