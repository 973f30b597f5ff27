"""Paths and lines as other programs want them."""

import pytest

from advisor.report.located import located, path_from, place_of
from advisor.report.model import Reports
from advisor.syntax.source import Span
from tests.report.sample_reports import ROOT, report, sample


@pytest.mark.parametrize(
    ("root", "path", "told"),
    [
        ("/r", "main.cf", "main.cf"),
        ("/r", "./a/../main.cf", "main.cf"),
        ("/r", "/r/x/main.cf", "x/main.cf"),
        ("/r", "/etc/main.cf", "/etc/main.cf"),
        ("/r", "/rx/main.cf", "/rx/main.cf"),
        ("/r", "../x/main.cf", "/x/main.cf"),
        ("/", "/etc/main.cf", "etc/main.cf"),
        ("/r", "/r", "."),
        ("", "/etc/main.cf", "/etc/main.cf"),
    ],
)
def test_a_path_is_told_from_the_root(root: str, path: str, told: str) -> None:
    assert path_from(root, path) == told


@pytest.mark.parametrize(("text", "line"), [("", 1), ("\n", 1), ("# a\n# b\n", 2), ("# a\n# b", 2)])
def test_the_end_of_a_file_is_a_line_that_it_has(text: str, line: int) -> None:
    made = report("mx", text, rules="no-outbound-tls")
    (only,) = located(Reports((made,)))
    assert (only.place.file, only.place.line, only.place.end_line) == ("mx/main.cf", line, line)


def test_a_place_in_a_file_stays() -> None:
    made = report("mx", "a = b\n")
    where = Span("mx/main.cf", 1, 5, 1, 6)
    assert place_of(made.instance, where, ROOT) == where
    elsewhere = Span("tables/x", 900, 1, 900, 2)
    assert place_of(made.instance, elsewhere, ROOT) == elsewhere


def test_they_come_in_the_same_order_whatever_the_order_of_instances() -> None:
    first, second = sample().reports
    forth, back = (located(Reports(each, root=ROOT)) for each in ((first, second), (second, first)))
    assert [each.place for each in forth] == [each.place for each in back]
