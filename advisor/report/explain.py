"""A rule, or a cause, on one screen: what it looks for and when, what it proposes, and when not to."""

import re
from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from advisor.engine.plain_words import (
    AllOf,
    Clause,
    Statement,
    asked_for,
    brief,
    in_words,
    mentioned,
    one_line,
)
from advisor.engine.references import address
from advisor.engine.rules import Example, Expected, FixRecipe, Rule
from advisor.engine.wording import number, visible, written
from advisor.facts.causes import REMEDIES, Cause
from advisor.facts.delivery_causes import NO_HELP, WHAT_HELPS, DeliveryCause
from advisor.facts.delivery_recognition import delivery_portrait
from advisor.facts.recognition import Portrait, portrait
from advisor.facts.registry import FACTS, Source
from advisor.facts.thresholds import default_thresholds
from advisor.report.layout import labelled

_TEMPLATE = re.compile(r"{%.*?%}|{{\s*([^|}]+?)\s*(?:\|[^}]*)?}}", re.DOTALL)


def explain_rule(rule: Rule, console: Console) -> None:
    """Prints what a rule is about."""
    rows = labelled()
    _row(rows, "looks at", rule.for_each.doc)
    _row(rows, "fires when", _clause(in_words(rule.when, rule.options)))
    _row(rows, "undecided", "; ".join(undecided(rule)))
    _row(rows, "severity", _levels(rule, "severity"))
    _row(rows, "confidence", _levels(rule, "confidence"))
    _row(rows, "options", ", ".join(f"{name} = {written(value)}" for name, value in rule.options.items()))
    _row(rows, "reads", _sources(rule))
    _row(rows, "why", _folded(rule.why))
    _row(rows, "change", _lines(_fix(rule, fix) for fix in rule.fixes))
    _row(rows, "not this", _lines(plain_template(fix.title) for fix in rule.against))
    _row(rows, "no change", _folded(rule.no_change))
    _row(rows, "beware", _folded(rule.risk))
    for cause in causes_of(rule):
        _remedies(rows, cause)
    for example in _shortest(rule.examples):
        _row(rows, example.verdict.value, _text(_example(example), "dim"))
    _row(rows, "see", _text("\n".join(map(address, rule.references)), "dim"))
    head = Text.assemble((rule.name, "bold"), f"  {rule.category}{', pedantic' * rule.pedantic}")
    if not rule.ignorable:
        head.append("  cannot be ignored")
    if str(rule.postfix):
        head.append(f"  Postfix {rule.postfix}")
    console.print(Group(head, Padding(Text(f"{rule.summary}."), (0, 0, 0, 2)), Padding(rows, (0, 0, 0, 2))))


def explain_cause(cause: Cause | DeliveryCause, rules: Sequence[Rule], console: Console) -> None:
    """Prints what a cause is, how it is known, what helps, and which rules speak of it."""
    shown = portrait_of(cause)
    rows = labelled()
    _row(rows, "known by", shown.recognised)
    if isinstance(cause, DeliveryCause):
        _row(rows, "helps", WHAT_HELPS[cause])
        _row(rows, "no help", NO_HELP.get(cause, ""))
    else:
        _remedies(rows, cause)
    _row(rows, "rules", _lines(f"{rule.name}: {rule.summary}" for rule in rules_about(cause, rules)))
    is_delivery = isinstance(cause, DeliveryCause)
    _row(rows, "see", Text("docs/deliveries.md" if is_delivery else "docs/overload.md", "dim"))
    head = Text.assemble(
        (cause.value, "bold"), f"  a cause of {'slow delivery' if is_delivery else 'overload'}"
    )
    console.print(Group(head, Padding(Text(shown.meaning), (0, 0, 0, 2)), Padding(rows, (0, 0, 0, 2))))


def portrait_of(cause: Cause | DeliveryCause) -> Portrait:
    """What a cause means, and how it is known, with the thresholds that hold by default."""
    if isinstance(cause, DeliveryCause):
        return delivery_portrait(cause, default_thresholds())
    return portrait(cause, default_thresholds())


def causes_of(rule: Rule) -> tuple[Cause, ...]:
    """The causes that a rule's condition asks for, as far as there is something to try against them."""
    asked = asked_for(rule.when)
    return tuple(cause for cause in Cause if cause.value in asked and REMEDIES.get(cause))


