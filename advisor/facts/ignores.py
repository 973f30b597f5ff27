"""The ignore comments of main.cf and master.cf, for the rules about them."""

from advisor.facts.case import Case
from advisor.facts.ignored import Ignore, IgnoredRule
from advisor.facts.registry import Source, collection
from advisor.missing import Missing


@collection(element=Ignore, variable="ignore", locate=lambda ignore: ignore.where, source=Source.VERDICTS)
def ignore_comments(case: Case) -> tuple[Ignore, ...] | Missing:
    """The ignore comments in main.cf and master.cf that can be read."""
    if isinstance(case.unseen, Missing):
        return case.unseen
    return tuple(each for each in case.ignores if each.rule_names)


@collection(element=IgnoredRule, variable="ignored", locate=lambda rule: rule.where, source=Source.VERDICTS)
def ignored_rules(case: Case) -> tuple[IgnoredRule, ...] | Missing:
    """The names in ignore comments, and the comments that cannot be read."""
    if isinstance(case.unseen, Missing):
        return case.unseen
    return tuple(rule for each in case.ignores for rule in each.rules)
