"""What clients of a service did, as facts for rules: guesses at passwords, users, rates, hidden addresses."""

import msgspec

from advisor.facts.case import Case
from advisor.facts.client_networks import is_private
from advisor.facts.load import Clientele
from advisor.facts.observed import Observation
from advisor.facts.registry import Source, collection, fact, known, observed
from advisor.facts.services import smtp_services
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.settings.values import BadValue
from advisor.syntax.source import Span

# smtpd logs each by these words (src/smtpd/smtpd.c).
_RATES = {
    "smtpd_client_connection_rate_limit": "Connection rate",
    "smtpd_client_message_rate_limit": "Message delivery request rate",
}
_CONCURRENCY = "Connection concurrency"
_TIME_UNIT = "anvil_rate_time_unit"


def _of(case: Case, service: Service) -> Observation:
    return known(known(case.observed).service(service.key))


def _clientele(case: Case, service: Service) -> Clientele:
    return _of(case, service).load.clientele


@observed(unit="sessions")
def failed_logins(case: Case, service: Service) -> int | Missing:
    """Sessions of clients that failed to log in and delivered nothing."""
    return _clientele(case, service).failed_logins


@observed(unit="sessions")
def user_sessions(case: Case, service: Service) -> int | Missing:
    """Sessions of users who logged in and handed in mail."""
    return _clientele(case, service).users


@observed(unit="share")
def guessing_share(case: Case, service: Service) -> float | Missing:
    """The share of the process time, while all were busy, of clients that failed to log in."""
    return _of(case, service).load.held.guessing


@observed(unit="share")
def users_share(case: Case, service: Service) -> float | Missing:
    """The share of the process time, while all were busy, of users who had logged in."""
    return _of(case, service).load.held.authenticated


@observed(unit="logins")
def logins_per_minute(case: Case, service: Service) -> int | Missing:
    """The most sessions in a minute with a login that one client had, but for one minute in a thousand."""
    return _clientele(case, service).logins_per_minute


@observed()
def commonest_address(case: Case, service: Service) -> str | Missing:
    """The address that most sessions come from."""
    return _clientele(case, service).address


@observed(unit="share")
def commonest_address_share(case: Case, service: Service) -> float | Missing:
    """The share of the sessions that come from one address."""
    return _clientele(case, service).address_share


@observed(unit="share")
def commonest_address_fails(case: Case, service: Service) -> float | Missing:
    """The share of that address's sessions that took no mail."""
    return _clientele(case, service).address_fails


@observed()
def commonest_address_is_private(case: Case, service: Service) -> bool | Missing:
    """Whether most sessions come from an address of a private network."""
    return is_private(_clientele(case, service).address)


@observed(unit="connections")
def refused_for_concurrency(case: Case) -> int | Missing:
    """How many connections were refused since their client had as many already as it may have."""
    return known(case.observed).details.keys.get("client-limit", {}).get((_CONCURRENCY,), 0)


@fact()
def offers_auth(case: Case, service: Service) -> bool:
    """Whether clients of the service can log in."""
    return case.instance.setting("smtpd_sasl_auth_enable", service).boolean() is True


@fact()
def submission_services(case: Case) -> tuple[str, ...]:
    """The services where users can log in to hand in mail, apart from the port that other servers use."""
    return tuple(
        each.key for each in case.instance.services if each.is_submission and offers_auth(case, each)
    )


@fact()
def users_have_a_service(case: Case) -> bool:
    """Whether there is any such service."""
    return bool(submission_services(case))


@fact()
def takes_proxy_protocol(case: Case, service: Service) -> bool:
    """Whether a proxy tells the service who its client is."""
    name = "smtpd_upstream_proxy_protocol"
    return service.type == "pass" or bool(case.instance.setting(name, service).normal)


class RateLimit(msgspec.Struct, frozen=True):
    """A limit on how often one client of a service may come in a `unit`; `words` are smtpd's in the log."""

    service: Service
    name: str
    value: int
    words: str
    unit: int
    span: Span

    @property
    def key(self) -> str:
        """Postfix's own name of the service."""
        return self.service.key


@collection(element=RateLimit, variable="limit", locate=lambda limit: limit.span)
def client_rate_limits(case: Case) -> tuple[RateLimit, ...]:
    """The limits on connections and messages of one client in a minute, of public SMTP servers."""
    found = (_rate_limit(case.instance, each, name) for each in smtp_services(case) for name in _RATES)
    return tuple(each for each in found if each)


def _rate_limit(instance: Instance, service: Service, name: str) -> RateLimit | None:
    setting, unit = instance.setting(name, service), instance.setting(_TIME_UNIT).seconds()
    value = setting.number()
    if isinstance(setting.origin, Default) or isinstance(value, BadValue) or isinstance(unit, BadValue):
        return None
    return RateLimit(service, name, value, _RATES[name], unit, setting.origin.span) if value else None


@fact(source=Source.LOG, unit="per minute")
def busiest_good_client(case: Case, limit: RateLimit) -> int | Missing:
    """The most of what the limit counts that a client which delivers mail had in a minute."""
    clientele = _clientele(case, limit.service)
    if limit.name == "smtpd_client_message_rate_limit":
        return clientele.messages_per_minute
    return clientele.connections_per_minute


@fact()
def rate_that_fits(case: Case, limit: RateLimit, headroom: int) -> int | Missing:
    """The limit that leaves so many times what good clients need."""
    minutes = max(1, -(-limit.unit // 60))
    return headroom * minutes * known(busiest_good_client(case, limit))
