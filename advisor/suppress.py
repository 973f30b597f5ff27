"""Ignore comments: what they hide, and which of them hide nothing and never will."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from advisor.engine.ignoring import is_for
from advisor.engine.judge import Judgement
from advisor.engine.rules import Rule
from advisor.engine.suggest import nearest
from advisor.engine.suppression import Decision, Suppressed, SuppressedBy, Suppression
from advisor.engine.verdicts import Finding, Fired, NotApplicable, Passed
from advisor.engine.wording import visible
from advisor.facts.case import Case
from advisor.facts.ignored import Ignore, IgnoredRule
from advisor.facts.wanted import Unignore
from advisor.settings.instance import Instance
from advisor.syntax.ignore_comments import IgnoreComment, Nowhere, WholeFile, ignore_comments


class Ignores(Protocol):
    """Ignores of one kind, wherever they stand."""

    def hidden(self, instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
        """The findings that one of them hides, and which: a Suppressor."""

    def told(self, case: Case, judgements: Sequence[Judgement]) -> tuple[Ignore, ...]:
        """Each for the rules about ignores, with what the judgements say of it."""

    def decisions(
        self, instance: Instance, judgements: Sequence[Judgement], suppressed: Sequence[Suppressed]
    ) -> tuple[Decision, ...]:
        """Each with what it hides."""


class IgnoreComments(msgspec.Struct, frozen=True):
    """What ignore comments do on the day `today`. `rules` are all that there are, by name; of those that are
    not among `asked` nobody knows whether an ignore hides anything.
    """

    rules: Mapping[str, Rule]
    asked: frozenset[str]
    today: date

    def hidden(self, instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
        """The findings that a comment hides, and which: of several the first, those for a whole file last."""
        comments = sorted(_comments(instance), key=lambda each: isinstance(each.reach, WholeFile))
        found: dict[Finding, Suppression] = {}
        for comment in comments:
            for finding in self._hides(comment, instance, findings):
                found.setdefault(finding, _suppression(comment))
        return found

    def told(self, case: Case, judgements: Sequence[Judgement]) -> tuple[Ignore, ...]:
        """The comments, with what the judgements say of them."""
        verdicts = {each.rule.name: each for each in judgements if each.rule.name in self.asked}
        return tuple(self._ignore(each, case.instance, verdicts) for each in _comments(case.instance))

    def decisions(
        self, instance: Instance, judgements: Sequence[Judgement], suppressed: Sequence[Suppressed]
    ) -> tuple[Decision, ...]:
        """Every comment with what it hides, in the order of the files."""
        findings = [*_findings(judgements), *(each.finding for each in suppressed)]
        return tuple(
            Decision(
                suppression=_suppression(comment),
                rules=tuple(name.text for name in comment.names),
                hides=tuple(self._hides(comment, instance, findings)),
                expired=self._is_expired(comment),
                problem=comment.problem,
            )
            for comment in _comments(instance)
        )

    def _hides(
        self, comment: IgnoreComment, instance: Instance, findings: Sequence[Finding]
    ) -> Iterator[Finding]:
        names = {name.text for name in comment.names if not self._protected(name.text)}
        if names and not self._is_expired(comment):
            yield from (each for each in findings if each.rule in names and is_for(comment, instance, each))

    def _is_expired(self, comment: IgnoreComment) -> bool:
        return comment.until is not None and comment.until < self.today

    def _protected(self, name: str) -> str:
        """Why no comment hides what the rule finds; empty where one may."""
        rule = self.rules.get(name)
        if rule is None:
            return self._no_rule(name)
        if not rule.ignorable:
            return f"what {name} finds cannot be ignored"
        if rule.is_about_verdicts:
            return f"no comment hides what {name} says of comments; [[ignore]] in advisor.toml can"
        return ""

    def _no_rule(self, name: str) -> str:
        categories = {rule.category for rule in self.rules.values()}
        if name in categories or name in ("all", "*"):
            return f"{visible(name)} is no rule, and rules are ignored one by one"
        near = nearest(name, self.rules)
        return f"no rule is called {visible(name)}" + (f"; did you mean {near}?" if near else "")

    def _ignore(
        self, comment: IgnoreComment, instance: Instance, verdicts: Mapping[str, Judgement]
    ) -> Ignore:
        expired = self._is_expired(comment)
        rules = [
            IgnoredRule(
                name.text,
                name.span,
                "" if expired else self._useless(name.text, comment, instance, verdicts),
                (Unignore(name.span.file, name.span.line, name.text),),
            )
            for name in comment.names
        ]
        if comment.problem:
            rules.append(IgnoredRule("", comment.span, comment.problem, ()))
        until = comment.until.isoformat() if comment.until else ""
        return Ignore(comment.span, tuple(rules), until, comment.reason, expired)

    def _useless(
        self, name: str, comment: IgnoreComment, instance: Instance, verdicts: Mapping[str, Judgement]
    ) -> str:
        if protected := self._protected(name):
            return protected
        if isinstance(comment.reach, Nowhere):
            return comment.reach.reason
        judged = verdicts.get(name)
        if judged is None or may_find_more(judged, instance):
            return ""
        if isinstance(judged.verdict, Fired) and any(self._hides(comment, instance, judged.verdict.findings)):
            return ""
        place = "in this file" if isinstance(comment.reach, WholeFile) else "there"
        return f"{name} finds nothing {place}"


def may_find_more(judged: Judgement, instance: Instance) -> bool:
    """Whether the rule may find more with a log, the services, or another release."""
    if not judged.rule.postfix.contains(str(instance.release), prereleases=True):
        return True
    match judged.verdict:
        case Fired(_, missing):
            return bool(missing)
        case NotApplicable():
            return instance.master_cf is None  # nobody gave the services it asks
        case Passed():
            return False
        case _:
            return True


def _comments(instance: Instance) -> tuple[IgnoreComment, ...]:
    master = ignore_comments(instance.master_cf) if instance.master_cf else ()
    return (*ignore_comments(instance.main_cf), *master)


def _suppression(comment: IgnoreComment) -> Suppression:
    return Suppression(SuppressedBy.COMMENT, comment.reason, comment.until, comment.span)


def _findings(judgements: Sequence[Judgement]) -> Iterator[Finding]:
    for each in judgements:
        if isinstance(each.verdict, Fired):
            yield from each.verdict.findings
