"""What is printed of master.cf: columns, folding, names and patterns."""

import pytest

from advisor.postconf.master_entries import read_entries
from advisor.postconf.services import Mode, Style, print_services
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.release import NEWEST
from advisor.syntax.source import SourceFile

MASTER = """\
smtp inet n - y - - smtpd -v
    -o a=$service_name -o { relayhost = a  b }
smtp unix - - y - - smtp
127.0.0.1:submission inet n - n - - smtpd
archive unix - n n - - pipe flags=R user=nobody argv=/x ${sender} {a  b}
smtp inet n - y 60? 5 smtpd -o smtpd_banner=last
"""


def shown(mode: Mode, *patterns: str, text: str = MASTER, style: Style = Style()) -> str:  # noqa: B008 - frozen
    stderr = Stderr()
    entries = read_entries(SourceFile("/x/master.cf", text), NEWEST, stderr)
    printed = b"".join(print_services(entries, mode, patterns, style, stderr))
    return (printed + b"".join(line + b"\n" for line in stderr.lines)).decode()


def test_entries_stand_in_columns_and_an_overrun_is_absorbed() -> None:
    assert (
        shown(Mode.ENTRIES)
        == """\
smtp       inet  n       -       y       -       -       smtpd -v -o a=$service_name -o {relayhost=a  b}
smtp       unix  -       -       y       -       -       smtp
127.0.0.1:submission inet n -    n       -       -       smtpd
archive    unix  -       n       n       -       -       pipe flags=R user=nobody argv=/x ${sender} {a  b}
smtp       inet  n       -       y       60?     5       smtpd -o smtpd_banner=last
"""
    )


def test_folded_each_option_has_a_line_of_its_own() -> None:
    assert (
        shown(Mode.ENTRIES, "smtp/inet", "archive", style=Style(fold=True))
        == """\
smtp       inet  n       -       y       -       -       smtpd -v
    -o a=$service_name
    -o {relayhost=a  b}
archive    unix  -       n       n       -       -       pipe flags=R
    user=nobody argv=/x ${sender} {a  b}
smtp       inet  n       -       y       60?     5       smtpd
    -o smtpd_banner=last
"""
    )


def test_options_are_sorted_and_entries_of_one_service_show_the_last() -> None:
    assert (
        shown(Mode.PARAMETERS)
        == """\
smtp/inet/a = $service_name
smtp/inet/relayhost = a b
smtp/inet/smtpd_banner = last
smtp/inet/a = $service_name
smtp/inet/relayhost = a b
smtp/inet/smtpd_banner = last
"""
    )


def test_white_space_in_an_option_is_one_blank_and_an_empty_one_has_none() -> None:
    text = "a unix - - n - - x -o {b=c \t  d} -o e=\n"
    assert shown(Mode.PARAMETERS, text=text) == "a/unix/b = c d\na/unix/e =\n"
    assert shown(Mode.PARAMETERS, text=text, style=Style(hide_names=True)) == "c d\n\n"
    assert shown(Mode.PARAMETERS, text=text, style=Style(hide_values=True)) == "a/unix/b\na/unix/e\n"


def test_a_long_option_is_folded() -> None:
    text = "a unix - - n - - x -o {b=" + "word " * 20 + "}\n"
    assert shown(Mode.PARAMETERS, text=text, style=Style(fold=True)) == (
        f"a/unix/b = {'word ' * 13}word\n    {'word ' * 6}".rstrip() + "\n"
    )


def test_fields() -> None:
    assert shown(Mode.FIELDS, "127.0.0.1:submission") == (
        "127.0.0.1:submission/inet/service = 127.0.0.1:submission\n"
        "127.0.0.1:submission/inet/type = inet\n"
        "127.0.0.1:submission/inet/private = n\n"
        "127.0.0.1:submission/inet/unprivileged = -\n"
        "127.0.0.1:submission/inet/chroot = n\n"
        "127.0.0.1:submission/inet/wakeup = -\n"
        "127.0.0.1:submission/inet/process_limit = -\n"
        "127.0.0.1:submission/inet/command = smtpd\n"
    )
    assert shown(Mode.FIELDS, "*/*/wakeup", style=Style(hide_values=True)).splitlines() == [
        "smtp/inet/wakeup",
        "smtp/unix/wakeup",
        "127.0.0.1:submission/inet/wakeup",
        "archive/unix/wakeup",
        "smtp/inet/wakeup",
    ]


def test_a_long_field_without_folding_begins_a_line() -> None:
    text = f"{'n' * 50} unix - - n - - {'x' * 20}\n"
    shown_command = shown(Mode.FIELDS, f"{'n' * 50}/unix/command", text=text)
    assert shown_command == f"{'n' * 50}/unix/command =\N{SPACE}\n    {'x' * 20}\n"


def test_without_names_an_argument_sticks_to_a_short_command() -> None:
    """Postfix takes a line of four characters for an indent, whatever is in it."""
    assert shown(Mode.FIELDS, "archive/unix/command", style=Style(hide_names=True)).startswith("pipeflags=R")


def test_expansion_is_asked_for_each_option_and_nothing_else() -> None:
    asked: list[str] = []

    def expand(text: str, entry: object) -> str:
        asked.append(text)
        return text.upper()

    style = Style(expand=expand)
    assert shown(Mode.ENTRIES, "smtp", style=style).splitlines()[2].endswith("smtpd -o SMTPD_BANNER=LAST")
    assert (
        shown(Mode.PARAMETERS, "smtp/inet/smtpd_banner", style=style) == "smtp/inet/smtpd_banner = LAST\n" * 2
    )
    assert asked[-1] == "last"
    assert "${sender}" in shown(Mode.ENTRIES, "archive", style=style)


@pytest.mark.parametrize(
    ("mode", "pattern", "keys"),
    [
        (Mode.ENTRIES, "smtp", ["smtp inet", "smtp unix", "smtp inet"]),
        (Mode.ENTRIES, "*/unix", ["smtp unix", "archive unix"]),
        (Mode.ENTRIES, "smtp//unix/", ["smtp unix"]),
        (Mode.PARAMETERS, "smtp/*/a", ["smtp/inet/a"] * 2),
    ],
)
def test_patterns(mode: Mode, pattern: str, keys: list[str]) -> None:
    assert [
        " ".join(line.split()[: len(keys[0].split())]) for line in shown(mode, pattern).splitlines()
    ] == keys


@pytest.mark.parametrize("pattern", ["nope", "*/fifo", "Smtp"])
@pytest.mark.parametrize("mode", Mode)
def test_what_nothing_matches_is_a_warning(mode: Mode, pattern: str) -> None:
    assert shown(mode, pattern) == f'postconf: warning: unmatched request: "{pattern}"\n'


def test_a_parameter_that_no_service_sets_is_not_matched() -> None:
    assert "unmatched" in shown(Mode.PARAMETERS, "smtp/inet/biff")


@pytest.mark.parametrize("pattern", ["/smtp", "", "sm*", "a/b/c/d"])
@pytest.mark.parametrize("mode", Mode)
def test_a_pattern_that_is_refused(mode: Mode, pattern: str) -> None:
    with pytest.raises(Fatal) as caught:
        shown(mode, pattern)
    assert str(caught.value) == mode.value


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Fatal, match='invalid service attribute name: "maxproc"'):
        shown(Mode.FIELDS, "smtp/inet/maxproc")
