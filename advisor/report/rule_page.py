"""A rule as a page of Markdown, and the list of all: read off the rule files, so that they can't drift."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from advisor.engine.expression import Expression
from advisor.engine.plain_words import AllOf, Clause, Statement, brief, in_words, one_line
from advisor.engine.references import address
from advisor.engine.rules import Rule
from advisor.engine.wording import written
from advisor.facts.causes import REMEDIES
from advisor.facts.registry import FACTS
from advisor.report.explain import causes_of, plain_template, undecided
from advisor.report.option_sources import option_sources
from advisor.resources import resource_folder


def rule_page(rule: Rule) -> str:
    """The page of a rule, with a newline behind it."""
    environment = _environment()

    def words(condition: Expression) -> Clause:
        return in_words(condition, rule.options)

    environment.filters |= {
        "address": address,
        "brief": lambda fact: escaped(brief(fact)),
        "code": lambda text: " ".join(text.split()),
        "in_words": lambda condition: escaped(one_line(words(condition))),
        "listed": lambda condition: "\n".join(_listed(words(condition))),
        "title": lambda text: escaped(plain_template(text)),
        "written": written,
    }
    return environment.get_template("rule.md.jinja").render(
        rule=rule,
        names=list(rule.let.items()),
        facts=[FACTS[name] for name in sorted(rule.facts)],
        undecided=undecided(rule),
        sources=option_sources(rule),
        remedies=[remedy for cause in causes_of(rule) for remedy in REMEDIES[cause]],
    )


def rules_page(rules: Sequence[Rule]) -> str:
    """The list of rules by category, each with a link to its page; with a newline behind it."""
    ordered = sorted(rules, key=lambda rule: (rule.category, rule.name))
    categories = {name: list(members) for name, members in groupby(ordered, key=lambda rule: rule.category)}
    text = _environment().get_template("rules.md.jinja").render(rules=ordered, categories=categories)
    return text.rstrip("\n") + "\n"


def _environment() -> Environment:
    # Markdown of our own rule files: nothing in it comes from a log or a configuration.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(resource_folder("templates")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["escaped"] = escaped
    return environment


def escaped(text: str) -> str:
    """Plain text as Markdown, also in a cell of a table; what stands in backticks stays code."""
    parts = text.split("`")
    parts[::2] = [_without_markup(part) for part in parts[::2]]
    return "`".join(parts)


def _without_markup(text: str) -> str:
    for mark, instead in (("\\", "\\\\"), ("<", "&lt;"), ("*", "\\*"), ("[", "\\["), ("|", "\\|")):
        text = text.replace(mark, instead)
    return text


def _listed(clause: Clause, depth: int = 0) -> Iterator[str]:
    """The clause as lines of nested lists; four blanks a level, which every Markdown understands."""
    match clause:
        case Statement(text):
            yield f"{'    ' * depth}- {escaped(text)}"
        case _:
            joined = "all of these hold:" if isinstance(clause, AllOf) else "one of these holds:"
            yield f"{'    ' * depth}- {joined}"
            for part in clause.parts:
                yield from _listed(part, depth + 1)
