"""`[[ignore]]` of an advisor.toml: what it hides, and which entries hide nothing any more."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from advisor.engine.judge import Judgement
from advisor.engine.suppression import Decision, Suppressed, Suppression
from advisor.engine.verdicts import Finding, Fired
from advisor.facts.case import Case
from advisor.facts.ignored import Ignore, IgnoredRule
from advisor.settings.instance import Instance
from advisor.suppress import may_find_more
from advisor.syntax.source import Span


class PolicyIgnore(msgspec.Struct, frozen=True):
    """One entry: `service` is Postfix's key, None for all; `where` it stands. `is_own`: its file is for this
    configuration alone, so that nobody else needs what hides nothing here.
    """

    rule: str
    service: str | None
    suppression: Suppression
    where: Span
    is_own: bool

    def covers(self, finding: Finding, service: str | None) -> bool:
        """Whether it is for what the finding says of the service."""
        return self.rule == finding.rule and self.service in (None, service)

    def touches(self, finding: Finding) -> bool:
        """Whether it is for any of what the finding says."""
        return any(self.covers(finding, service) for service in finding.services)


class PolicyIgnores(msgspec.Struct, frozen=True):
    """The entries of a policy, as they count on the day `today`; of rules that are not among `asked` nobody
    knows whether an entry hides anything.
    """

    entries: tuple[PolicyIgnore, ...]
    asked: frozenset[str]
    today: date

    def hidden(self, instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:  # noqa: ARG002
        """The findings that entries hide, and the first of these: what is about several services is hidden
        where entries are for all of them.
        """
        live = [each for each in self.entries if not self._is_expired(each)]
        found = ((finding, _together(live, finding)) for finding in findings)
        return {finding: entries[0].suppression for finding, entries in found if entries}

    def told(self, case: Case, judgements: Sequence[Judgement]) -> tuple[Ignore, ...]:
        """Each for the rules about ignores, with what the judgements say of it."""
        verdicts = {each.rule.name: each for each in judgements if each.rule.name in self.asked}
        return tuple(self._ignore(each, case.instance, verdicts.get(each.rule)) for each in self.entries)

    def decisions(
        self,
        instance: Instance,  # noqa: ARG002
        judgements: Sequence[Judgement],  # noqa: ARG002
        suppressed: Sequence[Suppressed],
    ) -> tuple[Decision, ...]:
        """Each with what it hides."""
        live = [each for each in self.entries if not self._is_expired(each)]
        hidden = [
            (each.finding, _together(live, each.finding))
            for each in suppressed
            if each.suppression in {entry.suppression for entry in live}
        ]
        return tuple(
            Decision(
                entry.suppression,
                (entry.rule,),
                tuple(finding for finding, entries in hidden if entry in entries),
                self._is_expired(entry),
            )
            for entry in self.entries
        )

    def _is_expired(self, entry: PolicyIgnore) -> bool:
        until = entry.suppression.until
        return until is not None and until < self.today

    def _ignore(self, entry: PolicyIgnore, instance: Instance, judged: Judgement | None) -> Ignore:
        """An entry for several configurations is told as past only where it would hide something, and never
        as unused: another may need it.
        """
        found = [each for each in _findings(judged) if entry.touches(each)]
        past = self._is_expired(entry)
        is_decided = judged is not None and not may_find_more(judged, instance)
        is_unused = is_decided and entry.is_own and not past and not found
        until = entry.suppression.until
        return Ignore(
            where=entry.where,
            rules=(IgnoredRule(entry.rule, entry.where, _nothing(entry) if is_unused else "", ()),),
            until=until.isoformat() if until else "",
            reason=entry.suppression.reason,
            expired=past and bool(entry.is_own or found),
        )


def _together(entries: Sequence[PolicyIgnore], finding: Finding) -> tuple[PolicyIgnore, ...]:
    """The entries that hide the finding, for each of its services the first; none where one is left over."""
    found = []
    for service in finding.services:
        entry = next((each for each in entries if each.covers(finding, service)), None)
        if entry is None:
            return ()
        found.append(entry)
    return tuple(found)


def _findings(judged: Judgement | None) -> Iterator[Finding]:
    if judged is not None and isinstance(judged.verdict, Fired):
        yield from judged.verdict.findings


def _nothing(entry: PolicyIgnore) -> str:
    return f"{entry.rule} finds nothing" + (f" of {entry.service}" if entry.service else "")
