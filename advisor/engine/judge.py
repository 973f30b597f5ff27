"""Rules and a case -> verdicts. Nothing here changes anything, and no rule can harm another."""

from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import replace
from packaging.version import Version

from advisor.engine.answers import EvaluationError, Failed, Known, NotKnown, both
from advisor.engine.one_line import one_for_each_line
from advisor.engine.recipes import VALUE, prepare
from advisor.engine.rules import Rule
from advisor.engine.scope import OPTIONS
from advisor.engine.verdicts import (
    Broken,
    Confidence,
    Finding,
    Fired,
    NotApplicable,
    Passed,
    Severity,
    Unknown,
    Verdict,
)
from advisor.engine.wording import number, visible
from advisor.errors import AdvisorError
from advisor.facts.registry import Collection, Source
from advisor.missing import Missing
from advisor.syntax.source import Span

_NO_OPTIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


class Judgement(msgspec.Struct, frozen=True):
    """A rule, and what it said."""

    rule: Rule
    verdict: Verdict


def judge(
    rules: Sequence[Rule],
    case: object,
    release: Version,
    options: Mapping[str, Mapping[str, Any]] = _NO_OPTIONS,
) -> tuple[Judgement, ...]:
    """The verdict of every rule on `case`, in the rules' order.

    `options` are a site's choices, by rule. Raises RuleError for a choice that does not fit the rule's
    options; whatever else goes wrong within a rule is that rule's Broken verdict.
    """
    settled = [rule.settle_options(options.get(rule.name, {})) for rule in rules]
    collected = _Collected(case)
    judgements = tuple(
        Judgement(rule, _verdict(rule, case, release, chosen, collected))
        for rule, chosen in zip(rules, settled, strict=True)
    )
    doubted = {each.rule.doubts for each in judgements if isinstance(each.verdict, Fired)} - {None}
    return tuple(_less_sure(each, doubted) for each in judgements) if doubted else judgements


def _less_sure(judgement: Judgement, doubted: Container[Source | None]) -> Judgement:
    """The judgement with a lower confidence in what rests on a doubted source."""
    verdict = judgement.verdict
    if not isinstance(verdict, Fired) or judgement.rule.doubts is not None:
        return judgement
    findings = tuple(
        replace(finding, confidence=finding.confidence.one_step_less)
        if any(each.source in doubted for each in finding.evidence)
        else finding
        for finding in verdict.findings
    )
    return Judgement(judgement.rule, replace(verdict, findings=findings))


class _Collected:
    """What rules are asked for, each collection once: many rules share one."""

    def __init__(self, case: object) -> None:
        self._case = case
        self._found: dict[str, object] = {}

    def elements(self, of: Collection) -> object:
        """The elements, or Missing."""
        if of.name not in self._found:
            found = of.function(self._case)
            self._found[of.name] = found if isinstance(found, Missing) else tuple(found)
        return self._found[of.name]


def _verdict(
    rule: Rule, case: object, release: Version, options: Mapping[str, Any], collected: _Collected
) -> Verdict:
    if not rule.postfix.contains(release, prereleases=True):
        return NotApplicable(f"for Postfix {rule.postfix}, and this is {release}")
    try:
        return _seen(rule, case, _asked(rule, case, options, collected))
    except (EvaluationError, AdvisorError) as error:
        return Broken(visible(str(error)))
    except Exception as error:  # noqa: BLE001 - a fact is other people's code: it must break one rule, not all
        return Broken(visible(f"{type(error).__name__}: {error}"))


def _seen(rule: Rule, case: object, verdict: Verdict) -> Verdict:
    """The verdict, but Unknown where nothing fired and the rule asks for what the given text cannot show."""
    unseen = getattr(case, "unseen", None)
    if unseen is not None and Source.TEXT in rule.sources and isinstance(verdict, Passed | NotApplicable):
        return Unknown((unseen,))
    return verdict


def _asked(rule: Rule, case: object, options: Mapping[str, Any], collected: _Collected) -> Verdict:
    elements = collected.elements(rule.for_each)
    if isinstance(elements, Missing):
        return Unknown((elements,))
    if not isinstance(elements, tuple) or not elements:
        return NotApplicable(f"there is nothing in {rule.for_each.name.replace('_', ' ')}")
    answers = [_Asking.of(rule, case, element, options).outcome() for element in elements]
    findings = tuple(answer for answer in answers if isinstance(answer, Finding))
    unknown = [answer for answer in answers if isinstance(answer, NotKnown)]
    missing = both(*unknown).missing if unknown else ()
    if findings:
        return Fired(one_for_each_line(findings), missing)
    return Unknown(missing) if unknown else Passed()


