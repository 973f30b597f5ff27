"""A rule as a page of Markdown: what `advisor` knows, read off the rule file, so that it can't drift."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from advisor.engine.references import address
from advisor.engine.rules import Rule
from advisor.facts.registry import FACTS
from advisor.resources import resource_folder


def rule_page(rule: Rule) -> str:
    """The page of a rule, with a newline behind it."""
    # Markdown of our own rule files: nothing in it comes from a log or a configuration.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(resource_folder("templates")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["address"] = address
    environment.filters["one_line"] = lambda text: " ".join(text.split())
    return environment.get_template("rule.md.jinja").render(
        rule=rule,
        sources=sorted(source.value for source in rule.sources),
        names=list(rule.let.items()),
        facts=[FACTS[name] for name in sorted(rule.facts)],
    )
