"""All thresholds as a page of Markdown: each option of each rule, and where its number comes from."""

from collections.abc import Iterator, Sequence

from advisor.engine.rules import Rule
from advisor.engine.wording import written
from advisor.report.option_sources import comments_on_names, option_sources
from advisor.resources import resource_folder

_HEAD = """# Thresholds

Each number that a rule compares with is an option of that rule, and a site may choose another in its
[advisor.toml](advisor-toml.md). What stands beside it is the comment in the rule's file.

| rule | option | default | where it comes from |
|---|---|---|---|
"""
_TREE_HEAD = """
The cause of an overload is found by these ([overload.md](overload.md)), of `rules/thresholds.toml`.

| threshold | default | where it comes from |
|---|---|---|
"""


def thresholds_page(rules: Sequence[Rule]) -> str:
    """The page, with a newline behind it."""
    return _HEAD + "".join(_of_rules(rules)) + _TREE_HEAD + "".join(_of_the_tree())


def _of_rules(rules: Sequence[Rule]) -> Iterator[str]:
    for rule in sorted(rules, key=lambda each: each.name):
        sources = option_sources(rule)
        for name, value in rule.options.items():
            link = f"[{rule.name}](rules/{rule.name}.md)"
            yield f"| {link} | `{name}` | {_shown(value)} | {sources[name]} |\n"


def _of_the_tree() -> Iterator[str]:
    text = (resource_folder("rules") / "thresholds.toml").read_text()
    comments = comments_on_names(text.partition("\n\n")[2].splitlines())
    values = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line and line[0] != "#")
    for name, comment in comments.items():
        yield f"| `{name}` | {values[name]} | {comment} |\n"


def _shown(value: object) -> str:
    return f"`{written(value)}`" if value != "" else "empty"
