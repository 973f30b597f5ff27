"""What holds for every text, also a broken one."""

from hypothesis import example, given
from hypothesis import strategies as st

from advisor.syntax import main_cf, master_cf
from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.main_cf import MainCf, parse_main_cf
from advisor.syntax.master_cf import MasterCf, parse_master_cf
from advisor.syntax.source import WHITE_SPACE, SourceFile, Span
from tests.syntax.texts import anything, interruptions, main_cf_texts, master_cf_texts

some_main_cf = st.one_of(main_cf_texts, anything)
some_master_cf = st.one_of(master_cf_texts, anything)
some_text = st.one_of(some_main_cf, some_master_cf)


def main_tree(text: str) -> MainCf:
    return parse_main_cf(SourceFile("main.cf", text))


def master_tree(text: str) -> MasterCf:
    return parse_master_cf(SourceFile("master.cf", text))


def offset(text: str, line: int, column: int) -> int:
    """The inverse of SourceFile.position, written the slow and plain way."""
    return sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1


def inside(source: SourceFile, span: Span) -> str:
    text = source.text
    return text[offset(text, span.line, span.column) : offset(text, span.end_line, span.end_column)]


def joined(text: str) -> str:
    """A piece of a file without line ends, and comments and blank lines inside it; cut at a NUL."""
    first, *rest = text.split("\n")
    kept = [part for part in rest if (content := part.lstrip(WHITE_SPACE)) and not content.startswith("#")]
    return "".join([first, *kept]).partition("\0")[0]


@given(st.binary(max_size=200))
def test_every_byte_comes_back(data: bytes) -> None:
    assert SourceFile.from_bytes("main.cf", data).encode() == data


@given(some_main_cf)
@example("\0foo = bar\n")
@example(" \0 = x")
def test_main_cf_renders_what_was_parsed(text: str) -> None:
    tree = main_tree(text)
    assert main_cf.render(tree) == text


@given(some_master_cf)
@example("\0")
def test_master_cf_renders_what_was_parsed(text: str) -> None:
    tree = master_tree(text)
    assert master_cf.render(tree) == text


@given(some_text)
def test_lines_leave_nothing_out_and_do_not_overlap(text: str) -> None:
    position = 0
    for line in logical_lines(SourceFile("f", text)):
        assert line.start == position
        position = line.end
    assert position == len(text)


@given(some_text)
def test_offset_of_each_character_of_a_logical_line(text: str) -> None:
    for line in logical_lines(SourceFile("f", text)):
        if isinstance(line, LogicalLine):
            assert "".join(text[line.offset(index)] for index in range(len(line.text))) == line.text


@given(some_main_cf)
def test_spans_lie_in_the_file_and_say_what_offsets_say(text: str) -> None:
    tree = main_tree(text)
    for node in tree.nodes:
        assert inside(tree.source, node.span) in node.text
    for node in tree.assignments:
        assert node.start <= node.value_start <= node.value_end <= node.end
        assert text[node.start : node.end] == node.text
        assert inside(tree.source, node.value_span) == text[node.value_start : node.value_end]
        assert inside(tree.source, node.span).startswith(node.name)


@given(some_main_cf)
def test_value_is_what_stands_at_its_place(text: str) -> None:
    for node in main_tree(text).assignments:
        stored = text[node.value_start : node.value_end]
        assert joined(stored) == node.raw_value
        if "\n" not in stored:
            assert stored == node.raw_value


@given(some_main_cf)
def test_a_value_can_be_replaced_at_its_place(text: str) -> None:
    tree = main_tree(text)
    for node in tree.assignments:
        # A NUL behind the value, or comments inside it, may stay behind: they end or leave the logical line.
        changed = main_tree(text[: node.value_start] + "NEW" + text[node.value_end :])
        before = [a.name for a in tree.assignments]
        assert [a.name for a in changed.assignments] == before
        assert [a.raw_value for a in changed.assignments if a.start == node.start] == ["NEW"]


@given(some_master_cf)
def test_tokens_stand_at_their_places(text: str) -> None:
    for entry in master_tree(text).entries:
        for token in (*entry.fields, *entry.arguments):
            assert joined(text[token.start : token.end]) == token.text
        assert [token.text for token in entry.fields] == [
            entry.name,
            entry.type,
            entry.private,
            entry.unpriv,
            entry.chroot,
            entry.wakeup,
            entry.process_limit,
            entry.command,
        ]


@given(some_master_cf)
@example("smtp inet n - - - - smtpd -o { biff = a\n")
@example("smtp inet n - - - - smtpd {-o} biff=no\n")
def test_overrides_stand_at_their_places(text: str) -> None:
    tree = master_tree(text)
    for entry in tree.entries:
        for override in entry.overrides:
            assert override.name
            assert override.start <= override.value_start <= override.value_end <= override.end
            assert joined(text[override.value_start : override.value_end]) == override.value
            assert inside(tree.source, override.span) == text[override.start : override.end]


@given(some_master_cf)
def test_spans_of_services_begin_with_the_name(text: str) -> None:
    tree = master_tree(text)
    for entry in tree.entries:
        assert joined(inside(tree.source, entry.span)).lstrip(WHITE_SPACE).startswith(entry.name)


@given(some_text, some_text)
def test_appending_a_line_changes_no_line_before_it(text: str, other: str) -> None:
    if not text.endswith("\n") or other.startswith(tuple(WHITE_SPACE)):
        return
    # What comes behind must begin a logical line of its own; a comment alone would be swallowed.
    before = [n.name for n in main_tree(text).assignments]
    after = [n.name for n in main_tree(text + "x = y\n" + other).assignments]
    assert after[: len(before) + 1] == [*before, "x"]


@st.composite
def edited(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[str, str]:
    """A text, and what it is with a piece of it replaced."""
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return text, text[:start] + draw(st.one_of(st.just(""), interruptions, texts)) + text[end:]


@given(st.one_of(edited(some_main_cf), st.tuples(some_main_cf, some_main_cf)))
@example(("a = 1\n# c\nb = 2\n", "a = 1\n# c\n  3\nb = 2\n"))
@example(("a = 1\nb = 2\n", "a = 1\n b = 2\n"))
@example(("a = 1\nb = 2", "a = 1\nb = 23"))
@example(("a = 1\nb = 2\n", "a = 1b = 2\n"))
@example((" a = 1\nb = 2\n", "\nb = 2\n"))
def test_a_main_cf_parsed_again_is_the_same_as_parsed_anew(texts: tuple[str, str]) -> None:
    before, after = texts
    source = SourceFile("main.cf", after)
    assert parse_main_cf(source, main_tree(before)) == parse_main_cf(source)


@given(st.one_of(edited(some_master_cf), st.tuples(some_master_cf, some_master_cf)))
def test_a_master_cf_parsed_again_is_the_same_as_parsed_anew(texts: tuple[str, str]) -> None:
    before, after = texts
    source = SourceFile("master.cf", after)
    assert parse_master_cf(source, master_tree(before)) == parse_master_cf(source)


def test_the_tree_of_another_file_is_not_taken_over() -> None:
    other = parse_main_cf(SourceFile("other.cf", "biff = no\n"))
    assert {node.span.file for node in parse_main_cf(SourceFile("main.cf", "biff = no\n"), other).nodes} == {
        "main.cf"
    }
