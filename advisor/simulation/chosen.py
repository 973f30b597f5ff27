"""Which SMTP server of a configuration a study is about."""

from advisor.engine.suggest import did_you_mean
from advisor.errors import NothingToCheck, UsageError
from advisor.facts.causes import Cause
from advisor.facts.observed import Observation, Observed
from advisor.settings.instance import Instance
from advisor.settings.service import Service

_QUIET = (Cause.NONE, Cause.PROBES)


def smtp_servers(instance: Instance) -> tuple[Service, ...]:
    """All of them, in file order."""
    return tuple(each for each in instance.services if each.is_smtp_server)


def chosen_server(instance: Instance, observed: Observed, named: str | None) -> Service:
    """The one that is asked for, or else the one in trouble that has most sessions. Raises UsageError for a
    name that no service has, NothingToCheck where there is no server.
    """
    servers = smtp_servers(instance)
    if named:
        found = instance.service(named)
        if found is None:
            keys = [each.key for each in servers]
            raise UsageError(
                f"there is no service {named!r}", where="--service", cure=did_you_mean(named, keys)
            )
        return found
    if not servers:
        raise NothingToCheck(
            "master.cf has no SMTP server", where=instance.name, cure="name the configuration of one"
        )

    def trouble(service: Service) -> tuple[bool, int]:
        seen = observed.service(service.key)
        if isinstance(seen, Observation):
            return seen.diagnosis.cause not in _QUIET, seen.load.sessions
        return False, 0

    return max(servers, key=trouble)
