"""Patterns that run away, that are never tried, or that are tried in vain."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.check_patterns import endless_rules, runaway_patterns, unguarded_runs
from advisor.facts.check_tables import check_lists
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile


def case(table: str | None, kind: str = "pcre", name: str = "header_checks") -> Case:
    of = Instance.of(
        SourceFile("main.cf", f"{name} = {kind}:/t\n"),
        None,
        Release.parse("3.7.11"),
        "",
        table=lambda path: SourceFile(path, table) if table is not None else None,
    )
    return Case(of, NO_LOG)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"^(a+)+$", True),
        (r"^(?:[a-z]*)*x", True),
        (r"(\w+){2,}!", True),
        (r"(.*)+ x", True),
        (r"^(a|a)*b", True),
        (r"^(a|ab|b)*c", True),
        # Only one way to divide the text, an end that cannot fail, a possessive one, a fixed number, signs.
        (r"^(a+ )+$", False),
        (r"^(a+)+", False),
        (r"^(a+)++$", False),
        (r"^(a+){3}$", False),
        (r"^\(a+\)+$", False),
        (r"^(a+)b$", False),
    ],
)
def test_nested_repetitions_run_away(*, pattern: str, found: bool) -> None:
    (checks,) = check_lists(of := case(f"/{pattern}/ WARN\n"))
    assert runaway_patterns(of, checks) == (("/t:1",) if found else ())
    (checks,) = check_lists(of := case(f"/{pattern}/ WARN\n", "regexp"))
    assert runaway_patterns(of, checks) == ()


@pytest.mark.parametrize(
    ("table", "name", "expected"),
    [
        ("/a/ WARN\n/^/ DUNNO\n/b/ WARN\n/c/ WARN\n", "header_checks", ("/t:2 (2 behind it)",)),
        ("/./ DUNNO\n/b/ WARN\n", "header_checks", ("/t:1 (1 behind it)",)),
        ("/./ DUNNO\n/b/ WARN\n", "body_checks", ()),
        ("/a/ WARN\n/.*/ DUNNO\n", "header_checks", ()),
        ("!/.*/ DUNNO\n/b/ WARN\n", "header_checks", ()),
        ("if /.*/\n/b/ WARN\nendif\n", "header_checks", ()),
        ("if /a/\n/.*/ DUNNO\nendif\n/b/ WARN\n", "header_checks", ()),
    ],
)
def test_nothing_is_tried_behind_a_match_of_all(table: str, name: str, expected: tuple[str, ...]) -> None:
    (checks,) = check_lists(of := case(table, name=name))
    assert endless_rules(of, checks) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("/^To: a/ OK\n/^Subject: a/ OK\n/^subject: b/i OK\n", [("if /^Subject:/", 2, "/t:2")]),
        ("/^Subject: a/ OK\n/^To: a/ OK\n/^Subject: b/ OK\n", []),
        ("if /^S/\n/^Subject: a/ OK\n/^Subject: b/ OK\nendif\n", [("if /^Subject:/", 2, "/t:2")]),
        ("if /^Subject:/\n/^Subject: a/ OK\n/^Subject: b/ OK\nendif\n", []),
        ("/buy cheap pills/ OK\n/(very|so) cheap/ OK\n", [("if /cheap/", 2, "/t:1")]),
        ("!/^Subject: a/ OK\n!/^Subject: b/ OK\n", []),
    ],
)
def test_rules_for_one_header_that_follow_each_other(
    table: str, expected: list[tuple[str, int, str]]
) -> None:
    (checks,) = check_lists(of := case(table))
    found = unguarded_runs(of, checks, 2)
    assert not isinstance(found, Missing)
    assert [(each.condition, each.count, each.place) for each in found] == expected


def test_a_table_that_was_not_given_is_missing() -> None:
    (checks,) = check_lists(of := case(None))
    assert isinstance(runaway_patterns(of, checks), Missing)
