"""The master.cf of a private Postfix: the same services, at addresses of its own, out of any chroot.

Knowledge: master(5); postlogd(8); discard(8).
"""

from collections.abc import Callable

from advisor.rehearsal.scene import SERVER
from advisor.settings.instance import Instance
from advisor.settings.listening import host_and_port, port_number
from advisor.settings.service import Service

Rewrite = Callable[[str, Service | None, str], str | None]
_KEPT = frozenset(
    """anvil bounce cleanup discard error flush oqmgr pickup proxymap qmgr scache showq smtpd tlsmgr
    trivial-rewrite verify""".split()
)
_DELIVERIES = frozenset({"lmtp", "local", "pipe", "smtp", "virtual"})
_NOT_NEEDED = frozenset({"dnsblog", "postlogd", "postscreen", "tlsproxy"})
_LOOPBACK = ("127.", "localhost")
# What mail on its way needs, where a configuration leaves it out.
_NEEDED = {
    "cleanup/unix": "cleanup unix n - n - 0 cleanup",
    "qmgr/unix": "qmgr unix n - n 300 1 qmgr",
    "rewrite/unix": "rewrite unix - - n - - trivial-rewrite",
    "bounce/unix": "bounce unix - - n - 0 bounce",
    "defer/unix": "defer unix - - n - 0 bounce",
    "trace/unix": "trace unix - - n - 0 bounce",
    "retry/unix": "retry unix - - n - - error",
    "proxymap/unix": "proxymap unix - - n - - proxymap",
}
_ADDED = {
    "discard/unix": "discard unix - - n - - discard",
    "postlog/unix-dgram": "postlog unix-dgram n - n - 1 postlogd",
}


def stage_services(instance: Instance, visited: Service, rewrite: Rewrite) -> tuple[list[str], list[str]]:
    """The lines, and what was left out, in words. `rewrite` gives each `-o` the value that it has here."""
    lines: list[str] = []
    left_out: list[str] = []
    taken = {_address(visited, visited)}
    kept = set(_ADDED)
    for service in instance.services:
        name = _address(service, visited)
        if service.command in _NOT_NEEDED or service.key in _ADDED:
            continue
        if service is not visited and service.type in ("inet", "pass"):
            if service.command != "smtpd" or service.type == "pass" or _place(name) in map(_place, taken):
                left_out.append(f"{service.key} ({service.command}): left out")
                continue
            taken.add(name)
        if service.command in _DELIVERIES:
            lines.append(_line(service, name, "discard"))
        elif service.command in _KEPT:
            options = [
                f"-o {{{override.name}={value}}}"
                for override in service.entry.overrides
                if (value := rewrite(override.name, service, override.value)) is not None
            ]
            lines.append(_line(service, name, " ".join((service.command, *options))))
        else:
            left_out.append(f"{service.key} ({service.command}): left out")
        kept.add(service.key)
    lines += [line for key, line in _NEEDED.items() if key not in kept]
    return [*lines, *_ADDED.values()], left_out


def _line(service: Service, name: str, command: str) -> str:
    entry = service.entry
    kind, private = ("inet", "n") if entry.type == "pass" else (entry.type, entry.private)
    return f"{name} {kind} {private} {entry.unpriv} n {entry.wakeup} {entry.process_limit} {command}"


def _address(service: Service, visited: Service) -> str:
    """Where the service listens: loopback stays, any other address is that of the rehearsal."""
    if service is visited and service.type == "pass":
        return f"{SERVER}:25"
    if service.type != "inet":
        return service.name
    host, port = host_and_port(service.name)
    if not host or (host.startswith(_LOOPBACK) and service is not visited):
        return service.name
    return f"{SERVER}:{port}"


def _place(name: str) -> tuple[str, str]:
    """Which listeners cannot be at a time: all addresses are one, but for loopback."""
    host, port = host_and_port(name)
    return (host if host.startswith(_LOOPBACK) else "", port_number(port))
