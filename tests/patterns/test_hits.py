"""Hits of a log given back to the rules that made them."""

from datetime import UTC, datetime

from advisor.logs.content import read_content_log
from advisor.logs.source import LogText
from advisor.patterns.hits import TableHits, hits_of
from advisor.patterns.sample import LineKind
from advisor.syntax.pattern_table import TableType, parse_pattern_table
from advisor.syntax.source import SourceFile

FROM = "from localhost[127.0.0.1]; from=<a@example.com> to=<b@example.com> proto=SMTP helo=<c>"


def hits(table: str, *logged: str, kind: LineKind = LineKind.HEADER, program: str = "cleanup") -> TableHits:
    log = "".join(f"Nov 29 06:44:03 mx postfix/{program}[1]: 9CFC42121FE: {each}\n" for each in logged)
    text = LogText("log", log.encode(), datetime(2026, 11, 30, tzinfo=UTC))
    tree = parse_pattern_table(SourceFile("table", table), TableType.REGEXP)
    return hits_of(tree, read_content_log([text]), {kind}, 100_000)


def counts(found: TableHits) -> dict[int, int]:
    return {line: each.count for line, each in found.by_line.items()}


def test_words_and_lines_tell_the_rule() -> None:
    table = (
        "/^Subject: a/ WARN one\n/^Subject: b/ WARN two\n/^Subject: .*c/ WARN two\n/d/ REJECT\n/e/ DUNNO\n"
    )
    found = hits(
        table,
        f"warning: header Subject: a {FROM}: one",
        f"warning: header Subject: xc {FROM}: two",
        f"warning: header Subject: cut {FROM}: one",
        f"reject: header Subject: d {FROM}: 5.7.1 message content rejected",
        f"warning: header Subject: nobody {FROM}: two",
        f"hold: header Subject: a {FROM}",
    )
    assert counts(found) == {1: 2, 3: 1, 4: 1}
    assert (found.elsewhere, found.unclear, found.maybe) == (1, 1, frozenset({2}))
    assert found.unlogged == {5}


def test_headers_of_parts_are_logged_as_headers() -> None:
    logged = f"reject: header Content-Type: application/x; name=a.exe {FROM}: 5.7.1 no programs"
    table = "/name=.*\\.exe/ REJECT 5.7.1 no programs\n"
    for kind in (LineKind.HEADER, LineKind.MIME_HEADER, LineKind.NESTED_HEADER):
        assert counts(hits(table, logged, kind=kind)) == {1: 1}
    assert counts(hits(table, logged, kind=LineKind.BODY)) == {}


def test_words_behind_a_line_of_the_smtp_client() -> None:
    table = "/^X-A: a/ WARN seen: it\n/^X-A/ INFO\n/^X-B$/ WARN all\n"
    found = hits(
        table,
        "warning: header X-A: a: b: seen: it",
        "info: header X-A: c",
        "warning: header X-B: all",
        program="smtp",
    )
    assert counts(found) == {1: 1, 2: 1, 3: 1}
