"""What the Postfix of this host is built with: its own folders and names, and its types of tables."""

import subprocess
from functools import cache

import msgspec

from advisor.rehearsal.namespaces import CannotRehearseError, program

# What a configuration of another host may say in another way (postconf(5)).
_OWN = (
    "command_directory",
    "daemon_directory",
    "mail_owner",
    "mailq_path",
    "meta_directory",
    "newaliases_path",
    "sendmail_path",
    "setgid_group",
    "shlib_directory",
)


class Here(msgspec.Struct, frozen=True):
    """The values of this host's own parameters, as `postconf -d` has them, and what `postconf -m` prints."""

    own: dict[str, str]
    table_types: frozenset[str]


@cache
def here() -> Here:
    """Asks postconf(1). Raises CannotRehearseError where there is none."""
    postconf = program("postconf")
    own = {}
    for line in _said(postconf, "-d", *_OWN):
        name, equals, value = line.partition("=")
        if equals:  # an older one does not know them all, and says so
            own[name.strip()] = value.strip()
    return Here(own, frozenset(_said(postconf, "-m")))


def _said(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, check=False, timeout=30)  # noqa: S603 - postconf(1)
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip()
        raise CannotRehearseError(f"postconf does not answer: {told}", cure="mend this host's main.cf first")
    return done.stdout.decode("utf-8", "replace").splitlines()
