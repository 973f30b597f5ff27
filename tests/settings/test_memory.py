"""An amount of memory, as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import UsageError
from advisor.settings.memory import parse_memory


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4G", 4 << 30),
        ("4 GiB", 4 << 30),
        ("4gb", 4 << 30),
        ("512M", 512 << 20),
        ("1.5G", 3 << 29),
        ("65536k", 64 << 20),
        ("2T", 2 << 40),
        ("4294967296", 4 << 30),
        (" 16m ", 16 << 20),
    ],
)
def test_amounts(text: str, size: int) -> None:
    assert parse_memory(text) == size


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lots", "'lots' is no amount of memory; write it as 4G or 512M"),
        ("", "'' is no amount"),
        ("-4G", "'-4G' is no amount"),
        ("4X", "'4X' is no amount"),
        ("4", "'4' is less memory than a mail server has; write it as 4G or 512M, with its unit"),
        ("4096T", "'4096T' is more memory than any machine has"),
    ],
)
def test_what_is_none(text: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_memory(text, "--memory")
    assert str(raised.value).startswith(f"--memory: {words}")


@given(st.integers(16, 1 << 20))
def test_a_unit_is_a_factor(megabytes: int) -> None:
    assert parse_memory(f"{megabytes}M") == parse_memory(str(megabytes << 20)) == megabytes << 20
