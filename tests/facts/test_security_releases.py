"""A release among the last security releases of each series."""

import pytest

from advisor.errors import RuleError
from advisor.facts.case import Case
from advisor.facts.security_releases import security_release, support
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, Release
from advisor.syntax.source import SourceFile

TABLE = "3.9.14 3.10.13"


def case_of(release: str, source: str = "") -> Case:
    instance = Instance.of(SourceFile("main.cf", ""), None, Release.parse(release), source)
    return Case(instance, Missing("", ""))


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("3.9.13", "behind"),
        ("3.9.14", "current"),
        ("3.10.2", "behind"),
        ("3.11.0", "current"),
        ("3.8.20", "ended"),
    ],
)
def test_support(release: str, expected: str) -> None:
    assert support(case_of(release), TABLE) == expected


def test_what_is_not_known() -> None:
    assert isinstance(support(case_of("3.9.13", ASSUMED), TABLE), Missing)
    assert security_release(case_of("3.8.0"), TABLE) == ""


@pytest.mark.parametrize("table", ["", "3.9.14, 3.10"])
def test_a_table_that_cannot_be_read(table: str) -> None:
    with pytest.raises(RuleError):
        support(case_of("3.9.13"), table)
