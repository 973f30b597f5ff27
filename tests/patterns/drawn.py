"""Tables and lines drawn by a seeded source, and what the engines answer, asked within this process."""

import random
from collections.abc import Iterator, Sequence

from advisor.patterns.engines import GivenUpError, InvalidPatternError, Matcher, engine_for, matcher
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.patterns.tree import Tree
from advisor.patterns.worker import Answer
from advisor.syntax.pattern_table import Pattern, PatternTable, TableType, parse_pattern_table
from advisor.syntax.source import SourceFile

TYPES = (TableType.REGEXP, TableType.PCRE)
LINES = tuple(
    b"a|b|A|ab|aab|abc|0|a0|a.b|d|n|t|aa|aaa|bab|a b|foo|foobar|barfoo|FOO|x41|[|{|aBc|cba|^|a$|ba ab|x foo y"
    b"|_|a,b|-|\xe9|a\tb|A B|foo bar|b0b|ABAB|]|a]".split(b"|")
)
_PIECES = (
    "a b c A 0 . * + ? | ( ) [ [^ ] [[:alpha:]] {2} {1,2} {2,} ^ $ \\b \\w \\d \\. \\s [a-c] (?: (?i) *? ++ "
    "\\< \\x41 _ ab foo bar { } , (?=a) \\n \\t \\1 [a\\d] []a] (?-i: ba (a) (a|b) \\W \\S [^ab] .* \\Qa\\E"
).split()


def drawn_source(seed: object) -> random.Random:
    """The same draws at each run."""
    return random.Random(str(seed))  # noqa: S311 - nothing secret


def drawn_pattern(source: random.Random, pieces: int, flags: Sequence[str] = ("", "", "i", "m")) -> Pattern:
    """A pattern of at most so many pieces, valid or not."""
    body = "".join(source.choice(_PIECES) for _ in range(source.randint(1, pieces)))
    return Pattern(body, source.choice(flags))


def drawn_table(source: random.Random, table_type: TableType, lines: int) -> str:
    """A table of so many lines: rules and conditions of all kinds, and lines that are neither."""
    return "".join(f"{_drawn_line(source, table_type, number)}\n" for number in range(lines))


def _drawn_line(source: random.Random, table_type: TableType, number: int) -> str:
    flags = ("", "", "", "i", "m", "x", "ix", "q") + (
        ("s", "A", "E", "U") if table_type is TableType.PCRE else ()
    )
    pattern = drawn_pattern(source, 4, flags)
    mark = source.choice(("", "", "", "", "!", "! ", "!!"))
    delimited = source.choice(("/{}/", "/{}/", "~{}~", "!{}!" if mark == "" else "/{}/", "/{}")).format(
        pattern.body
    )
    second = f"!/{drawn_pattern(source, 2).body}/" if source.random() < 0.1 else ""
    replies = ("", "", "", " <$1>", " <${1}>", " <$2>", " <$x>", " <$$>")
    reply = source.choice(replies) if _is_read(pattern, table_type) else ""
    rule = f"{mark}{delimited}{pattern.flags}{second} reply {number}{reply}"
    others = (f"if {mark}/{pattern.body}/{source.choice(flags)}", "endif", "# note", "odd", "  more", "")
    return source.choice((rule, rule, rule, rule, rule, *others) if number else (rule, "endif", "odd"))


def _is_read(pattern: Pattern, table_type: TableType) -> bool:
    """Whether it is known how many groups it has."""
    try:
        read_pattern(pattern, table_type)
    except NotReadError:
        return False
    return True


def understood(table_type: TableType, count: int) -> Iterator[tuple[Pattern, Tree, Matcher]]:
    """Of so many drawn patterns those that are valid and understood, with the engine's function."""
    source = drawn_source(f"patterns {table_type}")
    for _ in range(count):
        pattern = drawn_pattern(source, 6)
        try:
            yield (
                pattern,
                read_pattern(pattern, table_type),
                matcher(pattern, table_type, engine_for(table_type)),
            )
        except (InvalidPatternError, NotReadError):
            continue


def parsed(text: str, table_type: TableType) -> PatternTable:
    """The table with this text."""
    return parse_pattern_table(SourceFile("table", text), table_type)


def answers(table: PatternTable, lines: Sequence[bytes]) -> tuple[Answer, ...]:
    """What the engine that Postfix uses answers, pattern by pattern."""
    return tuple(_answer(pattern, table.type, lines) for pattern in table.patterns)


def _answer(pattern: Pattern, table_type: TableType, lines: Sequence[bytes]) -> Answer:
    try:
        matches = matcher(pattern, table_type, engine_for(table_type))
    except InvalidPatternError as error:
        return Answer(invalid=str(error))
    matched, given_up = [], []
    for number, line in enumerate(lines):
        try:
            if matches(line):
                matched.append(number)
        except GivenUpError:
            given_up.append(number)
    return Answer(matched=tuple(matched), given_up=tuple(given_up))
