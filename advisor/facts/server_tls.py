"""How an SMTP server offers TLS, and whether it fits the port it listens on and the logins it takes.

Knowledge: pre_jail_init() and main() in src/smtpd/smtpd.c, TLS_README, RFC 3207, RFC 8314. Wrapper mode and
the levels from `encrypt` on offer AUTH only inside TLS. Without a certificate smtpd(8) offers STARTTLS all
the same, and answers it with 454: tried with Postfix 3.7.11.
"""

from enum import StrEnum
from ipaddress import ip_address

import msgspec

from advisor.facts.case import Case
from advisor.facts.old_tls import security_level
from advisor.facts.profile import lists_of_domains
from advisor.facts.registry import fact
from advisor.facts.relay import refuses_strangers
from advisor.facts.restrictions import RestrictionLists
from advisor.facts.services import smtp_services
from advisor.facts.wanted import Assign, Wanted
from advisor.facts.written import is_written
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_LEVEL, _WRAPPER, _AUTH_ONLY = "smtpd_tls_security_level", "smtpd_tls_wrappermode", "smtpd_tls_auth_only"
_CHAINS = "smtpd_tls_chain_files"
_KEY_PAIRS = ("smtpd_tls_cert_file", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file")
# Files that distributions make up for a machine, or that stand in examples: no client can know their name.
_PLACEHOLDERS = ("snakeoil", "localhost.crt", "localhost.pem", "localhost.key")


class Port(StrEnum):
    """What clients expect behind the port of a service."""

    RELAY = "relay"
    STARTTLS = "starttls"
    WRAPPED = "wrapped"
    OTHER = "other"


_PORTS = {
    "smtp": Port.RELAY,
    "25": Port.RELAY,
    "submission": Port.STARTTLS,
    "587": Port.STARTTLS,
    "submissions": Port.WRAPPED,
    "smtps": Port.WRAPPED,
    "465": Port.WRAPPED,
}


class ServerTls(msgspec.Struct, frozen=True):
    """TLS at one server. `level` is the security level, old names taken into account; `wrapped`: TLS begins
    before SMTP. `certificates` are the files with them; `is_anonymous`: the server is to do without one.
    `logs_in`: it takes logins, and `in_clear` tells that passwords may come without TLS.
    `both_forms`: chain files and key pairs are set, and the latter do nothing.
    """

    port: Port
    level: str
    wrapped: bool
    certificates: tuple[str, ...]
    is_anonymous: bool
    logs_in: bool
    in_clear: bool
    both_forms: bool

    @property
    def asked(self) -> bool:
        """Whether the configuration asks for TLS."""
        return self.wrapped or self.level != "none"

    @property
    def enforced(self) -> bool:
        """Whether clients have to use TLS."""
        return self.wrapped or self.level not in ("none", "may")

    @property
    def offered(self) -> bool:
        """Whether clients can use TLS."""
        return self.asked and self.has_certificate

    @property
    def has_certificate(self) -> bool:
        """Whether a certificate is set, or the server is to do without."""
        return bool(self.certificates) or self.is_anonymous

    @property
    def has_placeholder(self) -> bool:
        """Whether a certificate is one that only fills the place of a real one."""
        return any(_is_placeholder(path) for path in self.certificates)


@fact()
def server_tls(case: Case, service: Service) -> ServerTls:
    """How a service offers TLS."""
    instance = case.instance
    chains, pairs = _files(instance, service, (_CHAINS,)), _files(instance, service, _KEY_PAIRS)
    level = (security_level(instance, "smtpd", service) or "none").lower()
    wrapped = _says_yes(instance, _WRAPPER, service)
    logs_in = _says_yes(instance, "smtpd_sasl_auth_enable", service) and _lets_users_in(instance, service)
    protected = (
        wrapped or level not in ("none", "may") or _says_yes(instance, _AUTH_ONLY, service)
    ) or "noplaintext" in _items(instance, "smtpd_sasl_security_options", service)
    return ServerTls(
        Port.RELAY if service.type == "pass" else _PORTS.get(_port(service), Port.OTHER),
        level,
        wrapped,
        chains or tuple(path for path in pairs if path.lower() != "none"),
        not chains and "none" in (path.lower() for path in pairs),
        logs_in,
        logs_in and not protected,
        bool(chains) and bool(pairs),
    )


@fact()
def was_tls_declined(case: Case, service: Service) -> bool:
    """Whether somebody wrote down that the service shall have no TLS."""
    names = (_LEVEL, "smtpd_use_tls", "smtpd_enforce_tls")
    said = any(is_written(case.instance, name, place) for name in names for place in (None, service))
    return said and not server_tls(case, service).asked


@fact()
def tls_turned_on(case: Case, service: Service) -> tuple[Wanted, ...]:
    """What has the service offer TLS, where a certificate is there and TLS is off."""
    return (Assign(_LEVEL, "may", service.key),) if not server_tls(case, service).asked else ()


@fact()
def has_chain_files(case: Case) -> bool:
    """Whether this release has smtpd_tls_chain_files, which came with 3.4."""
    return case.instance.setting(_CHAINS).exists


class PortTrouble(StrEnum):
    """How TLS and the port disagree."""

    FITS = "fits"
    WRAPPER_ON_STARTTLS = "wrapper-on-starttls"
    NO_WRAPPER = "no-wrapper"
    ENFORCED_ON_MX = "enforced-on-mx"
    NO_LOGIN = "no-login"
    OPTIONAL = "optional"


@fact()
def tls_port_trouble(case: Case, service: Service) -> PortTrouble:
    """How the service's TLS disagrees with what clients of its port expect."""
    tls = server_tls(case, service)
    if tls.port is Port.WRAPPED:
        return PortTrouble.FITS if tls.wrapped or _is_behind_proxy(case, service) else PortTrouble.NO_WRAPPER
    if tls.port is Port.OTHER:
        return PortTrouble.FITS
    if tls.wrapped:
        return PortTrouble.WRAPPER_ON_STARTTLS
    if tls.port is Port.RELAY:
        is_bad = tls.enforced and is_mail_exchanger(case, service)
        return PortTrouble.ENFORCED_ON_MX if is_bad else PortTrouble.FITS
    if not tls.logs_in or tls.in_clear or tls.enforced:
        return PortTrouble.FITS
    return PortTrouble.OPTIONAL if tls.offered else PortTrouble.NO_LOGIN


@fact()
def tls_fitted_to_port(case: Case, service: Service) -> tuple[Wanted, ...]:
    """What makes the service's TLS what clients of its port expect; nothing where it has no certificate."""
    tls, trouble = server_tls(case, service), tls_port_trouble(case, service)
    if not tls.has_certificate or trouble in (PortTrouble.FITS, PortTrouble.NO_LOGIN):
        return ()
    if trouble is PortTrouble.NO_WRAPPER:
        return (Assign(_WRAPPER, "yes", service.key),)
    changes: list[Wanted] = []
    if tls.wrapped:
        changes.append(Assign(_WRAPPER, "no", service.key))
    level = "encrypt" if tls.port is Port.STARTTLS else "may"
    if tls.level != level:
        changes.append(Assign(_LEVEL, level, service.key))
    # What enforced TLS has protected so far.
    if level == "may" and tls.logs_in and not _says_yes(case.instance, _AUTH_ONLY, service):
        changes.append(Assign(_AUTH_ONLY, "yes", service.key))
    return tuple(changes)


@fact()
def serves_port_25(case: Case, service: Service) -> bool:
    """Whether other mail servers come to the service: it is on port 25, or behind postscreen."""
    return server_tls(case, service).port is Port.RELAY


@fact()
def is_mail_exchanger(case: Case, service: Service) -> bool:
    """Whether other mail servers bring mail to the service: there are domains beside the host's own names, it
    is on port 25 and on no private address, and takes mail of clients that have not logged in.
    """
    return (
        serves_port_25(case, service)
        and not _listens_privately(service)
        and bool(lists_of_domains(case.instance, service))
        and not refuses_strangers(case.instance, service)
    )


@fact()
def placeholder_certificates(case: Case) -> tuple[str, ...]:
    """The certificates of SMTP servers with TLS that only fill the place of real ones."""
    found = (
        path
        for service in smtp_services(case)
        if (tls := server_tls(case, service)).asked
        for path in tls.certificates
        if _is_placeholder(path)
    )
    return tuple(dict.fromkeys(found))


@fact()
def services_with_placeholder(case: Case) -> tuple[str, ...]:
    """The SMTP servers that show such a certificate."""
    return tuple(each.key for each in _with_placeholder(case))


@fact()
def users_see_placeholder(case: Case) -> bool:
    """Whether mail programs of users are shown such a certificate."""
    return any(each.is_submission and server_tls(case, each).logs_in for each in _with_placeholder(case))


def _with_placeholder(case: Case) -> tuple[Service, ...]:
    return tuple(
        each for each in smtp_services(case) if (tls := server_tls(case, each)).asked and tls.has_placeholder
    )


def _lets_users_in(instance: Instance, service: Service) -> bool:
    """Whether no restriction list refuses users outside mynetworks, as a filter's way back does."""
    lists = RestrictionLists(instance, service)
    names = (
        {step.name for step in lists.steps(lists.items(f"smtpd_{stage}_restrictions")) if not step.only_warns}
        for stage in ("client", "sender", "relay", "recipient")
    )
    return not any("reject" in each and "permit_sasl_authenticated" not in each for each in names)


def _listens_privately(service: Service) -> bool:
    host = service.name.rpartition(":")[0].removeprefix("[").removesuffix("]")
    try:
        return bool(host) and ip_address(host).is_private and not ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_behind_proxy(case: Case, service: Service) -> bool:
    setting = case.instance.setting("smtpd_upstream_proxy_protocol", service)
    return setting.exists and bool(setting.normal)


def _is_placeholder(path: str) -> bool:
    return any(word in path.lower() for word in _PLACEHOLDERS)


def _port(service: Service) -> str:
    return service.name.rpartition(":")[2]


def _files(instance: Instance, service: Service, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for name in names for item in _items(instance, name, service))


def _items(instance: Instance, name: str, service: Service) -> tuple[str, ...]:
    setting = instance.setting(name, service)
    items = setting.items() if setting.exists else ()
    return () if isinstance(items, BadValue) else items


def _says_yes(instance: Instance, name: str, service: Service) -> bool:
    setting = instance.setting(name, service)
    return setting.exists and setting.boolean() is True
