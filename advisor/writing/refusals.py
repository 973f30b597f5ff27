"""Files that are not replaced, and why: what --fix promises could not be kept.

Knowledge: rename(2), open(2), ioctl_iflags(2), ima_policy of the kernel's documentation.
"""

import fcntl
import os
import struct
from collections.abc import Iterator

from advisor.errors import WriteError
from advisor.writing.attributes import Attributes
from advisor.writing.folders import Folder
from advisor.writing.mounts import mount_points

_BY_HAND = "or use 'advisor check --diff'"
# FS_IOC_GETFLAGS: _IOR('f', 1, long) in the kernel's asm-generic/ioctl.h.
_GET_FLAGS = 2 << 30 | struct.calcsize("l") << 16 | ord("f") << 8 | 1
_IMMUTABLE, _APPEND_ONLY = 0x10, 0x20
_SEALS = ("security.ima", "security.evm")


def must_be_replaceable(folder: Folder, name: str, fd: int, kept: Attributes) -> None:
    """Raises WriteError if the open file of that name, with these attributes, may not be replaced."""
    for reason, cure in _refusals(folder, name, fd, kept):
        raise WriteError(f"is not written: {reason}", where=str(folder.path / name), cure=cure)


def _refusals(folder: Folder, name: str, fd: int, kept: Attributes) -> Iterator[tuple[str, str]]:
    names = os.fstat(fd).st_nlink
    if names > 1:
        yield (
            f"it has {names} names (hard links), and the others would keep the old text",
            f"make it a file of its own (cp -p, then mv), {_BY_HAND}",
        )
    if str(folder.path / name) in mount_points():
        yield (
            "it is mounted into its folder by itself, so it cannot be replaced at one stroke",
            f"run this where the file itself lies, mount its whole folder, {_BY_HAND}",
        )
    if any(flags(each) & (_IMMUTABLE | _APPEND_ONLY) for each in (fd, folder.fd)):
        yield "it or its folder is immutable or append-only", f"chattr -i -a, {_BY_HAND}"
    if os.fstatvfs(folder.fd).f_flag & os.ST_RDONLY:
        yield "its file system is mounted read-only", f"mount it to be written, {_BY_HAND}"
    elif not os.access(".", os.W_OK | os.X_OK, dir_fd=folder.fd, effective_ids=True):
        yield "you may not write in its folder", f"run this as root or as the owner of the folder, {_BY_HAND}"
    user = os.geteuid()
    if user and (kept.owner != user or kept.group not in (os.getegid(), *os.getgroups())):
        yield "its owner or group would not stay", f"run this as root or as the owner of the file, {_BY_HAND}"
    if any(seal in dict(kept.extended) for seal in _SEALS):
        yield "it is signed (IMA or EVM), and the signature would not fit the new text", _BY_HAND[3:]


def flags(fd: int) -> int:
    """The flags that chattr(1) sets; 0 where the file system has none."""
    try:
        found = fcntl.ioctl(fd, _GET_FLAGS, struct.pack("l", 0))
    except OSError:
        return 0
    return int(struct.unpack("l", found)[0])
