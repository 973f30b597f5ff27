"""The score that postscreen's DNS lists give a client, and the threshold from which it counts.

Knowledge: psc_dnsbl_init() in src/postscreen/postscreen_dnsbl.c, postconf(5).
"""

import re
from collections.abc import Iterable, Sequence

from advisor.facts.case import Case
from advisor.facts.dns_lists import closed, superseded
from advisor.facts.registry import fact
from advisor.facts.wanted import Assign
from advisor.facts.written import key_of, written_places
from advisor.missing import Missing
from advisor.settings.service import Service
from advisor.settings.values import BadValue

SITES = "postscreen_dnsbl_sites"
_THRESHOLD = "postscreen_dnsbl_threshold"
_WEIGHT = re.compile(r"\*\s*(?P<weight>[-+]?\d+)$", re.ASCII)


@fact(unit="points")
def highest_score(case: Case, service: Service) -> int | Missing:
    """The score of a client that is in every DNS list of postscreen, and in none that speaks for it."""
    sites = case.instance.setting(SITES, service).items()
    if isinstance(sites, BadValue):
        return Missing(f"{SITES}: {sites}", f"correct {SITES}")
    return _score(sites)


@fact(unit="points")
def score_threshold(case: Case, service: Service) -> int | Missing:
    """The score from which postscreen acts."""
    value = case.instance.setting(_THRESHOLD, service).number()
    return (
        Missing(f"{_THRESHOLD}: {value}", f"correct {_THRESHOLD}") if isinstance(value, BadValue) else value
    )


@fact()
def lists_decide(case: Case, service: Service) -> bool:
    """Whether DNS lists are asked, and a high score has consequences."""
    action = case.instance.setting("postscreen_dnsbl_action", service).normal
    return action != "ignore" and case.instance.setting(SITES, service).items() != ()


@fact()
def threshold_within_reach(case: Case, service: Service) -> tuple[Assign, ...]:
    """The threshold that a client reaches who is in all lists that still answer; nothing where it is not
    above that already, or where no such list speaks against a client.
    """
    instance = case.instance
    sites, threshold = instance.setting(SITES, service).items(), score_threshold(case, service)
    if isinstance(sites, BadValue) or isinstance(threshold, Missing) or not lists_decide(case, service):
        return ()
    zones = [_zone(site) for site in sites]
    highest = _score(
        site
        for site, zone in zip(sites, zones, strict=True)
        if not closed(zone) and not _is_held(zone, zones)
    )
    if not 0 < highest < threshold:
        return ()
    own = service in written_places(instance, _THRESHOLD)
    return (Assign(_THRESHOLD, str(highest), key_of(service if own else None)),)


def _is_held(zone: str, zones: Sequence[str]) -> bool:
    """Whether the list was taken up by another one that is asked as well."""
    of = superseded(zone)
    return of is not None and any(other in of.parts_of for other in zones)


def _zone(site: str) -> str:
    return re.split("[=*]", site, maxsplit=1)[0].lower().rstrip(".")


def _score(sites: Iterable[str]) -> int:
    return sum(max(0, _weight(site)) for site in sites)


def _weight(site: str) -> int:
    match = _WEIGHT.search(site)
    return int(match["weight"]) if match else 1
