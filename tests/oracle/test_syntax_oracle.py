"""Our trees against what the real postconf reads out of the same files.

Only known parameters are printed by postconf (`-n`), and it validates no values of these: biff, relayhost,
mynetworks. So generated files use those, and what stands in values is free, save `$`, which is expanded.
"""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.syntax.main_cf import MainCf, parse_main_cf
from advisor.syntax.master_cf import MasterCf, parse_master_cf
from advisor.syntax.source import SourceFile

pytestmark = pytest.mark.postfix

# Each example starts a program several times; the laws in tests/syntax have no such price.
quick = settings(
    max_examples=int(os.environ.get("ORACLE_EXAMPLES", "200")),
    suppress_health_check=[HealthCheck.too_slow],
)

PLAIN_MASTER = "smtp inet n - - - - smtpd\n"
KNOWN = ("biff", "relayhost", "mynetworks", "my-param.x")

# `my-param.x` is known because a list of restriction classes names it.
MAIN_HEAD = "smtpd_restriction_classes = my-param.x\n"

blank = st.sampled_from(["", " ", "\t", "  ", "\r", "\v", "\f"])
interruption = st.sampled_from(["", "", "# c\n", "   # c\n", "\n", "  \t\n", "\r\n"])
word = st.sampled_from(
    ["no", "a", "#b", "{ c, d }", "e=f", "\\", '"q  q"', "caf\udce9", "\u00a0", "\u00fc", "\0", ","]
)
gap = st.one_of(
    st.sampled_from([" ", "  ", "\t", " \r ", "\v", "\f"]),
    st.builds(
        lambda inside, indent: "\n" + inside + indent, interruption, st.sampled_from([" ", "\t", "\v", "\r "])
    ),
)
value = st.lists(st.tuples(gap, word), max_size=4).map(lambda parts: "".join(g + w for g, w in parts))
assignment = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(KNOWN),
    blank,
    st.sampled_from(["=", "=", "=", "=", "=", "=", "=", " "]),
    value,
    blank,
    st.sampled_from(["\n", "\n", "\n", "\r\n"]),
)
main_cf_files = st.builds(
    "{}{}{}".format,
    st.sampled_from([MAIN_HEAD, MAIN_HEAD, " ignored = x\n" + MAIN_HEAD, "# c\n\tignored\n" + MAIN_HEAD]),
    st.lists(st.one_of(assignment, assignment, interruption), max_size=6).map("".join),
    st.sampled_from(["", "biff = no", "= x", "\0", "\ufeff# c", "smtpd banner = x"]),
)

field_gap = st.one_of(st.sampled_from([" ", "\t", "   "]), st.sampled_from(["\n  ", "\n# c\n ", "\r\n\n\t"]))
argument = st.sampled_from(
    [
        "-v",
        "-D",
        "-o biff=no",
        "-o\tbiff=yes",
        "-obiff=",
        "-vo biff=a,b",
        "-o biff= ",
        "-o { biff = a  b }",
        "-o { biff = a\n  b }",
        "-o {biff=x}",
        "-o { biff = {a} {b c} }",
        "-o relayhost=[h]:25",
        "-o foo",
        "--",
        "# hello",
        "stray",
        "-o { biff = open",
    ]
)


@st.composite
def service(draw: st.DrawFn) -> str:
    fields = [
        # One key a file: of two the dictionary behind -P shows the last one's values for both.
        draw(st.sampled_from(["smtp", "25", "[::1]:25", "127.0.0.1:smtp", "*:27", "submission"])),
        draw(st.sampled_from(["inet", "unix", "unix-dgram", "fifo", "pass", "inet", "unix", "UNIX"])),
        *(draw(st.sampled_from(["-", "y", "n", "-", "y", "n", "Y"])) for _ in range(3)),
        draw(st.sampled_from(["-", "0", "60", "60?", "-", "0", "-1"])),
        draw(st.sampled_from(["-", "0", "1", "100", "-", "0", "x"])),
        "smtpd",
    ]
    text = fields[0]
    for part in [
        *fields[1 : draw(st.sampled_from([8, 8, 8, 8, 8, 8, 7]))],
        *draw(st.lists(argument, max_size=4)),
    ]:
        text += draw(field_gap) + part
    return text + "\n"


