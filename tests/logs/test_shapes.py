"""A line's shape: the same for lines of one kind, and nothing of a person in it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.logs.shapes import _VARYING, masked
from tests.logs.test_messages import assert_linear


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("67BA52422F9: something new for <jo@example.org>", "ID: something new for <>"),
        ("4QwX1z0Yz9z1Kd: something new for <x@example.net>", "ID: something new for <>"),
        ("warning: unknown[192.0.2.1]:4031: odd thing 17", "warning: unknown[]: odd thing *"),
        ("warning: /etc/postfix/main.cf, line 12: odd", "warning: *, line *: odd"),
        ('warning: the table "hash:/x" is odd', 'warning: the table "" is odd'),
        ("user jo@example.org, helo=mx.example.org", "user *, helo=*"),
        ("", ""),
    ],
)
def test_the_shape_of_a_text(text: str, shape: str) -> None:
    assert masked(text) == shape


_PARTS = st.sampled_from(
    [
        *"<>[]\"'=: @./9aZ(),;",
        "NOQUEUE: ",
        "67BA52422F9: ",
        "word",
        "jo@example.org",
        "192.0.2.1",
        "\x1b",
        "é",
        "ID: ",
    ]
)


@given(st.one_of(st.text(), st.lists(_PARTS, max_size=60).map("".join)))
@example("'" + "a " * 80)
@example('"' * 200)
def test_a_shape_is_its_own_shape(text: str) -> None:
    shape = masked(text)
    assert masked(shape) == shape
    assert len(shape) <= 120


@given(
    st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=20),
    st.sampled_from(["", "<", '"', "["]),
)
def test_no_local_part_is_left(name: str, before: str) -> None:
    assert f"{name}@" not in masked(f"odd thing {before}{name}@example.org done")


def test_hostile_text_costs_no_more_than_its_length() -> None:
    assert_linear(_VARYING, ["", "<", '"', "[", "67BA5", "a"])