class _Variables(dict[str, object]):
    """The element, the options, and the let names, each worked out when it is first asked for."""

    def __init__(self, rule: Rule, case: object, element: Any, options: Mapping[str, Any]) -> None:
        super().__init__({rule.for_each.variable: element, OPTIONS: options})
        self._let = rule.let
        self._case = case

    def __missing__(self, name: str) -> object:
        # The answer as it is, also a failure: it counts only where the name is used.
        self[name] = answer = self._let[name].evaluate(self._case, self)
        return answer

    def all(self) -> Mapping[str, object]:
        """Every name with its value."""
        for name in self._let:
            self[name]
        return self


class _Asking(msgspec.Struct, frozen=True):
    """One rule asked of one element."""

    rule: Rule
    case: object
    element: Any
    variables: _Variables

    @classmethod
    def of(cls, rule: Rule, case: object, element: Any, options: Mapping[str, Any]) -> "_Asking":
        return cls(rule, case, element, _Variables(rule, case, element, options))

    def outcome(self) -> Finding | NotKnown | None:
        """A finding, or the reasons why it is not known, or None where all is well."""
        lacking = self._lacking()
        if lacking:
            return NotKnown(lacking)
        match self.rule.when.evaluate(self.case, self.variables):
            case Known(True):
                return self._finding()
            case Known(False):
                return None
            case Known(value):
                raise EvaluationError(f"`when` is {value!r}, neither true nor false")
            case NotKnown() as unknown:
                return unknown
            case Failed(error):
                raise EvaluationError(error)

    def _lacking(self) -> tuple[Missing, ...]:
        """The reasons why there is too little to judge by."""
        found: list[Missing] = []
        for need in self.rule.needs:
            arguments = (self.element,) if need.takes_element else ()
            value = need.fact.function(self.case, *arguments)
            if isinstance(value, Missing):
                found.append(value)
            elif value < need.minimum:
                name = need.fact.name.removeprefix("observed.").replace("_", " ")
                short = f"{name}: {number(value)}, and at least {number(need.minimum)} are needed"
                found.append(Missing(short, "give a log of a longer time"))
        return tuple(found)

    def _finding(self) -> Finding:
        from advisor.engine import prose  # noqa: PLC0415 - Jinja2 only when there is something to say

        rule = self.rule
        names = {name: _told(value) for name, value in self.variables.all().items()}
        prepared, against = (
            [
                fix
                for made in recipes
                if (fix := prepare(made, self.element, self.case, self.variables, names)) is not None
            ]
            for recipes in (rule.fixes, rule.against)
        )
        # What the prose calls `value` is the first fix's, the one the plan would take.
        value = prepared[0][1] if prepared else None
        told = {**names, VALUE: Missing("no fix applies", "") if value is None else value}
        # The effect is what the change will do: without a change there is none.
        speaks = rule.effect and (prepared or not rule.fixes)
        where = self._where()
        if not isinstance(where, Span):
            raise EvaluationError(f"{rule.for_each.name} gives no place for its element")
        key = getattr(self.element, "key", None)
        return Finding(
            rule=rule.name,
            severity=self._severity(),
            confidence=self._confidence(),
            message=prose.render(rule.message, told, f"{rule.path}: message"),
            where=where,
            service=key if isinstance(key, str) else None,
            evidence=rule.when.because(self.case, self.variables),
            fixes=tuple(fix for fix, _ in prepared),
            expected_effect=prose.render(rule.effect, told, f"{rule.path}: effect") if speaks else "",
            against=tuple(fix for fix, _ in against),
        )

    def _where(self) -> object:
        """The line of the parameter that the rule is about, or where it would stand; else the element's."""
        place = getattr(self.case, "place", None)
        if self.rule.parameter and place is not None:
            return place(self.rule.parameter, self.element)
        return self.rule.for_each.locate(self.element)

    def _severity(self) -> Severity:
        for level in self.rule.severity_levels:
            if level.when.evaluate(self.case, self.variables) == Known(value=True):
                return level.severity
        return self.rule.severity

    def _confidence(self) -> Confidence:
        for level in self.rule.confidence_levels:
            if level.when.evaluate(self.case, self.variables) == Known(value=True):
                return level.confidence
        return self.rule.confidence


def _told(value: object) -> object:
    """A variable as prose may use it: what is not known becomes a Missing, which is written as `unknown`."""
    match value:
        case Known(known):
            return known
        case NotKnown(missing):
            return missing[0] if missing else Missing("not known", "")
        case Failed(error):
            return Missing(error, "")
        case _:
            return value
