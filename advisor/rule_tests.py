"""Runs the examples inside rule files: the verdict must be the one that is claimed, and so must the text
behind the fix, which is judged again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import msgspec
from packaging.version import Version

from advisor.engine.judge import Judgement, judge
from advisor.engine.loader import load_rules
from advisor.engine.rules import Example, Expected, Rule
from advisor.engine.traffic import write_log
from advisor.engine.verdicts import Broken, Fired, NotApplicable, Passed, Unknown, Verdict
from advisor.errors import RuleError, UsageError
from advisor.facts.case import NO_LOG, Case
from advisor.facts.thresholds import default_thresholds
from advisor.plan.plan import make_plan
from advisor.resources import resource_folder
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.memory import parse_memory
from advisor.settings.release import NEWEST, Release
from advisor.suppress import IgnoreComments
from advisor.syntax.source import SourceFile

# Later than any stamp in an example.
_REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)
_VERDICTS: dict[type[Verdict], Expected | None] = {
    Fired: Expected.FIRED,
    Passed: Expected.PASSED,
    NotApplicable: Expected.NOT_APPLICABLE,
    Unknown: Expected.UNKNOWN,
    Broken: None,
}


class Outcome(msgspec.Struct, frozen=True):
    """One example, counted from 1 in its file; `problem` is empty where it holds."""

    rule: Rule
    number: int
    problem: str


def run_examples(rule: Rule) -> Iterator[Outcome]:
    """The outcome of each example of the rule."""
    for number, example in enumerate(rule.examples, start=1):
        yield Outcome(rule, number, _problem(rule, example, f"{rule.path}: example {number}"))


def _problem(rule: Rule, example: Example, where: str) -> str:
    try:
        case = case_of(example, where)
    except (RuleError, UsageError) as error:
        return str(error)
    judgement = _judge(rule, example, case)
    verdict = judgement.verdict
    if _VERDICTS[type(verdict)] is not example.verdict:
        return f"the verdict is {verdict}, and {example.verdict.value} is claimed"
    if isinstance(verdict, Fired) and example.severity not in (None, verdict.findings[0].severity):
        return f"the severity is {verdict.findings[0].severity.value}, and {example.severity} is claimed"
    return _behind_the_fix(rule, example, case, judgement)


def case_of(example: Example, where: str) -> Case:
    """What the example shows the rules. Raises RuleError for a load that fits no server, UsageError for a
    release or a size that is none.
    """
    release = Release.parse(example.postfix_version) if example.postfix_version else NEWEST
    master = None if example.master_cf is None else SourceFile("master.cf", example.master_cf)
    host = Host(
        memory=parse_memory(example.memory) if example.memory else None,
        somaxconn=example.somaxconn,
        table_types=None if example.table_types is None else frozenset(example.table_types),
        today=Release.parse(example.from_version) if example.from_version else None,
    )
    instance = Instance.of(
        SourceFile("main.cf", example.main_cf),
        master,
        release,
        "the example",
        host=host,
        table=lambda path: SourceFile(path, example.tables[path]) if path in example.tables else None,
    )
    log = example.log
    if example.load:
        server = next((service for service in instance.services if service.is_smtp_server), None)
        if server is None:
            raise RuleError("load is for an SMTP server", where=where, cure="give master_cf with an smtpd")
        log = write_log(example.load, server.name, server.process_limit, where)
    if log is None:
        return Case(instance, NO_LOG)
    from advisor.facts.observe import observe  # noqa: PLC0415 - numpy is for a log alone
    from advisor.logs.scan import scan  # noqa: PLC0415

    metrics = scan(log.encode(), "mail.log", _REFERENCE).finish()
    return Case(instance, observe(instance, metrics, default_thresholds()))


def _judge(rule: Rule, example: Example, case: Case) -> Judgement:
    release = Version(str(case.instance.release))
    options = {rule.name: example.options}
    if rule.is_about_verdicts:
        first = judge(_others(), case, release)
        names = {each.name: each for each in (*_others(), rule)}
        told = IgnoreComments(names, frozenset(names), _REFERENCE.date()).told(case, first)
        case = msgspec.structs.replace(case, ignores=told)
    return judge([rule], case, release, options)[0]


@cache
def _others() -> tuple[Rule, ...]:
    """Advisor's own rules about the configuration: a rule about verdicts is judged by what they say."""
    own = load_rules((resource_folder("rules"),), examples=False)
    return tuple(rule for rule in own if not rule.is_about_verdicts)


def _behind_the_fix(rule: Rule, example: Example, case: Case, judgement: Judgement) -> str:
    wanted = {"main.cf": example.after_main_cf, "master.cf": example.after_master_cf}
    if not any(text is not None for text in wanted.values()):
        return ""
    plan = make_plan(case.instance, [judgement], lambda behind: [_judge(rule, example, case.behind(behind))])
    after = {patch.name: patch.after for patch in plan.patches}
    for name, text in wanted.items():
        if text is not None and after.get(name) != text:
            reasons = "; ".join(held.reason for held in plan.held_back)
            return f"{name} behind the fix is {after.get(name)!r}, and {text!r} is claimed. {reasons}"
    return ""
