"""Whatever the files hold, whatever is asked: `advisor postconf` answers or refuses, and never breaks."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advisor.postconf.run import run
from advisor.settings.host import Host
from advisor.settings.release import Release
from tests.oracle.configurations import arguments, files

RELEASES = [Release.parse(text) for text in ("2.6", "3.0", "3.7.11", "3.11")]
# Pieces that steer random bytes into the corners of the readers.
PIECES = [
    *(
        b"=",
        b" = ",
        b"\n",
        b"\n ",
        b"\r\n",
        b"\0",
        b"#",
        b"$",
        b"${",
        b"}",
        b"{",
        b"$(",
        b")",
        b"?",
        b":",
        b"$$",
    ),
    *(b"smtp inet n - - - - smtpd", b" -o ", b"biff", b"a", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\x0b", b" "),
    *(
        b"smtpd_restriction_classes=",
        b"alias_maps=ldap:",
        b"==level{",
        b"compatibility_level=",
        b"myhostname=",
    ),
]
soups = st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
asked = st.one_of(arguments, st.lists(st.one_of(words, words.map("-{}".format)), max_size=4).map(tuple))


def hold(main: bytes, master: bytes, question: tuple[str, ...], release: Release) -> None:
    with TemporaryDirectory() as folder:
        for name, text in (("main.cf", main), ("master.cf", master)):
            Path(folder, name).write_bytes(text)
        outcome = run(["-c", folder, *question], release=release, host=Host())
    assert outcome.status in (0, 1)
    assert outcome.status == 0 or not outcome.stdout
    assert all(line.startswith(b"postconf: ") for line in outcome.warnings)


@given(soups, soups, asked, st.sampled_from(RELEASES))
@example(b"smtpd_banner = " + b"${a?{" * 5000, b"", ("-nx",), RELEASES[-1])
@example(
    b"smtpd_banner = " + b"{" * 50_000, b"x unix - - n - - smtp -o " + b"{" * 50_000, ("-M",), RELEASES[-1]
)
@example(b"a = $b$b\nb = $c$c\n" * 40 + b"relay_domains = $a\n", b"", ("-nx",), RELEASES[-1])
def test_any_bytes(main: bytes, master: bytes, question: tuple[str, ...], release: Release) -> None:
    hold(main, master, question, release)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(files, arguments, st.sampled_from(RELEASES))
def test_any_configuration(texts: tuple[str, str], question: tuple[str, ...], release: Release) -> None:
    main, master = (text.encode("utf-8", "surrogateescape") for text in texts)
    hold(main, master, question, release)
