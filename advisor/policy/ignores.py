"""`[[ignore]]`: findings that a site decided to live with, until a day or for good."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from advisor.engine.suppression import SuppressedBy, Suppression
from advisor.engine.verdicts import Finding
from advisor.policy.form import IgnoreTable
from advisor.policy.read import Policy
from advisor.settings.instance import Instance


class PolicyIgnore(msgspec.Struct, frozen=True):
    """One entry: `service` is Postfix's key, None for all; it hides findings up to the day `until`."""

    rule: str
    service: str | None
    suppression: Suppression

    def covers(self, finding: Finding, service: str | None) -> bool:
        """Whether it hides what the finding says of the service."""
        return self.rule == finding.rule and self.service in (None, service)

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.suppression.until is not None and self.suppression.until < today


class PolicyIgnores(msgspec.Struct, frozen=True):
    """The entries of a policy, as they count on a day: a Suppressor."""

    entries: tuple[PolicyIgnore, ...]
    today: date

    def __call__(self, _: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
        """For each finding that is hidden, why: one that is about several services is so for all of them."""
        live = [each for each in self.entries if not each.is_over(self.today)]
        hidden = ((finding, _hiding(live, finding)) for finding in findings)
        return {finding: entries[0].suppression for finding, entries in hidden if entries}


def _hiding(entries: Sequence[PolicyIgnore], finding: Finding) -> tuple[PolicyIgnore, ...]:
    """The entries that hide the finding together, none where a service is left over."""
    found = []
    for service in finding.services:
        entry = next((each for each in entries if each.covers(finding, service)), None)
        if entry is None:
            return ()
        found.append(entry)
    return tuple(found)


def ignores(policy: Policy) -> Iterator[PolicyIgnore]:
    """The entries of the policy's `ignore` that are tables, in its order."""
    for number, each in enumerate(policy.says.ignore or ()):
        if isinstance(each, IgnoreTable):
            where = policy.span(("ignore", number))
            suppression = Suppression(SuppressedBy.POLICY, each.reason.strip(), each.until, where)
            yield PolicyIgnore(each.rule, each.service, suppression)
