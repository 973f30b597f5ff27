"""TLS of mail that leaves: whether it is used at all, whether DANE can work, and whether it asks too much.

What is judged is the way of all mail that no table sends elsewhere: the transport in default_transport, to
the host in relayhost or to whoever receives. Knowledge: TLS_README, postconf(5), dane_init() and
set_cipher_grade() in src/smtp/smtp_tls_policy.c.
"""

from advisor.facts.case import Case
from advisor.facts.nexthop import is_loopback_host, nexthop
from advisor.facts.old_tls import security_level
from advisor.facts.registry import fact
from advisor.facts.relayhost import relay_way
from advisor.facts.wanted import Assign, Wanted
from advisor.facts.written import is_written, key_of, written_places
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_LEVEL = "smtp_tls_security_level"
_LEVELS_AND_OLD_NAMES = (_LEVEL, "smtp_use_tls", "smtp_enforce_tls")
_DNS = "smtp_dns_support_level"
_DANE = ("dane", "dane-only")
_CHECKED = ("verify", "secure")
# Tables that may send all mail to one host.
_ROUTES = ("transport_maps", "sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps")

_NOT_BY_SMTP = Missing("mail is not sent by smtp(8)", "")

Place = Service | None


@fact()
def sends_without_tls(case: Case) -> bool:
    """Whether mail leaves in plain text only because nobody has said anything about TLS."""
    instance, place = case.instance, _client(case.instance)
    # A login asks for more than `may`, and relayhost-lookup says so.
    if isinstance(place, Missing) or _goes_to_loopback(instance) or relay_way(case).wants_tls:
        return False
    said = any(is_written(instance, name, where) for name in _LEVELS_AND_OLD_NAMES for where in (None, place))
    return not said and _level(instance, place) == "none"


@fact()
def dane_without_dnssec(case: Case) -> tuple[str, ...]:
    """Where DANE is asked for and the DNS is not asked for signatures: main.cf, or services."""
    return tuple(place.key if place else "main.cf" for place in _unsigned(case.instance))


@fact()
def dane_level(case: Case) -> str:
    """The level of DANE that is asked for there; the stricter of the two."""
    levels = [_level(case.instance, place) for place in _unsigned(case.instance)]
    return max(levels, default="")


@fact()
def uses_no_dns_for_hosts(case: Case) -> bool:
    """Whether smtp_host_lookup leaves the DNS out where DANE is asked for."""
    return any(_has_no_dns(case.instance, place) for place in _unsigned(case.instance))


@fact()
def dnssec_turned_on(case: Case) -> tuple[Wanted, ...]:
    """What has the DNS asked for signatures wherever DANE is asked for."""
    changes: list[Wanted] = []
    for place in _unsigned(case.instance):
        if _dns_level(case.instance, place) != "dnssec":
            changes.append(Assign(_DNS, "dnssec", key_of(place)))
        if _has_no_dns(case.instance, place):
            changes.append(Assign("smtp_host_lookup", "dns", key_of(place)))
    return tuple(changes)


@fact()
def level_for_everybody(case: Case) -> str | Missing:
    """The TLS level that is demanded of every server of the Internet; empty where mail may leave without TLS,
    or goes to a host of one's choice.
    """
    instance, place = case.instance, _client(case.instance)
    if isinstance(place, Missing):
        return ""
    level = _level(instance, place)
    if level not in ("encrypt", *_CHECKED) or _value(instance, "relayhost", None):
        return ""
    routes = [name for name in _ROUTES if _value(instance, name, None)]
    if routes:
        return Missing(
            f"whether {' and '.join(routes)} sends all mail to hosts of your choice",
            "look there: if other mail still goes anywhere, make smtp_tls_security_level = may, and list the "
            "hosts in smtp_tls_policy_maps",
        )
    return level


@fact()
def trusts_no_authority(case: Case) -> bool:
    """Whether certificates are to be checked in general, and no authority is trusted to sign them."""
    place = _client(case.instance)
    if isinstance(place, Missing) or _level(case.instance, place) not in _CHECKED:
        return False
    names = ("smtp_tls_CAfile", "smtp_tls_CApath", "smtp_tls_trust_anchor_file")
    default_authorities = case.instance.setting("tls_append_default_CA", place).boolean() is True
    return not default_authorities and not any(_value(case.instance, name, place) for name in names)


def _client(instance: Instance) -> Place | Missing:
    """The smtp(8) service of default_transport; None stands for main.cf where master.cf does not have it."""
    transport = _value(instance, "default_transport", None).partition(":")[0]
    service = instance.service(f"{transport}/unix")
    if service is None:
        return None if transport == "smtp" else _NOT_BY_SMTP
    return service if service.command == "smtp" else _NOT_BY_SMTP


def _level(instance: Instance, place: Place) -> str:
    return security_level(instance, "smtp", place).lower()


def _goes_to_loopback(instance: Instance) -> bool:
    return is_loopback_host(nexthop(_value(instance, "relayhost", None)).host)


def _unsigned(instance: Instance) -> tuple[Place, ...]:
    """The places where DANE is asked for, main.cf or smtp(8) services, and cannot be had."""
    clients = [each for each in instance.services if each.command == "smtp"]
    places: list[Place] = list(written_places(instance, _LEVEL))
    return tuple(
        place
        for place in places
        if (place is None or place in clients)
        and _level(instance, place) in _DANE
        and (_dns_level(instance, place) != "dnssec" or _has_no_dns(instance, place))
    )


def _dns_level(instance: Instance, place: Place) -> str:
    return _value(instance, _DNS, place).lower()


def _has_no_dns(instance: Instance, place: Place) -> bool:
    items = instance.setting("smtp_host_lookup", place).items()
    return not isinstance(items, BadValue) and "dns" not in (item.lower() for item in items)


def _value(instance: Instance, name: str, place: Place) -> str:
    setting = instance.setting(name, place)
    return setting.normal if setting.exists else ""
