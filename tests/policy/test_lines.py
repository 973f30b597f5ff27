"""In which line a key stands: the place of an error, for every text that is TOML."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.toml_form import Steps
from advisor.policy.lines import key_lines, line_of

TEXT = '''
# a comment with [brackets
select = [
  "tls",  # and ]
  "a]b", 'c'
  , { x = [1,
  2], y = 3 }, """
  text""", "z",
]
memory = "4[G"

[rules.smtp-smuggling] # x
severity = "high"
options.headroom = 3
options."a.b" = 3
[[ignore]]
rule = "x"
reason = """
[[ignore]]
"""
until = 2027-01-01

[[ignore]]
rule = \'\'\'y\'\'\'
'''


def test_the_lines_of_a_text() -> None:
    assert dict(key_lines(TEXT)) == {
        ("select",): 3,
        ("select", 0): 4,
        ("select", 1): 5,
        ("select", 2): 5,
        ("select", 3): 6,
        ("select", 4): 7,
        ("select", 5): 8,
        ("memory",): 10,
        ("rules",): 12,
        ("rules", "smtp-smuggling"): 12,
        ("rules", "smtp-smuggling", "severity"): 13,
        ("rules", "smtp-smuggling", "options"): 14,
        ("rules", "smtp-smuggling", "options", "headroom"): 14,
        ("rules", "smtp-smuggling", "options", "a.b"): 15,
        ("ignore",): 16,
        ("ignore", 0): 16,
        ("ignore", 0, "rule"): 17,
        ("ignore", 0, "reason"): 18,
        ("ignore", 0, "until"): 21,
        ("ignore", 1): 23,
        ("ignore", 1, "rule"): 24,
    }


def test_what_has_no_line_has_that_around_it() -> None:
    lines = key_lines("\na = 1\n[b]\nc = 2\n")
    assert line_of(lines, ("b", "c", "d", 3)) == 4
    assert line_of(lines, ("z",)) == 1


values = st.one_of(
    st.sampled_from(['"x"', "'x]'", '"a # b"', "3", "2027-01-01", "true", '"""\n[x]\n"""', "'''\n= [\n'''"]),
    st.lists(st.sampled_from(['"x"', "'['", "3", "{ a = 1, b = [2] }"]), max_size=4).map(
        lambda items: "[ # list\n" + ",\n".join(items) + "\n]"
    ),
)
names = st.sampled_from(["a", "b-c", '"d.e"', "f.g"])
lines = st.lists(
    st.one_of(
        st.tuples(names, values).map(lambda pair: f"{pair[0]} = {pair[1]}"),
        st.sampled_from(["", "# [x] = 3", "[t]", "[t.u]", "[[list]]", '["v.w"]']),
    ),
    max_size=12,
)


@given(lines)
def test_every_value_is_in_its_line(written: list[str]) -> None:
    text = "\n".join(written)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = key_lines(text)
    rows = text.split("\n")
    for steps in found:
        last = next(step for step in reversed(steps) if isinstance(step, str))
        if isinstance(steps[-1], str):
            assert last in rows[found[steps] - 1]
        assert _value(document, steps) is not None
    assert {(name,) for name in document} <= found.keys()


def _value(document: Any, steps: Steps) -> Any:
    for step in steps:
        document = document[step]
    return document
