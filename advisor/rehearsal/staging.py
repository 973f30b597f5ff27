"""A configuration -> the files of a private Postfix that plays it, what stands in, and that in words.

All that a client meets stays as it is: process limits, time limits, restrictions, tables, checks.
What would reach the host or the net is replaced: folders, addresses, programs that are asked, deliveries.
Knowledge: postconf(5), master(5).
"""

import re
import socket
from collections.abc import Iterator

import msgspec

from advisor.rehearsal.here import Here
from advisor.rehearsal.places import DATA, LOG, QUEUE, ROOT
from advisor.rehearsal.scene import SERVER, Role, StandIn
from advisor.rehearsal.stage_services import stage_services
from advisor.rehearsal.stage_values import Delays, Values
from advisor.settings.instance import Instance
from advisor.settings.listening import host_and_port, port_number
from advisor.settings.service import Service
from advisor.settings.values import BadValue

# The recipient's domain: the resolver has an address for each name below .test.
DOMAIN = "recipient.test"
_LARGEST_MESSAGE = 20_000_000
_OWN = {
    "alias_database": "",
    "alias_maps": "",
    "content_filter": "",
    "data_directory": str(DATA),
    "default_transport": "discard:",
    "inet_interfaces": "all",
    "inet_protocols": "ipv4",
    "local_recipient_maps": "",
    "local_transport": "discard:",
    "maillog_file": str(LOG),
    "maillog_file_prefixes": str(ROOT),
    "milter_protocol": "6",
    "multi_instance_enable": "no",
    "non_smtpd_milters": "",
    "queue_directory": str(QUEUE),
    "queue_minfree": "0",
    "relay_recipient_maps": "",
    "relay_transport": "discard:",
    "relayhost": "",
    "smtpd_enforce_tls": "no",
    "smtpd_sasl_auth_enable": "no",
    "smtpd_tls_security_level": "none",
    "smtpd_tls_wrappermode": "no",
    "smtpd_upstream_proxy_protocol": "",
    "smtpd_use_tls": "no",
    "transport_maps": "",
    "virtual_transport": "discard:",
}
# What only deliveries, logins, TLS, postscreen(8) and folders of the host have to do with.
_NOT_PLAYED = re.compile(
    r"(?:smtp|lmtp|smtpd_tls|smtpd_sasl|tls|tlsproxy|postscreen|dnsblog|qmqpd|mailbox|forward|local|pipe|command|maillog|"
    r"multi_instance|address_verify_\w*transport|address_verify_\w*relayhost|sender_dependent|authorized|"
    r"virtual_mailbox_(?:base|limit|lock)|virtual_[ug]id|fallback|best_mx)_.*"
    r"|.*_directory|.*_directories|home_mailbox|luser_relay|default_filter_nexthop|debug_peer_list|debugger_command"
    r"|default_privs|import_environment|export_environment|master_service_disable|proxy_interfaces"
    r"|bounce_template_file|address_verify_map|proxy_read_maps|proxy_write_maps|smtpd_milter_maps|openssl_path|cyrus_sasl_config_path|fallback_\w+|best_mx_transport"
    r"|sendmail_path|newaliases_path|mailq_path"
)


class Staged(msgspec.Struct, frozen=True):
    """The files by name, what stands in, the port to visit, and what was replaced, in words."""

    files: dict[str, str]
    stand_ins: tuple[StandIn, ...]
    port: int
    notes: tuple[str, ...]


class TimeLimit(msgspec.Struct, frozen=True):
    """smtpd_timeout in seconds, in normal times and under stress."""

    normal: int
    stress: int

    def __str__(self) -> str:
        if self.normal == self.stress:
            return f"{self.normal}s"
        return f"${{stress?{{{self.stress}}}:{{{self.normal}}}}}s"


def stage(
    instance: Instance, service: Service, here: Here, delays: Delays, timeout: TimeLimit | None = None
) -> Staged:
    """The private form of an instance, of which a service is visited; `timeout` is its smtpd_timeout where
    that is not to be what the text says.
    """
    values = Values(instance, service, here, delays)
    own = _OWN | here.own | _of_text(instance, values)
    if timeout is not None:
        own["smtpd_timeout"] = str(timeout)
    if delays.resolver:
        own["smtpd_peername_lookup"] = "no"

    def rewrite(name: str, of: Service | None, written: str) -> str | None:
        if name in own or _NOT_PLAYED.fullmatch(name):
            return None
        return values.value(name, of, written)

    lines = [
        f"{name} = {value}"
        for name in instance.main_cf.by_name
        if (value := rewrite(name, None, instance.main_cf.by_name[name][-1].raw_value)) is not None
    ]
    lines += [f"{name} = {value}" for name, value in own.items()]
    master, left_out = stage_services(instance, service, rewrite)
    resolver = StandIn(Role.RESOLVER, 53, delays.resolver)
    notes = (*_notes(instance, service, delays), *values.tables.notes, *values.notes, *left_out)
    return Staged(
        {"main.cf": _text(lines), "master.cf": _text(master), **values.tables.files},
        (*values.stand_ins.values(), resolver),
        port_of(service),
        notes,
    )


def port_of(service: Service) -> int:
    """The port of a service by number; 25 for one behind postscreen(8), or of a name that is not known."""
    _, name = host_and_port(service.name)
    number = port_number(name)
    if number.isdecimal() and service.type == "inet":
        return int(number)
    try:
        return socket.getservbyname(name, "tcp") if service.type == "inet" else 25
    except OSError:
        return 25


def _of_text(instance: Instance, values: Values) -> dict[str, str]:
    """What the text says, and a rehearsal more than that."""
    size = instance.setting("message_size_limit").number()
    origin = instance.setting("myorigin").normal
    kept = isinstance(size, BadValue) or 0 < size <= _LARGEST_MESSAGE
    return {
        "relay_domains": f"{values.rewritten('relay_domains', None)} {DOMAIN}".strip(),
        **({} if kept else {"message_size_limit": str(_LARGEST_MESSAGE)}),
        **({"myorigin": "$myhostname"} if origin.startswith("/") else {}),
    }


def _notes(instance: Instance, service: Service, delays: Delays) -> Iterator[str]:
    """What is never played."""
    host, _ = host_and_port(service.name)
    if service.type == "pass":
        yield f"{service.key} takes clients itself: what postscreen(8) keeps away is not in its log either"
    elif host:
        yield f"{service.key} listens at {SERVER}"
    if instance.setting("smtpd_tls_security_level", service).normal in ("may", "encrypt"):
        yield "no TLS: its clients speak plain text"
    if instance.setting("smtpd_sasl_auth_enable", service).normal == "yes":
        yield "no logins: smtpd_sasl_auth_enable = no"
    if instance.setting("content_filter").normal or instance.setting("content_filter", service).normal:
        yield "no content_filter: it is behind the queue, where no client waits"
    if delays.resolver:
        yield f"DNS: a stand-in that answers after {delays.resolver:.2g} s; no client's name is looked up"


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
