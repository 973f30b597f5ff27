"""`advisor test`: whether rules do what their examples say."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from advisor.cli.exits import Exit


def run_examples_of(
    rules_dir: Annotated[
        Path | None,
        typer.Argument(
            metavar="RULES_DIR", help="A folder with rules, as CATEGORY/NAME.toml. Default: advisor's own."
        ),
    ] = None,
) -> None:
    """Run the examples in rule files. Each claims a verdict, and may claim the text behind the fix."""
    from advisor.engine.loader import verify_prose
    from advisor.engine.wording import visible
    from advisor.rule_sets import all_rules, rules_in
    from advisor.rule_tests import run_examples

    rules = all_rules() if rules_dir is None else rules_in(rules_dir)
    for rule in rules:
        verify_prose(rule)
    outcomes = [outcome for rule in rules for outcome in run_examples(rule)]
    failed = [outcome for outcome in outcomes if outcome.problem]
    for outcome in failed:
        line = f"{outcome.rule.path}: example {outcome.number}: {outcome.problem}"
        sys.stdout.write(visible(line) + "\n")
    held = f"{len(failed)} of them wrong" if failed else "all hold"
    count = f"{len(rules)} rule{'s' * (len(rules) != 1)}"
    sys.stdout.write(f"{count}, {len(outcomes)} examples: {held}\n")
    if failed:
        raise typer.Exit(Exit.FINDINGS)