def rules_about(cause: Cause | DeliveryCause, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules whose condition or severity speaks of a cause, be it to rule it out."""
    return tuple(
        rule
        for rule in rules
        if any(
            cause.value in mentioned(each)
            for each in (rule.when, *(level.when for level in rule.severity_levels))
        )
    )


def undecided(rule: Rule) -> list[str]:
    """When the rule says neither yes nor no, beside a value that is missing in a term that decides."""
    reasons = [f"below {number(need.minimum)}: {brief(need.fact)}" for need in rule.needs]
    return ["without the mail log", *reasons] if Source.LOG in rule.sources else reasons


def plain_template(text: str) -> str:
    """A title as it stands in a rule file, its computed parts as <name>."""
    return " ".join(_TEMPLATE.sub(lambda part: f"<{part[1]}>" if part[1] else "", text).split())


def _sources(rule: Rule) -> str:
    """What the verdict is read from, with the facts that decide."""
    by_source = {
        source: sorted(name for name in rule.facts if FACTS[name].source is source) for source in Source
    }
    return _lines(
        f"the {source.value}" + f": {', '.join(names)}" * bool(names)
        for source, names in by_source.items()
        if names or source in rule.sources
    )


def _row(rows: Table, label: str, content: RenderableType) -> None:
    """A row, unless there is nothing to say in it."""
    if content and str(content):
        rows.add_row(Text(label, "dim"), _text(content) if isinstance(content, str) else content)


def _text(content: str, style: str = "") -> Text:
    """Text whose line breaks are its layout, and nothing else in it is unprintable."""
    return Text("\n".join(map(visible, content.split("\n"))), style)


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _folded(text: str) -> str:
    """Markdown without the line breaks of its file; paragraphs stay."""
    return "\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _clause(clause: Clause) -> RenderableType:
    if isinstance(clause, Statement):
        return _text(clause.text)
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=1)
    rows.add_column(ratio=1)
    for part in clause.parts:
        rows.add_row("-", _clause(part))
    return Group(
        Text("all of these hold:" if isinstance(clause, AllOf) else "one of these holds:", "italic"), rows
    )


def _levels(rule: Rule, kind: str) -> str:
    levels = rule.severity_levels if kind == "severity" else rule.confidence_levels
    parts = [getattr(rule, kind).value]
    parts += [
        f"{getattr(each, kind).value} if {one_line(in_words(each.when, rule.options))}" for each in levels
    ]
    return "; ".join(parts)


def _fix(rule: Rule, fix: FixRecipe) -> str:
    condition = f", if {one_line(in_words(fix.only_if, rule.options))}" if fix.only_if else ""
    return f"{plain_template(fix.title)} ({fix.applicability.value}; {fix.requires.in_words}){condition}"


def _remedies(rows: Table, cause: Cause) -> None:
    for label, helps in (("helps", True), ("depends", None), ("no help", False)):
        chosen = [each for each in REMEDIES.get(cause, ()) if each.helps is helps]
        _row(rows, label, _lines(f"{each.remedy.value}: {each.reason}" for each in chosen))


def _shortest(examples: Sequence[Example]) -> list[Example]:
    """One example that fires and one that passes, the shortest of each."""
    return [
        min((each for each in examples if each.verdict is verdict), key=lambda each: len(_example(each)))
        for verdict in (Expected.FIRED, Expected.PASSED)
    ]


def _example(example: Example) -> str:
    """An example on one line."""
    parts = []
    for name, text in (("main.cf", example.main_cf), ("master.cf", example.master_cf)):
        if text and text.strip():
            parts.append(f"{name}: {_joined_lines(text)}")
    if example.log:
        parts.append(f"log: {len(example.log.splitlines())} lines")
    parts += [
        f"clients: {', '.join(f'{key} {value}' for key, value in load.items())}" for load in example.load
    ]
    for name, text in (("main.cf", example.after_main_cf), ("master.cf", example.after_master_cf)):
        if text is not None:
            parts.append(f"then {name}: {_joined_lines(text)}")
    release = [f"Postfix {example.postfix_version}"] if example.postfix_version else []
    return " | ".join(release + parts)


def _joined_lines(text: str) -> str:
    return " ¶ ".join(line.strip() for line in text.strip().splitlines())
