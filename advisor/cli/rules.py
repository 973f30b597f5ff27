"""`advisor rules`: what is checked."""

import sys

from advisor.cli.options import FormatOption, RulesDirOption, TextOrJson


def rules(output_format: FormatOption = TextOrJson.TEXT, rules_dir: RulesDirOption = None) -> None:
    """List the rules."""
    from advisor.app import all_rules
    from advisor.report.rules import rules_as_json, rules_as_text

    write = rules_as_json if output_format is TextOrJson.JSON else rules_as_text
    sys.stdout.write(write(all_rules(tuple(rules_dir or ()))))
