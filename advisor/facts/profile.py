"""Which kind of machine it is: what rules ask before they speak of what is not this machine's trade.

It is as the administrator told, else inferred from who can reach its SMTP servers and whose mail they take
(STANDARD_CONFIGURATION_README). Inferring errs to the mail exchanger, of which most is asked.
"""

from collections.abc import Iterator

import msgspec

from advisor.errors import RuleError
from advisor.facts.case import Case
from advisor.facts.registry import fact, known
from advisor.facts.relay import refuses_strangers
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.networks import effective, network_entries
from advisor.settings.profile import Profile
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_NO_SERVICES = Missing(
    "which kind of machine it is", "give master.cf too, or say --profile mail-exchanger or what else it is"
)
# The lists of domains for which a stranger may send mail here (ADDRESS_CLASS_README).
_DOMAIN_LISTS = ("mydestination", "relay_domains", "virtual_mailbox_domains", "virtual_alias_domains")
_LOCAL = ("localhost", "localhost.localdomain")
_STYLES_WITH_OTHERS = ("class", "subnet")
_PORT_25 = ("smtp", "25", "smtpd")  # smtpd/pass is the one behind postscreen(8)


class Kind(msgspec.Struct, frozen=True):
    """One kind that the machine is of; `because` says in words what it was inferred from, empty where the
    administrator told.
    """

    profile: Profile
    because: str


@fact()
def profile_is(case: Case, name: str) -> bool | Missing:
    """Whether the machine is of that kind, as --profile says or the configuration shows."""
    if name not in {profile.value for profile in Profile}:
        raise RuleError(
            f"there is no profile {name}", where="profile_is", cure=f"say one of {', '.join(Profile)}"
        )
    return name in known(profile(case))


@fact()
def profile(case: Case) -> tuple[str, ...] | Missing:
    """The kinds of machine it is: mail-exchanger, submission-host, internal-relay, or null-client alone."""
    return tuple(kind.profile.value for kind in known(kinds(case.instance)))


def kinds(instance: Instance) -> tuple[Kind, ...] | Missing:
    """The kinds of machine, in the order of Profile, each once; Missing where no services are known."""
    if instance.host.profiles:
        return tuple(Kind(profile, "") for profile in Profile if profile in instance.host.profiles)
    if instance.master_cf is None:
        return _NO_SERVICES
    found: dict[Profile, Kind] = {}
    for kind in _inferred(instance):
        found.setdefault(kind.profile, kind)
    if not found:
        return (Kind(Profile.NULL_CLIENT, "other hosts reach no SMTP server"),)
    return tuple(found[profile] for profile in Profile if profile in found)


def _inferred(instance: Instance) -> Iterator[Kind]:
    servers = [each for each in instance.services if each.is_smtp_server and each.is_public]
    # An odd port for own hosts alone is most often where a content filter hands mail back.
    usual = [each for each in servers if _is_usual(each) or not refuses_strangers(instance, each)]
    for service in usual or servers:
        yield _kind(instance, service)


def _is_usual(service: Service) -> bool:
    return service.is_submission or service.name.rpartition(":")[2] in _PORT_25


def _kind(instance: Instance, service: Service) -> Kind:
    """What one server that other hosts can reach makes of the machine."""
    where = service.key
    if service.is_submission:
        return Kind(Profile.SUBMISSION_HOST, f"{where} is for users")
    if refuses_strangers(instance, service):
        if _takes_logins(instance, service) and not _trusts_others(instance, service):
            return Kind(Profile.SUBMISSION_HOST, f"{where} asks for a login")
        return Kind(Profile.INTERNAL_RELAY, f"{where} refuses strangers")
    domains = lists_of_domains(instance, service)
    if domains:
        return Kind(Profile.MAIL_EXCHANGER, f"{where} takes mail for {domains[0]}")
    if instance.setting("relayhost").normal and _trusts_others(instance, service):
        return Kind(Profile.INTERNAL_RELAY, f"{where} serves mynetworks behind a relayhost")
    return Kind(Profile.MAIL_EXCHANGER, f"{where} takes mail for this host's name")


def _takes_logins(instance: Instance, service: Service) -> bool:
    return instance.setting("smtpd_sasl_auth_enable", service).boolean() is True


def _trusts_others(instance: Instance, service: Service) -> bool:
    """Whether mynetworks holds more than the host itself."""
    setting = instance.setting("mynetworks", service)
    if setting.is_default:
        return instance.setting("mynetworks_style", service).normal.lower() in _STYLES_WITH_OTHERS
    items = setting.items()
    if isinstance(items, BadValue):
        return False
    return any(
        not network.is_loopback
        for entry in effective(network_entries(items, instance.table))
        for network in entry.networks
    )


def lists_of_domains(instance: Instance, service: Service | None) -> list[str]:
    """The lists of domains to take mail for that name more than the host itself."""
    host, domain = (instance.setting(name, service).normal.lower() for name in ("myhostname", "mydomain"))
    # What only the host can tell stays a $name in values.
    own = {host, host.partition(".")[0], "$myhostname", "localhost.$mydomain", f"localhost.{domain}", *_LOCAL}
    found = []
    for name in _DOMAIN_LISTS:
        items = instance.setting(name, service).items()
        if not isinstance(items, BadValue) and any(item.lower() not in own for item in items):
            found.append(name)
    return found
