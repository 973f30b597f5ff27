"""A service of master.cf, and what its entry means.

Knowledge: get_master_ent() in src/master/master_ent.c, mail_task() in src/global/mail_task.c, STRESS_README.
"""

from ipaddress import ip_address

import msgspec

from advisor.settings.enabled_services import enabled
from advisor.settings.listening import host_and_port, port_number
from advisor.settings.scope import Scope, program
from advisor.settings.values import INT_MAX, BadValue, parse_number
from advisor.syntax.master_cf import MasterCf, ServiceEntry
from advisor.syntax.source import Span

# The ports where a mail program hands in its user's mail, by number and by name (RFC 6409, RFC 8314).
SUBMISSION_PORTS = frozenset({"submission", "submissions", "smtps", "587", "465"})
_PORT_OF_SERVERS = "25"
# What `default_process_limit` is where main.cf has a value that Postfix refuses.
_DEFAULT_PROCESS_LIMIT = 100


class Service(msgspec.Struct, frozen=True):
    """A service that master(8) runs. `key` is Postfix's own name of it: `smtp/inet`; `command` the program,
    without a folder.

    `process_limit` is the most processes at a time, 0 for no limit; `explicit_process_limit` tells a number
    in master.cf from `-`, which is main.cf's default_process_limit. `is_public`: a client on another host can
    reach it. `is_submission`: mail programs of its users hand in mail there. `program_tag` is the name its
    processes log under, such as `postfix/submission/smtpd`.
    """

    entry: ServiceEntry
    key: str
    command: str
    process_limit: int
    is_public: bool
    is_submission: bool
    program_tag: str

    @property
    def name(self) -> str:
        """The first field: for an inet service [host:]port, else a socket's name."""
        return self.entry.name

    @property
    def type(self) -> str:
        """inet, unix, unix-dgram, fifo or pass."""
        return self.entry.type

    @property
    def span(self) -> Span:
        """Where its entry stands in master.cf."""
        return self.entry.span

    @property
    def explicit_process_limit(self) -> bool:
        """Whether master.cf gives the limit itself."""
        return self.entry.process_limit != "-"

    @property
    def is_smtp_server(self) -> bool:
        """Whether smtpd(8) serves clients of a network, directly or behind postscreen(8)."""
        return self.command == "smtpd" and self.type in ("inet", "pass")

    @property
    def is_postscreen(self) -> bool:
        """Whether postscreen(8) runs it."""
        return self.command == "postscreen"

    @property
    def is_stressable(self) -> bool:
        """Whether master(8) starts it with `stress=yes` when all its processes are busy."""
        return self.is_public and self.process_limit > 1


def services(master: MasterCf | None, scope: Scope) -> tuple[Service, ...]:
    """The services that master(8) runs, in file order; of one name and type, the last entry."""
    if master is None:
        return ()
    disabled = scope.setting("master_service_disable", None, stressable=False).items()
    names = () if isinstance(disabled, BadValue) else disabled
    return tuple(_service(entry, scope) for entry in enabled(master.entries, names, scope.release))


def _service(entry: ServiceEntry, scope: Scope) -> Service:
    is_smtpd = program(entry) == "smtpd" and entry.type == "inet"
    syslog_name = scope.setting("syslog_name", entry, stressable=False).normal
    return Service(
        entry=entry,
        key=entry.key,
        command=program(entry),
        process_limit=_process_limit(entry, scope),
        is_public=entry.type == "pass" or (entry.type == "inet" and _listens_beyond_loopback(entry, scope)),
        is_submission=is_smtpd and _is_submission(entry, scope),
        program_tag=f"{syslog_name}/{program(entry)}",
    )


def _is_submission(entry: ServiceEntry, scope: Scope) -> bool:
    """By its port, or since clients begin with TLS there, which other servers never do: port 25 is theirs."""
    _, port = host_and_port(entry.name)
    if port in SUBMISSION_PORTS or port_number(port) == _PORT_OF_SERVERS:
        return port in SUBMISSION_PORTS
    return scope.setting("smtpd_tls_wrappermode", entry, stressable=False).boolean() is True


def _process_limit(entry: ServiceEntry, scope: Scope) -> int:
    if entry.process_limit != "-":
        limit = parse_number(entry.process_limit)
        return INT_MAX if isinstance(limit, BadValue) else limit
    limit = scope.setting("default_process_limit", None, stressable=False).number()
    return _DEFAULT_PROCESS_LIMIT if isinstance(limit, BadValue) else limit


def _listens_beyond_loopback(entry: ServiceEntry, scope: Scope) -> bool:
    """Where master(8) opens the socket: it reads inet_interfaces of main.cf, and no `-o` of the service."""
    host, _ = host_and_port(entry.name)
    if host:
        return not _is_loopback(host)
    interfaces = scope.setting("inet_interfaces", None, stressable=False).items()
    if isinstance(interfaces, BadValue):
        return True  # Postfix does not start; the worse case shows what would be reachable
    return any(not _is_loopback(interface) for interface in interfaces)


def _is_loopback(host: str) -> bool:
    if host.lower() in ("loopback-only", "localhost"):
        return True
    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False
