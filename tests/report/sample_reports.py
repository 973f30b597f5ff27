"""A run over two instances that has what a format may meet: findings of every severity, suppressed ones of
every kind, unanswered rules, a line that Postfix refuses, what was not judged, and text of an attacker.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from msgspec.structs import replace

from advisor.engine.selection import Chosen, Selection
from advisor.engine.suppression import SuppressedBy, Suppression, Suppressor
from advisor.engine.verdicts import Finding, Severity
from advisor.facts.case import NO_LOG, Case
from advisor.judging import judge_case
from advisor.report.model import NotJudged, Report, Reports
from advisor.rule_sets import all_rules
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

ROOT = "/srv/repo"
HOSTILE = "x[y](http://evil.example/)@root#12`</td>|\x1b[31m\u202e::error::\N{DESERT}%0A,]]>"
RULES = (
    "bad-value-type,duplicate-parameter,literal-smtpd-timeout,misread-line,no-inbound-tls,"
    "no-outbound-tls,old-tls-parameter,open-relay,smtp-smuggling,stale-table,unknown-parameter,unauth-pipelining-allowed"
)
MX = f"""\
compatibility_level = 3.6
smtpd_timeout = 300s
biff = perhaps
{HOSTILE.replace(" ", "")} = {HOSTILE} `````
mail_name = a
mail_name = b
smtpd_relay_restrictions =
  permit
"""
OUT = "compatibility_level = 3.6\nsmtpd_timeout = 300s\nthis is no setting\nsmtp_use_tls = yes\n"
MASTER = "smtp inet n - n - - smtpd\n"


def gated(reports: Reports, gate: Severity | None) -> Reports:
    """The same, as it is with another gate."""
    return replace(reports, reports=tuple(replace(each, gate=gate) for each in reports.reports))


def decided(kinds: Mapping[str, Suppression]) -> Suppressor:
    """Hides the findings of these rules."""

    def hides(_: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
        return {each: kinds[each.rule] for each in findings if each.rule in kinds}

    return hides


SUPPRESSED = decided(
    {
        "literal-smtpd-timeout": Suppression(
            SuppressedBy.COMMENT, f"scanner in hall 3 {HOSTILE}", date(2027, 3, 1)
        ),
        "duplicate-parameter": Suppression(SuppressedBy.BASELINE),
        "no-outbound-tls": Suppression(SuppressedBy.POLICY, "OPS-1412"),
    }
)


@cache
def chosen(rules: str) -> Chosen:
    """These rules, read once."""
    return Selection(tuple(rules.split(","))).choose(all_rules())


def report(
    folder: str, main: str, master: str = MASTER, suppressors: Sequence[Suppressor] = (), rules: str = RULES
) -> Report:
    """The report on these texts, by rules that change seldom."""
    instance = Instance.of(
        SourceFile(f"{folder}/main.cf", main),
        SourceFile(f"{folder}/master.cf", master),
        Release.parse("3.7.11"),
        "",
    )
    return judge_case(chosen(rules), Case(instance, NO_LOG), None, "add --log FILE", suppressors=suppressors)


def sample() -> Reports:
    """Both instances, and a third one that is missing."""
    return Reports(
        (report(f"{ROOT}/mx", MX, suppressors=[SUPPRESSED]), report("out, two", OUT)),
        (NotJudged("/etc/postfix-gone", "does not exist", "name a folder with a main.cf", 2),),
        root=ROOT,
    )
