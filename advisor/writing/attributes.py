"""What a file has beside its bytes and its times: owner, group, mode, and extended attributes, in which ACLs
and SELinux's labels are kept. Knowledge: xattr(7), acl(5).
"""

import os
import stat
from errno import ENOTSUP

import msgspec

from advisor.errors import WriteError


class Attributes(msgspec.Struct, frozen=True):
    """Of one file; `extended` are pairs of name and value, by name."""

    owner: int
    group: int
    mode: int
    extended: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, fd: int) -> "Attributes":
        """Those of an open file, as far as this process may see them. Raises OSError."""
        status = os.fstat(fd)
        return cls(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), _extended(fd))

    def give(self, fd: int, where: str) -> None:
        """Gives them to an open file. Raises WriteError, that names `where`, if it does not get them all."""
        try:
            self._give(fd)
        except OSError as error:
            raise _not_kept(where, error.strerror or "") from error
        if Attributes.of(fd) != self:
            raise _not_kept(where, "the file system has others")

    def _give(self, fd: int) -> None:
        """Owner first, for chown takes special modes away; mode last, for an ACL sets bits of it."""
        now = Attributes.of(fd)
        if (now.owner, now.group) != (self.owner, self.group):
            os.fchown(fd, self.owner, self.group)
        # A folder may give its new files an ACL that the old file does not have.
        for name, _ in now.extended:
            if name not in dict(self.extended):
                os.removexattr(fd, name)
        for name, value in self.extended:
            if (name, value) not in now.extended:
                os.setxattr(fd, name, value)
        os.fchmod(fd, self.mode)


def _extended(fd: int) -> tuple[tuple[str, bytes], ...]:
    try:
        return tuple((name, os.getxattr(fd, name)) for name in sorted(os.listxattr(fd)))
    except OSError as error:
        if error.errno == ENOTSUP:
            return ()
        raise


def _not_kept(where: str, why: str) -> WriteError:
    return WriteError(
        f"its owner, mode, ACL or labels cannot be kept: {why}",
        where=where,
        cure="run it as root or as the owner of the file, or use 'advisor check --diff'",
    )
