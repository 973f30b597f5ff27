"""`advisor rules`: what is checked."""

import sys
from enum import StrEnum
from typing import Annotated

import typer


class RulesFormat(StrEnum):
    """How the list is written."""

    TEXT = "text"
    JSON = "json"


def rules(
    output_format: Annotated[RulesFormat, typer.Option(help="How the list is written.")] = RulesFormat.TEXT,
) -> None:
    """List the rules."""
    from advisor.app import all_rules
    from advisor.report.rules import rules_as_json, rules_as_text

    write = rules_as_json if output_format is RulesFormat.JSON else rules_as_text
    sys.stdout.write(write(all_rules()))
