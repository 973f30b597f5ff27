"""Policy services and milters that fail: clients are told to come again later, or pass without the test.

Failing is not full: a service that refuses connections costs no time. One that never answers costs both.
Knowledge: smtpd_policy_service_default_action and milter_default_action in postconf(5).
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.causes import Cause
from advisor.facts.inspection import Inspection
from advisor.facts.load import Load
from advisor.facts.thresholds import Thresholds


class Failing(msgspec.Struct, frozen=True):
    """Something that fails often, and what was seen of it."""

    cause: Cause
    summary: str


def failing(load: Load, asked: Inspection, thresholds: Thresholds) -> tuple[Failing, ...]:
    """What the service asks, and fails in so many of its sessions that it matters."""
    least = max(1.0, thresholds.trouble_share * load.sessions)
    return tuple(each for count, each in _counted(load, asked) if count >= least)


def _counted(load: Load, asked: Inspection) -> Iterator[tuple[int, Failing]]:
    policies = dict.fromkeys((*asked.policies, *asked.message_policies))
    lines = {name: load.failures.servers.get(_endpoint(name), 0) for name in policies}
    names = ", ".join(_endpoint(name) for name, count in lines.items() if count)
    count = sum(lines.values())
    seen = f"the policy service {names} failed: {count} lines say so in {load.sessions} sessions"
    yield count, Failing(Cause.FAILING_POLICY, seen + _refused(load))
    if asked.milters:
        count = load.failures.milters
        seen = (
            f"the milter {', '.join(asked.milters)} failed: {count} lines say so in {load.sessions} sessions"
        )
        yield count, Failing(Cause.FAILING_MILTER, seen + _refused(load))


def _refused(load: Load) -> str:
    if load.productive:
        return f", {load.productive} of which delivered mail"
    return ", none of which delivered mail"


def _endpoint(service: str) -> str:
    """The name by which attr_clnt(3) logs a policy service of a restriction list (src/util/auto_clnt.c)."""
    words = service.strip("{} \t").replace(",", " ").split()
    name = words[0] if words else ""
    kind, _, rest = name.partition(":")
    return rest if kind in ("inet", "unix", "local") else name
