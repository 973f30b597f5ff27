"""A bundle is a stranger's archive: read in memory, within bounds, and nothing in it leads elsewhere."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from advisor.errors import InputError, NothingToCheck
from advisor.inputs import archive
from advisor.inputs.archive import is_archive
from advisor.inputs.bundle import read_bundle
from advisor.settings.given import Form

FILES = {
    "./MANIFEST": "",
    "./main.cf": "biff = no\n",
    "./master.cf": "smtp inet n - n - - smtpd\n",
    "./postconf-d": "biff = yes\nmail_version = 3.7.11\n",
    "./postconf-m": "btree\nhash\n",
    "./host": "config_directory = /etc/postfix-out\nmemory = 1024\nprocessors = 2\nopen_files = unlimited\n",
    "./tables/etc/postfix/access": "a OK\n",
    "./log/mail.log": "Nov 24 01:56:34 mx1 postfix/smtpd[1]: connect from a[192.0.2.1]\n",
}


def packed(path: Path, files: dict[str, str], *more: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            member.mtime = 1_764_000_000
            tar.addfile(member, io.BytesIO(text.encode()))
        for member in more:
            tar.addfile(member)
    return path


def test_all_that_came_along_is_there(tmp_path: Path) -> None:
    found = read_bundle(packed(tmp_path / "mx1.tar", FILES))
    assert (found.main.name, found.main.text) == (f"{tmp_path}/mx1.tar/main.cf", "biff = no\n")
    assert found.master
    assert found.given.form is Form.BUNDLE
    assert found.given.folder == "/etc/postfix-out"
    host = found.host
    assert (host.memory, host.processors, host.open_files, host.somaxconn) == (1024, 2, None, None)
    assert host.defaults == {"biff": "yes", "mail_version": "3.7.11"}
    assert host.table_types == frozenset({"btree", "hash"})
    (log,) = found.logs
    assert log.name.endswith("mx1.tar/log/mail.log")
    assert log.modified.year == 2025


def test_a_table_is_found_by_its_path_on_that_host(tmp_path: Path) -> None:
    found = read_bundle(packed(tmp_path / "mx1.tar", FILES))
    table = found.table("/etc/postfix/access")
    assert table
    assert table.text == "a OK\n"
    for path in ("/etc/passwd", "access", "/etc/postfix/../postfix/access", "/main.cf"):
        assert found.table(path) is None


def test_a_folder_that_somebody_packed_by_hand(tmp_path: Path) -> None:
    files = {"etc/postfix/main.cf": "biff = no\n", "etc/postfix/access": "a OK\n"}
    found = read_bundle(packed(tmp_path / "mx1.tar", files))
    assert found.main.name == f"{tmp_path}/mx1.tar/main.cf"
    assert (found.master, found.logs, found.host.defaults) == (None, (), None)
    assert found.table("/etc/postfix/access")


def test_gzip_is_read_too(tmp_path: Path) -> None:
    plain = packed(tmp_path / "mx1.tar", FILES).read_bytes()
    path = tmp_path / "renamed"
    path.write_bytes(gzip.compress(plain))
    assert is_archive(path)
    assert read_bundle(path).main.text == "biff = no\n"


def test_links_and_paths_out_of_the_archive_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    link = tarfile.TarInfo("tables/etc/postfix/link")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret")
    hard = tarfile.TarInfo("tables/etc/postfix/hard")
    hard.type, hard.linkname = tarfile.LNKTYPE, "main.cf"
    device = tarfile.TarInfo("tables/dev/zero")
    device.type = tarfile.CHRTYPE
    files = FILES | {"../../up": "x", "/absolute": "x", "tables/../../x": "x"}
    found = read_bundle(packed(tmp_path / "mx1.tar", files, link, hard, device))
    for path in ("/etc/postfix/link", "/etc/postfix/hard", "/dev/zero", "/absolute"):
        assert found.table(path) is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mx1.tar", "secret"]


def test_without_main_cf_there_is_nothing_to_check(tmp_path: Path) -> None:
    path = packed(tmp_path / "mx1.tar", {"tables/etc/main.cf": "biff = no\n"})
    with pytest.raises(NothingToCheck, match=r"no main\.cf in this archive"):
        read_bundle(path)


@pytest.mark.parametrize("cut", [300, 700, 2000])
def test_a_damaged_archive_gets_a_sentence(tmp_path: Path, cut: int) -> None:
    whole = packed(tmp_path / "whole.tar", FILES).read_bytes()
    for name, data in (("cut.tar", whole[:cut]), ("cut.tar.gz", gzip.compress(whole)[: cut // 6])):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError, match="is no archive that can be read"):
            read_bundle(path)


def test_noise_with_the_name_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "noise.tgz"
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(InputError):
        read_bundle(path)


@pytest.mark.parametrize(
    ("bound", "value", "words"),
    [
        ("_LARGEST_FILE", 5, "has more than 0 MB"),
        ("_LARGEST_LOG", 5, "log/mail.log has more than"),
        ("_LARGEST_ARCHIVE", 2000, "it has more than"),
        ("_MOST_FILES", 3, "holds more than 3 files"),
    ],
)
def test_what_is_larger_than_any_real_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, words: str
) -> None:
    path = packed(tmp_path / "mx1.tar", FILES)
    monkeypatch.setattr(archive, bound, value)
    with pytest.raises(InputError, match=words):
        read_bundle(path)


def test_a_file_of_zeros_that_is_small_when_packed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "mx1.tar", FILES | {"tables/bomb": "\0" * 3_000_000})
    path.write_bytes(gzip.compress(path.read_bytes()))
    monkeypatch.setattr(archive, "_LARGEST_FILE", 1_000_000)
    with pytest.raises(InputError, match="bomb has more than"):
        read_bundle(path)


def test_a_folder_or_text_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("biff = no\n")
    assert not is_archive(tmp_path)
    assert not is_archive(tmp_path / "main.cf")
    assert not is_archive(tmp_path / "missing")
