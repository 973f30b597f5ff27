"""What a file keeps when it is replaced: mode, owner, ACL, labels, and the links that lead to it."""

import os
import struct
from errno import ENOTSUP, EPERM
from pathlib import Path

import pytest

from advisor.writing.write import write
from tests.writing.folder import NEW, OLD, bytes_of, fill, mend, rewrites

# acl(5) as the kernel keeps it: a version, then tag, permissions and id of each entry.
_ENTRY = struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER, _NOBODY = 1, 2, 4, 16, 32, 0xFFFFFFFF


def acl(user: int) -> bytes:
    """That a user may read it, beside its owner and group."""
    entries = (
        (_USER_OBJ, 6, _NOBODY),
        (_USER, 4, user),
        (_GROUP_OBJ, 4, _NOBODY),
        (_MASK, 4, _NOBODY),
        (_OTHER, 0, _NOBODY),
    )
    return struct.pack("<I", 2) + b"".join(_ENTRY.pack(*entry) for entry in entries)


def set_attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        if error.errno in (ENOTSUP, EPERM):
            pytest.skip(f"{name} cannot be set here: {error.strerror}")
        raise


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o444, 0o4755])
def test_the_mode(tmp_path: Path, mode: int) -> None:
    file = fill(tmp_path) / "main.cf"
    file.chmod(mode)
    before = os.umask(0o077)
    try:
        mend(tmp_path)
    finally:
        os.umask(before)
    assert file.read_bytes() == NEW["main.cf"]
    assert file.stat().st_mode & 0o7777 == mode


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user.advisor", b"kept"),
        ("user.empty", b""),
        ("system.posix_acl_access", acl(12345)),
        ("security.selinux", b"system_u:object_r:postfix_etc_t:s0\0"),
        ("trusted.advisor", b"\0\xff"),
    ],
)
def test_extended_attributes(tmp_path: Path, name: str, value: bytes) -> None:
    file = fill(tmp_path) / "main.cf"
    set_attribute(file, name, value)
    mode = file.stat().st_mode
    mend(tmp_path)
    assert file.read_bytes() == NEW["main.cf"]
    assert os.getxattr(file, name) == value
    assert file.stat().st_mode == mode


def test_it_gets_no_acl_from_its_folder(tmp_path: Path) -> None:
    file = fill(tmp_path) / "main.cf"
    set_attribute(tmp_path, "system.posix_acl_default", acl(12345))
    mend(tmp_path)
    assert os.listxattr(file) == []
    assert file.stat().st_mode & 0o7777 == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_owner_and_group(tmp_path: Path) -> None:
    file = fill(tmp_path) / "main.cf"
    file.chmod(0o2750)
    os.chown(file, 12345, 54321)
    file.chmod(0o2750)
    mend(tmp_path)
    found = file.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o7777) == (12345, 54321, 0o2750)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    etc = fill(tmp_path / "etc")
    git = tmp_path / "git"
    git.mkdir()
    (etc / "main.cf").rename(git / "mail.cf")
    (git / "main.cf").symlink_to("mail.cf")
    (etc / "main.cf").symlink_to("../git/main.cf")
    mend(etc)
    assert (etc / "main.cf").readlink() == Path("../git/main.cf")
    assert (git / "main.cf").readlink() == Path("mail.cf")
    assert not (git / "mail.cf").is_symlink()
    assert bytes_of(etc) == NEW
    assert sorted(each.name for each in git.iterdir()) == ["mail.cf", "main.cf"]


def test_the_other_file_is_not_touched(tmp_path: Path) -> None:
    fill(tmp_path)
    before = (tmp_path / "master.cf").stat()
    write([rewrites(tmp_path)[:1]])
    assert (tmp_path / "master.cf").stat().st_ino == before.st_ino
    assert bytes_of(tmp_path) == {"main.cf": NEW["main.cf"], "master.cf": OLD["master.cf"]}
