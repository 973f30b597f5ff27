"""`advisor explain`: what a rule looks for and proposes, or what a cause of overload is."""

from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.completion import explained
from advisor.cli.options import (
    Color,
    ColorOption,
    FormatOption,
    RulesDirOption,
    TextOrJson,
    console_for,
    write_document,
)

if TYPE_CHECKING:
    from advisor.facts.delivery_causes import DeliveryCause


def explain(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="RULE...",
            help="Names of rules, or causes such as slow-clients.",
            autocompletion=explained,
        ),
    ],
    rules_dir: RulesDirOption = None,
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """Explain rules and causes. When a rule fires, why, what it proposes, and when not to do it."""
    from advisor.engine.rules import Rule
    from advisor.engine.suggest import did_you_mean
    from advisor.errors import UsageError
    from advisor.facts.causes import Cause
    from advisor.facts.delivery_recognition import EXPLAINED
    from advisor.report.explain import explain_cause, explain_rule
    from advisor.report.explain_json import explanations_as_json
    from advisor.rule_sets import all_rules

    rules = all_rules(tuple(rules_dir or ()))
    known: dict[str, Rule | Cause | DeliveryCause] = {
        **{cause.value: cause for cause in EXPLAINED},
        **{cause.value: cause for cause in Cause},
        **{rule.name: rule for rule in rules},
    }
    for name in names:
        if name not in known:
            raise UsageError(f"no rule and no cause is called {name}", cure=did_you_mean(name, known))
    chosen = [known[name] for name in names]
    if output_format is TextOrJson.JSON:
        write_document(explanations_as_json(chosen, rules))
        return
    console = console_for(color)
    for number, each in enumerate(chosen):
        if number:
            console.print()
        if isinstance(each, Rule):
            explain_rule(each, console)
        else:
            explain_cause(each, rules, console)
