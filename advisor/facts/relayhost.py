"""The way to a relay host: whether smtp(8) can go it, and whether it may log in there.

Knowledge: smtp_connect_inet() in src/smtp/smtp_connect.c, smtp_sasl_passwd_lookup() in
src/smtp/smtp_sasl_glue.c, post_init() in src/smtp/smtp.c, SASL_README; the loop, the dying client and the
refusal of port 465 were tried with Postfix 3.7.11.
"""

import re
from enum import StrEnum

import msgspec

from advisor.facts.case import Case
from advisor.facts.domain_lists import table_keys
from advisor.facts.nexthop import Nexthop, is_address, is_loopback_host, nexthop
from advisor.facts.old_tls import security_level
from advisor.facts.registry import fact
from advisor.facts.wanted import Assign, Wanted
from advisor.facts.written import written_places
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_RELAYHOST, _LEVEL = "relayhost", "smtp_tls_security_level"
_AUTH, _PASSWORDS = "smtp_sasl_auth_enable", "smtp_sasl_password_maps"
_OPTIONS, _TLS_OPTIONS = "smtp_sasl_security_options", "smtp_sasl_tls_security_options"
_WRAPPER = "smtp_tls_wrappermode"
_PORT_IN_BRACKETS = re.compile(r"\[[^\]:]+:[0-9a-z]+\]", re.IGNORECASE)
_SMTP_PORTS = ("smtp", "25")
_WRAPPED_PORTS = ("465", "smtps", "submissions")
_OPTIONAL = ("none", "may")


class RelayTrouble(StrEnum):
    """What is wrong with the way to the relay host."""

    PORT_IN_BRACKETS = "port-in-brackets"
    LOOP = "loop"
    UNWRAPPED = "unwrapped"
    NO_PASSWORDS = "no-passwords"
    OTHER_KEY = "other-key"
    NO_MECHANISM = "no-mechanism"
    IN_CLEAR = "in-clear"
    OPTIONAL_TLS = "optional-tls"
    LOOKS_UP_MX = "looks-up-mx"


# Mail waits in the queue, all of it.
_STOPS_MAIL = tuple(RelayTrouble)[:5]
_WANTS_TLS = {RelayTrouble.IN_CLEAR, RelayTrouble.OPTIONAL_TLS, RelayTrouble.UNWRAPPED}
# An administrator of a small site would hardly see the difference.
_SMALL = (RelayTrouble.OPTIONAL_TLS, RelayTrouble.LOOKS_UP_MX)


class RelayWay(msgspec.Struct, frozen=True):
    """The next hop of all mail that leaves, and its `troubles`. `keys` are those of the password table, as
    far as it can be read; `has_tls`: TLS is used on the way, or may be. `changes` mend what can be computed.
    """

    hop: Nexthop
    troubles: tuple[RelayTrouble, ...]
    keys: tuple[str, ...]
    has_tls: bool
    changes: tuple[Wanted, ...]

    @property
    def stops_mail(self) -> bool:
        """Whether mail cannot leave at all."""
        return any(each in _STOPS_MAIL for each in self.troubles)

    @property
    def wants_tls(self) -> bool:
        """Whether a trouble goes away with TLS alone, demanded of the relay host."""
        return any(each in _WANTS_TLS or each is RelayTrouble.NO_MECHANISM for each in self.troubles)

    @property
    def is_small(self) -> bool:
        """Whether it works as it is."""
        return all(each in _SMALL for each in self.troubles)


@fact()
def relay_way(case: Case) -> RelayWay:
    """The way to the relay host, and what is wrong with it."""
    instance = case.instance
    hop = nexthop(_value(instance, _RELAYHOST))
    keys = _password_keys(instance)
    troubles = (*_of_the_host(instance, hop), *_of_the_login(instance, hop, keys))
    return RelayWay(hop, troubles, keys, _level(instance) != "none", tuple(_mended(instance, hop, troubles)))


def _is_free(instance: Instance, levels: tuple[str, ...]) -> bool:
    """Whether one of the levels holds for the relay host for certain: a TLS policy table may say another."""
    is_near = is_loopback_host(nexthop(_value(instance, _RELAYHOST)).host)
    return _level(instance) in levels and not is_near and not _value(instance, "smtp_tls_policy_maps")


def _of_the_host(instance: Instance, hop: Nexthop) -> tuple[RelayTrouble, ...]:
    if _PORT_IN_BRACKETS.fullmatch(hop.text):
        return (RelayTrouble.PORT_IN_BRACKETS,)
    if not hop.host:
        return ()
    if _is_this_server(instance, hop):
        return (RelayTrouble.LOOP,)
    found = []
    if hop.port in _WRAPPED_PORTS and not _is_wrapped(instance) and not is_loopback_host(hop.host):
        found.append(RelayTrouble.UNWRAPPED)
    # Without a port it may be meant so: a domain whose MX hosts are the relays.
    if hop.looks_up_mx and hop.port not in _SMTP_PORTS and not is_address(hop.host) and "$" not in hop.host:
        found.append(RelayTrouble.LOOKS_UP_MX)
    return tuple(found)


