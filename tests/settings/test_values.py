import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.settings.values import (
    INT_MAX,
    LONG_MAX,
    BadValue,
    format_seconds,
    item_places,
    parse_boolean,
    parse_number,
    parse_seconds,
    split_items,
)


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("10", "s", 10),
        ("10", "h", 36_000),
        ("10s", "d", 10),
        ("3m", "s", 180),
        ("2h", "s", 7200),
        ("5d", "s", 432_000),
        ("1w", "s", 604_800),
        ("300seconds", "s", 300),
        ("1.5h", "s", None),
        ("s", "s", 0),
        (" 7s", "s", 7),
        ("+7s", "s", 7),
        ("-1s", "s", None),
        ("10 s", "s", None),
        ("10S", "s", None),
        ("5q", "s", None),
        ("", "s", None),
        ("ten", "s", None),
        ("2147483647", "s", INT_MAX),
        ("2147483648", "s", None),
        ("100000w", "s", None),
        ("9" * 5000, "s", None),
        ("\u0663s", "s", None),
    ],
)
def test_a_time_is_digits_and_one_letter(text: str, unit: str, seconds: int | None) -> None:
    parsed = parse_seconds(text, unit)
    if seconds is None:
        assert isinstance(parsed, BadValue)
        assert parsed.text == text
    else:
        assert parsed == seconds


@given(st.integers(0, 10**8))
def test_formatted_seconds_read_back(seconds: int) -> None:
    assert parse_seconds(format_seconds(seconds)) == seconds


def test_seconds_are_formatted_in_the_largest_exact_unit() -> None:
    texts = [format_seconds(seconds) for seconds in (0, 90, 120, 86_400, 604_800)]
    assert texts == ["0s", "90s", "2m", "1d", "1w"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("100", 100), ("-1", -1), ("0", 0), ("100x", None), ("", None), ("1 000", None), ("x", None), (" 5", 5)],
)
def test_a_number_is_digits_to_the_end(text: str, number: int | None) -> None:
    parsed = parse_number(text)
    assert isinstance(parsed, BadValue) if number is None else parsed == number


def test_a_number_fits_the_type_that_holds_it() -> None:
    assert isinstance(parse_number("9223372036854775807"), BadValue)
    assert parse_number("9223372036854775807", maximum=LONG_MAX) == LONG_MAX
    assert isinstance(parse_number("9" * 5000, maximum=LONG_MAX), BadValue)


def test_a_boolean_is_yes_or_no_in_any_case() -> None:
    assert parse_boolean("YES") is True
    assert parse_boolean("no") is False
    assert parse_boolean("true") == BadValue("true", "yes or no")
    assert str(BadValue("true", "yes or no")) == "'true' is not yes or no"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", ()),
        (" a, b,,c,", ("a", "b", "c")),
        ("a\tb\r\nc", ("a", "b", "c")),
        (
            "check_policy_service { inet:h:p, timeout=10s } permit",
            ("check_policy_service", "{ inet:h:p, timeout=10s }", "permit"),
        ),
        ("pipemap:{a:b, c:d},x", ("pipemap:{a:b, c:d}", "x")),
        ("{ a, {b c} } d", ("{ a, {b c} }", "d")),
        ("a } b", ("a", "}", "b")),
        ("{ never closed, x", ("{ never closed, x",)),
    ],
)
def test_a_list_is_split_outside_braces(text: str, items: tuple[str, ...]) -> None:
    assert split_items(text) == items


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    parse_seconds(text), parse_number(text), parse_boolean(text)
    assert all((item and item.strip(", \t\r\n") == item) or "{" in item for item in split_items(text))


@given(st.text(alphabet="ab{}, \t\r\n\v"))
def test_items_are_the_text_at_their_places(text: str) -> None:
    assert split_items(text) == tuple(text[start:end] for start, end in item_places(text))
