"""Trust in more clients than were meant: XCLIENT and XFORWARD, certificates, the DNS of others.

Knowledge: XCLIENT_README, XFORWARD_README, TLS_README, DEPRECATION_README, smtpd(8).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.list_elements import restrictions_read
from advisor.facts.registry import collection
from advisor.facts.services import smtp_services
from advisor.settings.instance import Instance
from advisor.settings.networks import everybody, network_entries
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.settings.values import BadValue, split_items
from advisor.syntax.source import Span

_HOSTS = ("smtpd_authorized_xclient_hosts", "smtpd_authorized_xforward_hosts")
_ALL_CERTIFICATES, _MX_BACKUP = "permit_tls_all_clientcerts", "permit_mx_backup"
# The bundles of all public authorities, where Debian, Red Hat, SUSE, Alpine and the BSDs put them.
_PUBLIC_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/certs/ca-bundle.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
)
_PUBLIC_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")


class Trusted(msgspec.Struct, frozen=True):
    """Something that a parameter trusts, in main.cf (`key` is None) or for the service `key`.

    `hosts` are elements of a list of hosts that hold everybody; `certificates` says where the authorities
    are whose every client is permitted; `by_mx`: whoever names this server in the DNS may relay.
    """

    parameter: str
    key: str | None
    span: Span
    hosts: tuple[str, ...] = ()
    certificates: str = ""
    by_mx: bool = False


@collection(element=Trusted, variable="trusted", locate=lambda trusted: trusted.span)
def trusted_clients(case: Case) -> tuple[Trusted, ...]:
    """The hosts that may claim another address, and the lists that permit certificates or backup domains."""
    return (*_hosts(case), *_lists(case.instance))


def _hosts(case: Case) -> Iterator[Trusted]:
    instance = case.instance
    seen: set[Span] = set()
    for name in _HOSTS:
        for service in smtp_services(case):
            setting = instance.setting(name, service)
            items = setting.items()
            if (
                isinstance(setting.origin, Default)
                or isinstance(items, BadValue)
                or setting.origin.span in seen
            ):
                continue
            seen.add(setting.origin.span)
            all_hosts = tuple(each.text for each in everybody(network_entries(items, instance.table)))
            yield Trusted(name, _own(instance, name, service), setting.origin.span, hosts=all_hosts)


def _own(instance: Instance, name: str, service: Service) -> str | None:
    is_general = instance.setting(name).origin == instance.setting(name, service).origin
    return None if is_general else service.key


def _lists(instance: Instance) -> Iterator[Trusted]:
    for of in restrictions_read(instance):
        names = {each.name for each in of.restrictions if not each.only_warns}
        authorities = _public_authorities(instance, of.place) if _ALL_CERTIFICATES in names else ""
        by_mx = _MX_BACKUP in names and not instance.setting("permit_mx_backup_networks", of.place).normal
        yield Trusted(of.parameter, of.key, of.span, certificates=authorities, by_mx=by_mx)


def _public_authorities(instance: Instance, place: Service | None) -> str:
    for name, public in (("smtpd_tls_CAfile", _PUBLIC_BUNDLES), ("smtpd_tls_CApath", _PUBLIC_FOLDERS)):
        for path in split_items(instance.setting(name, place).normal):
            if path.rstrip("/") in public:
                return f"{name} = {path}"
    return ""
