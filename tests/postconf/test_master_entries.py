"""How postconf(1) reads master.cf: words in normal form, options, and what it refuses."""

import pytest

from advisor.postconf.master_entries import Entry, read_entries
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.release import NEWEST, Release
from advisor.syntax.source import SourceFile

FIELDS = "smtp unix - - n - - smtp"


def read(text: str, release: Release = NEWEST) -> tuple[tuple[Entry, ...], list[bytes]]:
    stderr = Stderr()
    return read_entries(SourceFile("/x/master.cf", text), release, stderr), stderr.lines


def words(arguments: str) -> list[str]:
    (entry,), _ = read(f"{FIELDS} {arguments}\n")
    return list(entry.words[8:])


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("-o a=b", ["-o", "a=b"]),
        ("-oa=b", ["-o", "a=b"]),
        ("-vo a=b -v", ["-v", "-o", "a=b", "-v"]),
        ("-vvoa=b", ["-vv", "-o", "a=b"]),
        ("-o { a = b  c }", ["-o", "a=b  c"]),
        ("-o{a=}", ["-o", "a="]),
        ("-o a= b", ["-o", "a=", "b"]),
        ('-o a="b c"', ["-o", 'a="b', 'c"']),
        ("-o foo -o", ["-o", "foo", "-o"]),
        ("# hello -o a=b", ["#", "hello", "-o", "a=b"]),
        ("-- {b  c}", ["--", "b  c"]),
        ("-v {-o} {a = b}", ["-v", "-o", "a = b"]),
        ("flags=R argv={echo a  b} {c  d}", ["flags=R", "argv={echo a  b}", "c  d"]),
        # An option word is split at each `o`, in a name too: postconf(1) loses what is set so.
        ("-osmtpd_foo=x", ["-o", "smtpd_f", "-o", "-o=x"]),
        ("- { a } b", ["-", "a", "b"]),
    ],
)
def test_arguments_have_one_normal_form(written: str, normal: list[str]) -> None:
    assert words(written) == normal


@pytest.mark.parametrize(
    ("arguments", "warning"),
    [
        ("-o { a = b", b"master.cf: missing '}' in \"{ a = b\""),
        ("-o {a=b}x", b"master.cf: syntax error after '}' in \"{a=b}x\""),
        ("-o { a }", b"master.cf: missing '=' after attribute name: \"a\""),
        ("-o { = b }", b'master.cf: missing attribute name: "= b"'),
        ("-o {}", b'master.cf: missing attribute name: ""'),
        ("argv {x", b"master.cf: missing '}' in \"{x\""),
    ],
)
def test_braces_that_are_wrong_draw_a_warning(arguments: str, warning: bytes) -> None:
    _, lines = read(f"{FIELDS} {arguments}\n")
    assert lines == [b"postconf: warning: " + warning]


def test_an_indented_first_line_is_ignored_with_a_warning_of_thirty_bytes() -> None:
    entries, lines = read(" caf\u00e9 unix - - n - - local and more\n x\nlast unix - - n - - smtp\n")
    assert [entry.key for entry in entries] == ["last/unix"]
    (line,) = lines
    assert line.endswith(
        b': logical line must not start with whitespace: " caf?? unix - - n - - local an..."'
    )


def test_a_short_ignored_line_is_shown_whole() -> None:
    _, lines = read(" x\n")
    assert lines[0].endswith(b'whitespace: " x"')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("smtp unix\n# c\n\n  - -\n", "file /x/master.cf: line 3: bad field count"),
        ("smtp UNIX - - n - - smtp", 'invalid type field "UNIX" in "smtp UNIX - - n - - smtp"'),
        ("smtp unix yes - n - - smtp", 'invalid private field "yes" in "smtp unix yes - n - - smtp"'),
        ("smtp unix - Y n - - smtp", 'invalid unprivileged field "Y" in "smtp unix - Y n - - smtp"'),
        ("smtp unix - - no - - smtp", 'invalid chroot field "no" in "smtp unix - - no - - smtp"'),
        ("smtp unix - - n 6?0\n - smtp", 'invalid wakeup field "6?0" in "smtp unix - - n 6?0 - smtp"'),
        ("smtp unix - - n - -1 smtp", 'invalid process_limit field "-1" in "smtp unix - - n - -1 smtp"'),
    ],
)
def test_what_postconf_refuses(text: str, words: str) -> None:
    with pytest.raises(Fatal) as caught:
        read(f"# c\n\n{text}\n")
    assert str(caught.value) == words


def test_postconf_takes_wakeup_times_that_master_refuses() -> None:
    entries, _ = read("a unix - - n ? - smtp\nb unix - - n -? - smtp\n")
    assert [entry.words[5] for entry in entries] == ["?", "-?"]


def test_entries_of_one_service_share_their_options_from_the_first_that_has_any() -> None:
    entries, _ = read(
        "a unix - - n - - smtp\na unix - - n - - x/y -o b=1 -o b=2\n"
        "a inet n - n - - smtpd\na unix - - n - - z -o c=3\n"
    )
    assert [entry.parameters for entry in entries] == [
        None,
        {"b": "2", "c": "3"},
        None,
        {"b": "2", "c": "3"},
    ]
    assert [entry.program for entry in entries] == ["smtp", "y", "smtpd", "z"]


def test_only_an_o_by_itself_sets_a_parameter() -> None:
    (entry,), _ = read(f"{FIELDS} -v -s -o a=b - -o c=d -o e=f\n")
    assert entry.parameters == {"a": "b"}


def test_before_3_0_braces_are_characters_like_others() -> None:
    (entry,), lines = read(f"{FIELDS} -vo {{ a = b }} -o c=d\n", Release(2, 11))
    assert entry.words[8:] == ("-v", "-o", "{", "a", "=", "b", "}", "-o", "c=d")
    assert entry.parameters is None
    assert lines == []


def test_text_behind_a_null_byte_is_dropped_and_since_3_9_with_a_warning() -> None:
    text = f"# c\n{FIELDS} -v\n -o a=b\0c\n -v\n"
    for release, expected in ((Release(3, 8), []), (Release(3, 9), [b"2-4"])):
        (entry,), lines = read(text, release)
        assert entry.words[8:] == ("-v", "-o", "a=b")
        assert lines == [
            b"postconf: warning: /x/master.cf, line %s: text after null byte may be ignored" % place
            for place in expected
        ]
