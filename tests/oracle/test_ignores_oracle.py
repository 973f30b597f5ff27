"""The real postconf reads the same with an ignore comment in front of any line, and without it again."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.oracle.test_syntax_oracle import (
    PLAIN_MASTER,
    Postconf,
    main_cf_files,
    main_tree,
    master_cf_files,
    master_tree,
)

pytestmark = pytest.mark.postfix
quick = settings(
    max_examples=int(os.environ.get("ORACLE_EXAMPLES", "25")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
comments = st.sampled_from(
    [
        "# advisor: ignore[weak-tls-protocol, other] until=2027-03-01 -- scanner in hall 3, OPS-1412",
        "  # advisor: ignore[weak-tls-protocol] -- an indented one",
        "#advisor:ignore-file[a] -- { $x \\",
        "# advisor: ignore -- \udcff\x1b\r",
    ]
)


def with_comment(text: str, comment: str, place: int) -> str:
    lines = text.split("\n")
    return "\n".join([*lines[: place % len(lines)], comment, *lines[place % len(lines) :]])


def read(real: Postconf, main_cf: str, master_cf: str) -> list[object]:
    """What postconf prints of main.cf and of master.cf, and how it ends."""
    real.write(main_cf, master_cf)
    return [(done.returncode, done.stdout) for done in (real.run("-n"), real.run("-M"))]


@pytest.fixture
def real(postconf: Path, tmp_path: Path) -> Postconf:
    return Postconf(postconf, tmp_path)


@quick
@given(main_cf_files, comments, st.integers(0, 20))
def test_in_main_cf(real: Postconf, text: str, comment: str, place: int) -> None:
    assume(not any(junk.fatal for junk in main_tree(text).junk))  # a refusal takes postconf a second
    after = with_comment(text, comment, place)
    assert read(real, after, PLAIN_MASTER) == read(real, text, PLAIN_MASTER)


@quick
@given(master_cf_files, comments, st.integers(0, 20))
def test_in_master_cf(real: Postconf, text: str, comment: str, place: int) -> None:
    assume(not any(junk.fatal for junk in master_tree(text).junk))
    after = with_comment(text, comment, place)
    assert read(real, "biff = no\n", after) == read(real, "biff = no\n", text)
