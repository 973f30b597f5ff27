"""What the built-in cutter takes for headers and bodies, held against what a real cleanup(8) looked at."""

import mailbox
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError
from advisor.patterns.sample import LineKind, make_sample, read_sample
from tests.patterns.seen_messages import SEEN

KINDS = {
    "header": LineKind.HEADER,
    "mime": LineKind.MIME_HEADER,
    "nested": LineKind.NESTED_HEADER,
    "body": LineKind.BODY,
}


def cut(message: bytes, limit: int = 0) -> dict[LineKind, tuple[bytes, ...]]:
    return make_sample("it", [message], limit).lines


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_each_line_goes_to_the_checks_that_cleanup_asked(name: str, newline: str) -> None:
    message, seen = SEEN[name]
    lines = cut(message.replace("\n", newline).encode())
    for word, kind in KINDS.items():
        logged = [line.removeprefix(f"{word} ") for line in seen if line.startswith(f"{word} ")]
        assert [line.replace(b"\n", b"?").decode() for line in lines[kind]] == logged


def test_the_limit_begins_anew_with_each_part() -> None:
    digits = "0123456789\n"
    message = (
        "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"{digits * 4}--b\nX: y\n\n{digits * 3}never\n"
    ).encode()
    assert cut(message, 30)[LineKind.BODY] == (b"0123456789",) * 6
    assert cut(message, 30)[LineKind.MIME_HEADER][-1] == b"X: y"
    assert cut(message)[LineKind.BODY][-1] == b"never"


def test_a_long_line_is_looked_at_in_parts() -> None:
    message = b"Subject: a\n\n" + b"x" * 2050 + b"\nnext\n"
    assert cut(message)[LineKind.BODY] == (b"x" * 2048, b"xx", b"next")
    assert cut(message, 30)[LineKind.BODY] == (b"x" * 2048,)


def test_files_mboxes_and_folders(tmp_path: Path) -> None:
    first, second = b"Subject: one\n\nbody\n", b"Subject: two\n\nFrom here\n"
    box = mailbox.mbox(tmp_path / "box")
    for message in (first, second):
        box.add(message)
    box.close()
    maildir = mailbox.Maildir(tmp_path / "maildir")
    for message in (first, second):
        maildir.add(message)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "1.eml").write_bytes(first)
    (folder / "2.eml").write_bytes(second)
    for name in ("box", "maildir", "folder"):
        sample = read_sample([tmp_path / name], 0)
        assert sample.messages == 2, name
        assert sorted(sample.lines[LineKind.HEADER]) == [b"Subject: one", b"Subject: two"], name
        assert len(sample.lines[LineKind.BODY]) == 2, name
    both = read_sample([folder / "1.eml", tmp_path / "box"], 0)
    assert (both.messages, both.size > 3 * len(first)) == (3, True)


def test_a_path_without_mail(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "missing"):
        with pytest.raises(InputError, match=name):
            read_sample([tmp_path / name], 0)


LINES = (
    b"--b",
    b"--b--",
    b"",
    b" x",
    b"X: y",
    b"Content-Type: multipart/x; boundary=b",
    b"Content-Type: message/rfc822",
    b"text",
    b"\xff\0",
)


@given(st.lists(st.sampled_from(LINES), max_size=20))
def test_no_line_is_lost(lines: list[bytes]) -> None:
    """Whatever the message, each line that is not empty is looked at once, in its order within its kind."""
    found = cut(b"\n".join(lines))
    got = [part for each in found.values() for line in each for part in line.split(b"\n")]
    assert sorted(got) == sorted(line for line in lines if line)
