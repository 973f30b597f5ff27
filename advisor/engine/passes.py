"""Two passes over the rules: first those that look at the configuration, then those that look at verdicts.

Whether an ignore is used, those rules tell that it names; so the rules about ignores are judged behind them,
on a case that knows. What a suppressor hides is hidden in either pass.
"""

from collections.abc import Callable, Sequence

from packaging.version import Version

from advisor.engine.judge import Judgement, judge
from advisor.engine.rules import Rule
from advisor.engine.suppression import Suppressed, Suppressor, without_suppressed
from advisor.facts.case import Case

# The case, and what the rules of the first pass say, hidden or not -> the case as the second pass sees it.
Tell = Callable[[Case, Sequence[Judgement]], Case]


def judge_in_turn(
    rules: Sequence[Rule], case: Case, release: Version, suppressors: Sequence[Suppressor], tell: Tell
) -> tuple[tuple[Judgement, ...], tuple[Suppressed, ...]]:
    """What the rules say and no suppressor hides, in the rules' order, and what is hidden."""
    first = judge([rule for rule in rules if not rule.is_about_verdicts], case, release)
    kept, hidden = without_suppressed(first, case.instance, suppressors)
    second = [rule for rule in rules if rule.is_about_verdicts]
    if not second:
        return kept, hidden
    more = judge(second, tell(case, first), release)
    kept_more, hidden_more = without_suppressed(more, case.instance, suppressors)
    by_name = {each.rule.name: each for each in (*kept, *kept_more)}
    return tuple(by_name[rule.name] for rule in rules), (*hidden, *hidden_more)
