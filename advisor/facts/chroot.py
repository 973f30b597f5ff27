"""Services that run in a chroot and need what is outside: files, or the socket of another program.

In a chroot queue_directory is the root, so that an absolute path means another place; a relative one is
looked for in queue_directory by all. Knowledge: get_master_ent() in src/master/master_ent.c for what
`-` means; chroot_uid.c; the pages of local(8), pipe(8), spawn(8), virtual(8) and proxymap(8).
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.chroot_databases import WAY_OUT, database_sockets
from advisor.facts.inspection import inspection
from advisor.facts.named_transports import named_transports
from advisor.facts.registry import collection
from advisor.facts.wanted import Column
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

# What each of them needs of the file system; proxymap is there to be outside of the chroot.
_OUTSIDE = {
    "local": "the mailboxes, the home directories and the commands of users",
    "pipe": "the command that it runs",
    "proxymap": "the tables that others cannot open from inside a chroot",
    "spawn": "the command that it runs",
    "virtual": "the mailboxes",
}
_DASH_IS_NO_CHROOT = Release(3, 0)
_SOCKET = re.compile(r"(?:unix|local):(?P<path>/\S+)")
# Where programs have their sockets by default. Another absolute path may be one inside the chroot, which is
# how sockets are shared with Postfix on Debian.
_PLACES = ("/dev/", "/home/", "/opt/", "/run/", "/srv/", "/tmp/", "/usr/", "/var/")  # noqa: S108 - names


class ChrootConflict(msgspec.Struct, frozen=True):
    """A service in a chroot. `problem` says what it cannot reach, and is empty where nothing is known.

    `way_out` is a cure that keeps the chroot. `is_certain`: it fails whatever the machine looks like.
    """

    key: str
    span: Span
    problem: str = ""
    is_certain: bool = False
    way_out: str = "Let the other program listen below queue_directory, and name its path from there."
    cures: tuple[Column, ...] = ()


@collection(element=ChrootConflict, variable="chrooted", locate=lambda chrooted: chrooted.span)
def chrooted_services(case: Case) -> tuple[ChrootConflict, ...]:
    """The services that run in a chroot."""
    instance = case.instance
    return tuple(chroot_conflict(instance, each) for each in instance.services if is_chrooted(instance, each))


def is_chrooted(instance: Instance, service: Service) -> bool:
    """Whether master(8) starts a service in a chroot. Until compatibility_level 1, `-` stands for y."""
    if service.entry.chroot != "-":
        return service.entry.chroot == "y"
    level = instance.setting("compatibility_level").normal
    return instance.release < _DASH_IS_NO_CHROOT or level == "0"


def chroot_conflict(instance: Instance, service: Service) -> ChrootConflict:
    """What a service that runs in a chroot cannot reach from there."""
    cures = (Column(service.key, "chroot", "n"),)
    if needed := _OUTSIDE.get(service.command):
        return ChrootConflict(
            service.key, service.span, f"{service.command} needs {needed}", is_certain=True, cures=cures
        )
    queue = instance.setting("queue_directory").normal.rstrip("/") or "/"
    for used, path in _sockets(instance, service):
        if path.startswith(f"{queue}/"):
            inside = path.removeprefix(f"{queue}/")
            problem = (
                f"{used} is {path}, which there means {queue}{path}: write {inside} without a path before it"
            )
            return ChrootConflict(service.key, service.span, problem, is_certain=True, cures=cures)
        if path.startswith(_PLACES):
            problem = f"{used} is {path}, which there means {queue}{path}"
            return ChrootConflict(service.key, service.span, problem, cures=cures)
    for table, path in database_sockets(instance, service):
        problem = (
            f"{table} asks MySQL at localhost, which is a socket outside of it"
            if path == "localhost"
            else f"{table} asks {path}, which there means {queue}{path}"
        )
        return ChrootConflict(service.key, service.span, problem, cures=cures, way_out=WAY_OUT)
    return ChrootConflict(service.key, service.span)


def _sockets(instance: Instance, service: Service) -> Iterator[tuple[str, str]]:
    """What a service connects to by an absolute path: what it is, and the path."""
    texts: list[tuple[str, str]] = []
    if service.command == "smtpd":
        asked = inspection(instance, service)
        texts += [("a milter", name) for name in asked.milters]
        texts += [("a policy service", name) for name in (*asked.policies, *asked.message_policies)]
        if _asks_dovecot(instance, service):
            path = instance.setting("smtpd_sasl_path", service).normal
            texts.append(("the login service", path if ":" in path else f"unix:{path}"))
    elif service.command == "cleanup":
        items = instance.setting("non_smtpd_milters", service).items()
        texts += [("a milter", name) for name in (() if isinstance(items, BadValue) else items)]
    elif service.command == "lmtp":
        users = (each for each in named_transports(instance) if each.name == service.name)
        texts += [("the mailbox server", each.nexthop) for each in users]
    for used, text in texts:
        if match := _SOCKET.search(text):
            yield used, match["path"]


def _asks_dovecot(instance: Instance, service: Service) -> bool:
    is_on = instance.setting("smtpd_sasl_auth_enable", service).boolean()
    return is_on is True and instance.setting("smtpd_sasl_type", service).normal == "dovecot"
