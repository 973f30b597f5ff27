"""Lines that are read as columns, and the same lines read one by one: the metrics are the same."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given

from advisor.logs.scan import scan
from tests.logs.drawn import REFERENCE, logs, mutated
from tests.logs.readable import differences

LAB = Path(__file__).parents[1] / "data" / "lab"
RUNS = sorted(path.parent.name for path in LAB.glob("*/mail.log.gz"))


def two_ways(log: bytes) -> dict[str, object]:
    """In what reading as columns differs from reading one by one: nothing."""
    one, other = (scan(log, "log", REFERENCE, usual=usual).finish() for usual in (True, False))
    return dict(differences(one, other))


@given(logs())
def test_columns_tell_what_the_grammar_tells(log: bytes) -> None:
    assert two_ways(log) == {}


@given(mutated())
def test_so_they_do_when_the_log_is_damaged(log: bytes) -> None:
    assert two_ways(log) == {}


@pytest.mark.parametrize("name", RUNS)
def test_so_they_do_for_a_real_postfix(name: str) -> None:
    log = gzip.decompress((LAB / name / "mail.log.gz").read_bytes())
    assert two_ways(log) == {}