def unique_keys(entries: list[str]) -> list[str]:
    return list({tuple(text.split()[:1]): text for text in entries}.values())


master_cf_files = st.builds(
    "{}{}".format,
    st.sampled_from(["", "# c\n", " ignored unix - - - - - smtpd\n"]),
    st.lists(service(), max_size=3).map(unique_keys).map("".join),
)


class Postconf:
    """The real postconf on a folder of its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder

    def write(self, main_cf: str, master_cf: str) -> None:
        for name, text in (("main.cf", main_cf), ("master.cf", master_cf)):
            file = self.folder / name
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
            # dict_load_file_xt() in dict.c naps until a file was left alone for a second.
            os.utime(file, (0, 0))

    def run(self, option: str) -> subprocess.CompletedProcess[bytes]:
        command = [str(self.program), "-c", str(self.folder), option]
        return subprocess.run(
            command, capture_output=True, check=False, env={"LC_ALL": "C", "PATH": os.defpath}
        )

    def pairs(self, option: str) -> dict[str, str]:
        """What `-n`, `-P` or `-F` prints, by name."""
        lines = self.lines(option)
        return {name: text for line in lines for name, text in [re.split(r" = ?", line, maxsplit=1)]}

    def lines(self, option: str) -> list[str]:
        done = self.run(option)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return [line for line in done.stdout.decode("utf-8", "surrogateescape").split("\n") if line]

    def refuses(self, texts: list[tuple[str, str]]) -> list[bool]:
        """Whether it refuses each pair of main.cf and master.cf.

        All at once: msg_fatal() in msg.c sleeps for a second before the program ends.
        """

        def refused(number: int) -> bool:
            folder = self.folder / str(number)
            folder.mkdir()
            one = Postconf(self.program, folder)
            one.write(*texts[number])
            return one.run("-n").returncode != 0

        with ThreadPoolExecutor(max_workers=32) as pool:
            return list(pool.map(refused, range(len(texts))))


@pytest.fixture
def real(postconf: Path, tmp_path: Path) -> Postconf:
    return Postconf(postconf, tmp_path)


def main_tree(text: str) -> MainCf:
    return parse_main_cf(SourceFile("main.cf", text))


def master_tree(text: str) -> MasterCf:
    return parse_master_cf(SourceFile("master.cf", text))


def fields(text: str) -> list[str]:
    """The words as Postfix sees them; str.split() would also split at a vertical tab."""
    return [part for part in re.split(r"[ \t\r\n]+", text) if part]


def expected_fields(tree: MasterCf) -> dict[str, str]:
    labels = "service type private unprivileged chroot wakeup process_limit".split()
    return {
        f"{e.key}/{label}": t.text for e in tree.entries for label, t in zip(labels, e.fields, strict=False)
    }


def compare_main(real: Postconf, text: str) -> None:
    real.write(text, PLAIN_MASTER)
    theirs = real.pairs("-n")
    ours = {a.name: a.value for a in main_tree(text).assignments if a.name in KNOWN}
    assert {name: theirs[name] for name in theirs if name in KNOWN} == ours


def compare_master(real: Postconf, text: str) -> None:
    real.write("", text)
    tree = master_tree(text)
    theirs = real.pairs("-F")
    commands = {name: theirs.pop(name) for name in list(theirs) if name.endswith("/command")}
    assert theirs == expected_fields(tree)
    assert {name: fields(command)[0] for name, command in commands.items()} == {
        f"{entry.key}/command": entry.command for entry in tree.entries
    }
    assert real.pairs("-P") == {
        f"{entry.key}/{override.name}": " ".join(fields(override.value))
        for entry in tree.entries
        for override in entry.overrides
    }
    listed = [fields(line)[:8] for line in real.lines("-M")]
    assert listed == [[token.text for token in entry.fields] for entry in tree.entries]


def test_generated_main_cf(real: Postconf) -> None:
    refused: list[tuple[str, str]] = []

    @quick
    @given(main_cf_files)
    def agree(text: str) -> None:
        if any(junk.fatal for junk in main_tree(text).junk):
            refused.append((text, PLAIN_MASTER))
        else:
            compare_main(real, text)

    agree()
    assert refused
    assert all(real.refuses(refused))


def test_generated_master_cf(real: Postconf) -> None:
    refused: list[tuple[str, str]] = []

    @quick
    @given(master_cf_files)
    def agree(text: str) -> None:
        if any(junk.fatal for junk in master_tree(text).junk):
            refused.append(("", text))
        else:
            compare_master(real, text)

    agree()
    assert refused
    assert all(real.refuses(refused))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "biff = no\n# c\n   yes\n",
        "mynetworks = a\n   \t\n\n b\n",
        "biff = no # really\n",
        "biff = no\0yes\n  more\nrelayhost = x\n",
        "biff =\n \0\n",
        "\ufeffbiff = no\n",
        "biff = no\rrelayhost = x",
        "biff = yes\r\n\r\n no\r\nrelayhost =\r\n",
        "biff = yes\nbiff = no\n",
        "biff = a\v\v\fb  c\n",
        "\u00a0 = x\nbiff = no\n",
        " biff = no\n relayhost = x\nmynetworks = y\n",
    ],
)
def test_main_cf_by_hand(real: Postconf, text: str) -> None:
    assert not any(junk.fatal for junk in main_tree(text).junk)
    compare_main(real, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "smtp\n inet n\n# c\n - - -\n\n - smtpd\n -o\n biff=no\n",
        "smtp inet n - - - - smtpd\n\vfoo\n",
        "smtp inet n - - - - smtpd -o biff=a\n\fb\n",
        "smtp inet n - - - - smtpd -o {biff = a}b\n",
        "smtp inet n - - - - smtpd -o { biff = a\n",
        "smtp inet n - - - - smtpd -o =x -o biff=no\n",
        "smtp inet n - - - - smtpd -o {biff =\n    \v yes }\n",
        "smtp inet n - - - - smtpd {-o} biff=no {-v} -o relayhost=\n",
        "smtp inet n - - - - smtpd # -o biff=no\n",
        "x unix - n n - - pipe -o biff=no flags=R user=y argv=/bin/z -o biff=x ${recipient} {echo a  b}\n",
    ],
)
def test_master_cf_by_hand(real: Postconf, text: str) -> None:
    assert not any(junk.fatal for junk in master_tree(text).junk)
    compare_master(real, text)


def test_refused_main_cf_by_hand(real: Postconf) -> None:
    texts = [
        "\0biff = no\n",
        "biff\0 = no\n",
        "\ufeff# c\n",
        "smtpd banner = x\n",
        "= foo\n",
        "<<<<<<< HEAD\n",
    ]
    assert [any(junk.fatal for junk in main_tree(text).junk) for text in texts] == [True] * len(texts)
    assert real.refuses([(text, PLAIN_MASTER) for text in texts]) == [True] * len(texts)


def test_refused_master_cf_by_hand(real: Postconf) -> None:
    texts = [
        "smtp inet n - - - -\n",
        "\0x\n",
        "x UNIX - - - - - smtpd\n",
        "x unix yes - - - - smtpd\n",
        "x unix - - - 60?x - smtpd\n",
        "x unix - - - -1 - smtpd\n",
        "x unix - - - \u0663 - smtpd\n",
        "x unix - - - - \u0663 smtpd\n",
    ]
    assert [any(junk.fatal for junk in master_tree(text).junk) for text in texts] == [True] * len(texts)
    assert real.refuses([("", text) for text in texts]) == [True] * len(texts)


@pytest.mark.parametrize("text", ["smtpd_banner\n", "= foo\n", "\0\n"])
def test_the_line_that_postfix_names_is_ours(real: Postconf, text: str) -> None:
    text = f"# c\n\nbiff = no\n yes\n{text}"
    real.write(text, PLAIN_MASTER)
    (junk,) = main_tree(text).junk
    assert f"main.cf, line {junk.span.line}: ".encode() in real.run("-n").stderr


def test_debians_own_files(real: Postconf) -> None:
    shipped = Path("/usr/share/postfix/master.cf.dist")
    if not shipped.exists():
        pytest.skip("this Postfix was not packaged by Debian")
    compare_master(real, shipped.read_text())
