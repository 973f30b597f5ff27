"""A next hop as smtp(8) reads it, such as relayhost's `[mail.example.com]:587`.

Knowledge: smtp_parse_destination() in src/smtp/smtp_connect.c, postconf(5) relayhost.
"""

import re
from ipaddress import ip_address

import msgspec

_BRACKETED = re.compile(r"\[([^\]]*)\](?::([^:]*))?")
_PLAIN = re.compile(r"([^:\[\]]*)(?::([^:]*))?")
_DEFAULT_PORT = "smtp"


class Nexthop(msgspec.Struct, frozen=True):
    """`host` without brackets, `port` as written, `smtp` where none is. `looks_up_mx`: the host stands
    outside brackets, so that its MX records are asked for first.
    """

    text: str
    host: str
    port: str
    looks_up_mx: bool


def nexthop(text: str) -> Nexthop:
    """The parts of the first destination of a text; an empty host where there is none."""
    first = re.split(r"[\s,]+", text.strip())[0]
    if match := _BRACKETED.fullmatch(first):
        return Nexthop(first, match[1].removeprefix("IPv6:"), match[2] or _DEFAULT_PORT, looks_up_mx=False)
    if match := _PLAIN.fullmatch(first):
        return Nexthop(first, match[1], match[2] or _DEFAULT_PORT, looks_up_mx=True)
    return Nexthop(first, first, _DEFAULT_PORT, looks_up_mx=True)


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback_host(host: str) -> bool:
    """Whether a host is this machine, by its loopback address or as localhost."""
    return host.lower() in ("localhost", "localhost.localdomain") or (
        is_address(host) and ip_address(host).is_loopback
    )
