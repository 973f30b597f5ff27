"""The line of a finding with its mark: within the width, safe to print, the mark under the place."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from advisor.report.marked_line import MarkedLine, marked_line
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile


def shown(text: str, begin: int, end: int, width: int = 60) -> tuple[str, str] | None:
    source = SourceFile("main.cf", text)
    of = Instance.of(source, SourceFile("master.cf", ""), Release(3, 7, 11), "")
    marked = marked_line(of, source.span(begin, end))
    return marked.lines(width) if marked else None


def test_the_mark_ends_under_the_last_letter() -> None:
    assert shown("biff = maybe\n", 7, 12) == ("biff = maybe", "       ~~~~^")
    assert shown("a = 1\n  b, c\n", 8, 9) == ("b, c", "^")
    assert shown("a = 1\n\tb  \r\n", 7, 8) == ("b", "^")
    assert shown("a = \x1b[2J x\n", 9, 10) == ("a = \\x1b[2J x", " " * 12 + "^")


def test_a_place_that_is_no_part_of_a_line_has_no_mark() -> None:
    assert shown("biff = maybe\n", 0, 12) is None
    assert shown("a = b\n  c\n", 4, 9) is None
    assert shown("a = b\n", 4, 4) is None
    other = SourceFile("elsewhere", "a = b\n")
    of = Instance.of(SourceFile("main.cf", ""), None, Release(3, 7, 11), "")
    assert marked_line(of, other.span(4, 5)) is None


def test_a_long_line_is_cut_on_both_sides() -> None:
    lines = shown("a" * 50 + " = wrong " + "b" * 50, 53, 58, 30)
    assert lines == ("…aaaaaaaaaaa = wrong bbbbbbbb…", " " * 15 + "~~~~^")
    assert shown("x = " + "a" * 99, 4, 103, 20) == ("x = " + "a" * 15 + "…", "    " + "~" * 15 + "^")


_TEXT = st.text(
    alphabet=st.one_of(st.characters(exclude_characters="\n"), st.sampled_from("\x1b\udc80\u4e2d\u0301 ")),
    max_size=60,
)


@given(_TEXT, _TEXT.filter(bool), _TEXT, st.integers(10, 80))
def test_any_text_stays_in_the_width(before: str, part: str, behind: str, width: int) -> None:
    text = before + part + behind
    if (lines := shown(text, len(before), len(before) + len(part), width)) is None:
        return
    line, mark = lines
    assert line.isprintable()
    assert cell_len(line) <= width
    assert set(mark) <= {" ", "~", "^"}
    assert len(mark) <= width


@pytest.mark.parametrize("width", [20, 80])
def test_it_is_no_markup(width: int) -> None:
    console = Console(file=StringIO(), width=width)
    console.print(MarkedLine("a = ", "[bold]x[/]", ""))
    assert isinstance(console.file, StringIO)
    assert "[bold]x[/]" in console.file.getvalue()
