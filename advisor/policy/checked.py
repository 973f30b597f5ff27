"""What a policy says of rules, held against the rules that there are."""

from collections.abc import Mapping, Sequence

from advisor.engine.amendments import Amendment
from advisor.engine.rules import Rule
from advisor.engine.selection import known_words
from advisor.engine.suggest import did_you_mean
from advisor.engine.toml_form import Steps
from advisor.engine.verdicts import Scalar
from advisor.errors import RuleError
from advisor.policy.form import RuleTable
from advisor.policy.read import Policy


def amendments(policy: Policy, rules: Sequence[Rule]) -> Mapping[str, Amendment]:
    """What the policy changes about rules, by name.

    Raises PolicyError for a name that no rule has, a choice that does not fit, and for what would silence a
    rule that cannot be ignored.
    """
    by_name = {rule.name: rule for rule in rules}
    _check_words(policy, known_words(rules))
    _check_ignores(policy, by_name)
    found: dict[str, Amendment] = {}
    for name, table in policy.says.rules.items():
        rule = _rule(policy, by_name, name, ("rules", name))
        _check_table(policy, rule, table)
        found[name] = Amendment(table.severity, _options(policy, rule, table))
    return found


def _check_words(policy: Policy, known: frozenset[str]) -> None:
    says = policy.says
    for key, words in (
        ("select", says.select),
        ("extend-select", says.extend_select),
        ("ignore", says.ignore),
    ):
        for number, word in enumerate(words or ()):
            if isinstance(word, str) and word not in known:
                cure = did_you_mean(word, known)
                raise policy.error((key, number), f"no rule and no category is called {word}", cure)


def _check_ignores(policy: Policy, by_name: Mapping[str, Rule]) -> None:
    for number, each in enumerate(policy.says.ignore or ()):
        steps = ("ignore", number)
        if isinstance(each, str):
            if each in by_name:
                _must_be_ignorable(policy, steps, by_name[each])
            continue
        _must_be_ignorable(policy, (*steps, "rule"), _rule(policy, by_name, each.rule, (*steps, "rule")))
        if not each.reason.strip():
            raise policy.error((*steps, "reason"), "is empty", "say why, for those who come after you")


def _must_be_ignorable(policy: Policy, steps: Steps, rule: Rule) -> None:
    if not rule.ignorable:
        raise policy.error(
            steps,
            f"{rule.name} cannot be ignored",
            "mend what it finds, or choose with fail-on what the exit code says",
        )


def _rule(policy: Policy, by_name: Mapping[str, Rule], name: str, steps: Steps) -> Rule:
    if name not in by_name:
        raise policy.error(steps, f"no rule is called {name}", did_you_mean(name, by_name))
    return by_name[name]


def _check_table(policy: Policy, rule: Rule, table: RuleTable) -> None:
    steps = ("rules", rule.name)
    if table.enabled is False:
        _must_be_ignorable(policy, (*steps, "enabled"), rule)
    if table.severity is not None and table.severity < rule.gravest and not rule.ignorable:
        raise policy.error(
            (*steps, "severity"),
            f"{rule.name} cannot be ignored, and this is less than its own severity",
            f"leave it at {rule.gravest.value}",
        )


def _options(policy: Policy, rule: Rule, table: RuleTable) -> Mapping[str, Scalar]:
    for name, value in table.options.items():
        try:
            rule.settle_options({name: value})
        except RuleError as error:
            raise policy.error(("rules", rule.name, "options", name), error.message, error.cure) from error
    return table.options
