"""What the log shows of DNS lists that do not answer, or say by an address like a listing that they will not.

dnsblog(8) logs each address that a list answers, whatever the filter behind its name (src/dnsblog/dnsblog.c);
smtpd(8) logs the text of the list in its reject (src/smtpd/smtpd_check.c), and nothing where a list admits.
"""

from collections import Counter

from advisor.facts.case import Case
from advisor.facts.dns_list_uses import AskedLists
from advisor.facts.dns_lists import signals
from advisor.facts.dnsbl_score import SITES
from advisor.facts.registry import known, observed
from advisor.missing import Missing

_REFUSED = "dns-list-refused"  # the class of the reason, in logs/reasons.py


@observed(unit="answers")
def refused_questions(case: Case, lists: AskedLists) -> int | Missing:
    """How many errors of lists were taken for listings: of these lists in postscreen, of all in smtpd."""
    keys = known(case.observed).details.keys
    if lists.parameter != SITES:
        rejects = keys.get("reject", {}) if any(_has_a_text(zone) for zone in lists.unfiltered) else {}
        return sum(count for key, count in rejects.items() if _REFUSED in key)
    return sum(
        count
        for (zone, answer), count in keys.get("dns-list-hit", {}).items()
        if zone.lower() in lists.unfiltered and _is_error(zone.lower(), answer)
    )


@observed()
def unanswering_lists(case: Case) -> tuple[str, ...] | Missing:
    """The lists of postscreen that left questions without an answer, most first; smtpd's do not show so."""
    keys = known(case.observed).details.keys
    failures: Counter[str] = Counter()
    for message in ("dns-list-failure", "dns-list-timeout"):
        for (zone, *_), count in keys.get(message, {}).items():
            failures[zone.lower()] += count
    return tuple(zone for zone, _ in failures.most_common())


def _is_error(zone: str, answer: str) -> bool:
    of = signals(zone)
    return of is not None and answer.startswith(of.errors_begin)


def _has_a_text(zone: str) -> bool:
    of = signals(zone)
    return of is not None and of.text != ""