def _of_the_login(instance: Instance, hop: Nexthop, keys: tuple[str, ...]) -> tuple[RelayTrouble, ...]:
    if not _logs_in(instance):
        return ()
    if not _value(instance, _PASSWORDS):
        return (RelayTrouble.NO_PASSWORDS,)
    if not hop.host:
        return ()
    found = []
    if _has_other_key(instance, hop, keys):
        found.append(RelayTrouble.OTHER_KEY)
    in_force = _OPTIONS if _level(instance) == "none" else _TLS_OPTIONS
    if "noplaintext" in _items(instance, in_force):
        found.append(RelayTrouble.NO_MECHANISM)
    elif "noplaintext" not in _items(instance, _OPTIONS) and _is_free(instance, _OPTIONAL):
        found.append(RelayTrouble.IN_CLEAR if _level(instance) == "none" else RelayTrouble.OPTIONAL_TLS)
    return tuple(found)


def _mended(instance: Instance, hop: Nexthop, troubles: tuple[RelayTrouble, ...]) -> list[Wanted]:
    changes: list[Wanted] = []
    if RelayTrouble.UNWRAPPED in troubles and instance.release >= Release(3, 0):
        changes.append(Assign(_WRAPPER, "yes"))
    weak_tls = _WANTS_TLS & set(troubles) or (
        RelayTrouble.NO_MECHANISM in troubles and _is_free(instance, ("none",))
    )
    # Old names beside it would say the contrary, and where a service has its own level, a person has to look.
    if weak_tls and _level(instance) in _OPTIONAL and not _has_other_levels(instance):
        changes.append(Assign(_LEVEL, "encrypt"))
    if RelayTrouble.NO_MECHANISM in troubles and (changes or _level(instance) != "none"):
        changes.append(Assign(_TLS_OPTIONS, "noanonymous"))
    # Another form of the host would need another key in the password table.
    if RelayTrouble.LOOKS_UP_MX in troubles and not _logs_in(instance):
        changes.append(Assign(_RELAYHOST, f"[{hop.host}]:{hop.port}"))
    return changes


def _has_other_levels(instance: Instance) -> bool:
    old = written_places(instance, "smtp_use_tls", "smtp_enforce_tls")
    return bool(old) or any(place is not None for place in written_places(instance, _LEVEL))


def _has_other_key(instance: Instance, hop: Nexthop, keys: tuple[str, ...]) -> bool:
    """Whether the table has the host in another form, and in none that smtp(8) looks for."""
    if _says_yes(instance, "smtp_sender_dependent_authentication"):
        return False
    fitting = {hop.text.lower(), hop.host.lower()}
    return (
        bool(keys) and not fitting & set(keys) and any(nexthop(key).host == hop.host.lower() for key in keys)
    )


def _is_this_server(instance: Instance, hop: Nexthop) -> bool:
    """Whether the way leads to the SMTP port of an SMTP server of this very Postfix."""
    if hop.port not in _SMTP_PORTS or not any(map(_is_on_port_25, instance.services)):
        return False
    own = instance.setting("myhostname")
    return is_loopback_host(hop.host) or (own.known and hop.host.lower() == own.normal.lower())


def _is_on_port_25(service: Service) -> bool:
    serves = service.is_smtp_server or service.is_postscreen
    return serves and service.type == "inet" and service.name in _SMTP_PORTS


def _password_keys(instance: Instance) -> tuple[str, ...]:
    keys = (key.lower() for table in _items(instance, _PASSWORDS) for key in table_keys(instance, table))
    return tuple(dict.fromkeys(keys))


def _is_wrapped(instance: Instance) -> bool:
    return _says_yes(instance, _WRAPPER) and _level(instance) not in _OPTIONAL


def _logs_in(instance: Instance) -> bool:
    return _says_yes(instance, _AUTH)


def _level(instance: Instance) -> str:
    return security_level(instance, "smtp", _client(instance)).lower()


def _client(instance: Instance) -> Service | None:
    service = instance.service("smtp/unix")
    return service if service and service.command == "smtp" else None


def _value(instance: Instance, name: str) -> str:
    setting = instance.setting(name, _client(instance))
    return setting.normal if setting.exists else ""


def _items(instance: Instance, name: str) -> tuple[str, ...]:
    setting = instance.setting(name, _client(instance))
    items = setting.items() if setting.exists else ()
    return () if isinstance(items, BadValue) else items


def _says_yes(instance: Instance, name: str) -> bool:
    setting = instance.setting(name, _client(instance))
    return setting.exists and setting.boolean() is True
