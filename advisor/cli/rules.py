"""`advisor rules`: what is checked."""

import sys

from advisor.cli.options import FormatOption, RulesDirOption, TextOrJson, write_document


def rules(output_format: FormatOption = TextOrJson.TEXT, rules_dir: RulesDirOption = None) -> None:
    """List the rules."""
    from advisor.report.rules import rules_as_json, rules_as_text
    from advisor.rule_sets import all_rules

    found = all_rules(tuple(rules_dir or ()))
    if output_format is TextOrJson.JSON:
        write_document(rules_as_json(found))
    else:
        sys.stdout.write(rules_as_text(found))
