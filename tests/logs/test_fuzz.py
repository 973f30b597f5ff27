"""A small piece of `make fuzz`, and that its laws can be broken."""

from random import Random

import pytest

from advisor.logs.scan import Part
from tests.logs.fuzz import LawBrokenError, campaign, examine, smallest, usual

LINE = b"Nov  3 04:05:06 mx postfix/smtpd[12]: connect from a[192.0.2.1]\n"


def seeded() -> Random:
    return Random(1)  # noqa: S311 - repeatable, no secret


def test_damaged_logs_keep_the_laws() -> None:
    assert campaign(12_000, compared=3) == 0


def test_a_lost_line_is_seen() -> None:
    def forgets(data: bytes) -> Part:
        part = usual(data)
        part.metrics.matched.clear()
        return part

    with pytest.raises(LawBrokenError, match="covered"):
        examine(LINE * 3, seeded(), fast=forgets)


def test_a_sum_that_is_another_is_seen() -> None:
    def counts_parts(data: bytes) -> Part:
        part = usual(data)
        part.metrics.counters["postfix/smtpd", "part"] += 1
        return part

    with pytest.raises(LawBrokenError, match="split"):
        examine(LINE * 3, seeded(), fast=counts_parts)


def test_a_slow_scan_that_differs_is_seen() -> None:
    with pytest.raises(LawBrokenError, match="differ"):
        examine(LINE * 3, seeded(), slow=lambda data: usual(data + LINE))


def test_the_lines_that_break_a_law_are_found() -> None:
    def stumbles(data: bytes) -> Part:
        if b"[12]" in data and b"[14]" in data:
            raise ValueError
        return usual(data)

    lines = [LINE.replace(b"12", str(number).encode()) for number in range(10, 20)]
    assert smallest(b"".join(lines), 1, fast=stumbles) == lines[2] + lines[4].rstrip(b"\n")
