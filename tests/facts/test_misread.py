"""Lines that Postfix reads otherwise than they look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.facts.case import NO_LOG, Case
from advisor.facts.lines import LogicalLine, logical_lines
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile


def misread(main: str) -> list[LogicalLine]:
    of = Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", "smtp inet n - n - - smtpd\n"),
        Release.parse("3.7.11"),
        "",
    )
    return [line for line in logical_lines(Case(of, NO_LOG)) if line.problem]


@pytest.mark.parametrize(
    ("main", "is_serious", "place"),
    [
        ("message_size_limit = 10 # ten\n", True, "main.cf:1:22"),
        ("biff = no\t#x\n", True, "main.cf:1:8"),
        ("relayhost = a #b\n", False, "main.cf:1:13"),
        ("mine = a # b\nrelayhost = $mine\n", False, "main.cf:1:8"),
        ("relayhost = a\n  b # c\n", False, "main.cf:1:13"),
        ("relayhost = a\n  biff = no\n", True, "main.cf:2:3"),
        ("relayhost =\n# c\n\n\tbiff=no \n", True, "main.cf:4:2"),
        ("relayhost = {a\n b}\n biff=no\n", True, "main.cf:3:2"),
        ("relayhost = 'a'\n", False, "main.cf:1:13"),
        ("myhostname = a.b # c\n", True, "main.cf:1:14"),
        ("mydestination = \u201ca\u201d\n", False, "main.cf:1:17"),
    ],
)
def test_lines_that_are_misread(main: str, *, is_serious: bool, place: str) -> None:
    (line,) = misread(main)
    assert (line.is_serious, line.is_refused, str(line.span)) == (is_serious, False, place)
    assert bool(line.commented) is ("#" in main and "# c\n\n" not in main)
    assert line.cure


@pytest.mark.parametrize(
    "main",
    [
        "smtpd_banner = a # b\nmailbox_command = 'x' # y\n",
        "smtpd_timeout = 5m # five\n",
        "message_size_limit = ten # 10\n",  # bad-value-type says it
        "message_size_limit = $x # 10\nx = 1\n",
        "recipient_delimiter = #\nluser_relay = a # b\n",
        "favourite = a # b\n",  # nothing reads it
        "relayhost = a # b\nrelayhost = c\n",  # the last line counts
        "header_checks = pcre:{ {/^a #/ OK} }\n",
        "smtpd_milters = { inet:a:1,\n  biff = no }\n",
        "mydestination = a\n  # biff = no\n  colour = green\n  biff == no\n",
        'relayhost = "a\n',
        'relayhost = "\n',
        'biff = "no"\n',  # bad-value-type says it
        'mydestination = "a" b\n',
    ],
)
def test_lines_that_are_read_as_they_look(main: str) -> None:
    assert misread(main) == []


_PIECES = st.sampled_from(
    [
        "a",
        " # b",
        "\n  biff = no",
        "\n# c",
        "{",
        "}",
        '"',
        "\u201c",
        "\r",
        "\v",
        "\0",
        "\udc80",
        "\x85 biff = no",
        "$a",
        "5",
    ]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "biff", "relayhost", "smtpd_timeout", "smtpd_milters"]),
            st.lists(_PIECES, max_size=8).map("".join),
        ),
        max_size=4,
    )
)
def test_no_text_is_too_odd(lines: list[tuple[str, str]]) -> None:
    main = "".join(f"{name} = {value}\n" for name, value in lines)
    count = main.count("\n") + 1
    for line in misread(main):
        assert 1 <= line.span.line <= line.span.end_line <= count


@pytest.mark.parametrize(
    "text", ["{" * 50_000, "\n biff" * 20_000, "{\n biff = no" * 10_000, " #" * 50_000, '"' * 100_000]
)
def test_values_of_100_kb_are_read(text: str) -> None:
    assert len(misread(f"relayhost = {text}\n")) <= 1
