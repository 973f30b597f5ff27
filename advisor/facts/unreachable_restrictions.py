"""Restrictions that stand where they have no effect.

smtpd(8) leaves a list at `permit`, `reject` and `defer`, whoever the client is, and warns only of `permit`.
reject_unauth_pipelining sees commands that were sent too early only if they have come when its list is asked:
with smtpd_delay_reject that is RCPT TO, where a client that said EHLO may send ahead. Knowledge:
generic_checks() and has_required() in src/smtpd/smtpd_check.c, postconf(5).
"""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.facts.case import Case
from advisor.facts.list_elements import WrittenRestriction, WrittenRestrictions, restrictions_read, without
from advisor.facts.registry import collection, fact
from advisor.facts.wanted import Assign, Element, Wanted
from advisor.facts.written import has_condition, is_written, key_of, referring_names
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import split_items
from advisor.syntax.source import Span

_FINAL = ("permit", "reject", "defer")
_WARN = "warn_if_reject"
_PIPELINING = "reject_unauth_pipelining"
_DATA = "smtpd_data_restrictions"
# Here a client that sends ahead is seen: it must wait for the answer to DATA.
_USEFUL = (_DATA, "smtpd_end_of_data_restrictions")
# A patch that deletes more one by one is read by nobody.
_REVIEWED = 100


class RestrictionOrder(msgspec.Struct, frozen=True):
    """A restriction list in main.cf (`key` is None) or of a service. `unreachable` stand behind `end`, which
    decides about every client; `dangling`: a warn_if_reject with nothing behind it. `changes` delete the one
    or the other; they are empty where that might take something else along.
    """

    parameter: str
    key: str | None
    span: Span
    end: str
    unreachable: tuple[str, ...]
    dangling: bool
    changes: tuple[Wanted, ...]


class PipeliningChecks(msgspec.Struct, frozen=True):
    """The lists, in main.cf (`key` is None) or of a service, that name reject_unauth_pipelining without use;
    `changes` move it to smtpd_data_restrictions, and are empty where another list would be changed for it.
    """

    key: str | None
    span: Span
    parameters: tuple[str, ...]
    changes: tuple[Wanted, ...]


@collection(element=RestrictionOrder, variable="list", locate=lambda of: of.span)
def restriction_orders(case: Case) -> tuple[RestrictionOrder, ...]:
    """The restriction lists that an SMTP server reads, with what in them is never asked."""
    return tuple(_order(case.instance, of) for of in restrictions_read(case.instance))


@collection(element=PipeliningChecks, variable="checks", locate=lambda of: of.span)
def misplaced_pipelining_checks(case: Case) -> tuple[PipeliningChecks, ...]:
    """The places with lists that an SMTP server reads, and those with reject_unauth_pipelining in vain."""
    lists = tuple(restrictions_read(case.instance))
    places = dict.fromkeys(of.place for of in lists)
    return tuple(
        _pipelining(case.instance, place, [of for of in lists if of.place == place]) for place in places
    )


@fact()
def forbids_unauth_pipelining(case: Case) -> bool:
    """Whether smtpd_forbid_unauth_pipelining is on, which does what reject_unauth_pipelining is for."""
    setting = case.instance.setting("smtpd_forbid_unauth_pipelining")
    return setting.exists and setting.boolean() is True


def _order(instance: Instance, of: WrittenRestrictions) -> RestrictionOrder:
    end = next(
        (place for place, each in enumerate(of.restrictions) if each.name in _FINAL and not each.only_warns),
        len(of.restrictions),
    )
    behind = of.restrictions[end + 1 :]
    name = of.restrictions[end].name if behind else ""
    dangling = not behind and bool(of.restrictions) and of.restrictions[-1].name == _WARN
    elements = tuple(dict.fromkeys(each.element for each in behind))
    # Where another list names this one, the last warn_if_reject acts on what follows there.
    may_go = not dangling or not referring_names(instance, of.parameter)
    needless = behind or of.restrictions[-1:]
    changes = tuple(_deletions(of, needless)) if may_go and (behind or dangling) else ()
    return RestrictionOrder(of.parameter, of.key, of.span, name, elements, dangling, changes)


def _deletions(of: WrittenRestrictions, needless: Sequence[WrittenRestriction]) -> Iterator[Wanted]:
    """The changes that delete the last restrictions of a list, one by one from its end; none where one of
    them cannot be told from another that stays, and none where they are many.
    """
    if len(needless) > _REVIEWED:
        return
    words = [word for each in of.restrictions for word in split_items(each.element)]
    found: list[Wanted] = []
    for each in reversed(needless):
        first = len(words) - len(split_items(each.element))
        change = without(of.parameter, of.key, words, first, len(words))
        if change is None:
            return
        found.append(change)
        del words[first:]
    yield from found


def _pipelining(
    instance: Instance, place: Service | None, lists: Sequence[WrittenRestrictions]
) -> PipeliningChecks:
    found = [
        (of, each)
        for of in lists
        if _is_asked_early(instance, of.parameter)
        for each in of.restrictions
        if each.name == _PIPELINING
    ]
    parameters = tuple(dict.fromkeys(of.parameter for of, _ in found))
    span = min((of.span for of, _ in found), default=lists[0].span)
    decided = any(has_condition(instance, of.parameter, place) for of, _ in found)
    changes = tuple(_moves(instance, place, found)) if found and not decided else ()
    return PipeliningChecks(key_of(place), span, parameters, changes)


def _is_asked_early(instance: Instance, parameter: str) -> bool:
    """Whether a list, or each list that refers to a site's own name, is asked before DATA."""
    lists = (parameter,) if parameter.startswith("smtpd_") else referring_names(instance, parameter)
    return bool(lists) and all(each.startswith("smtpd_") and each not in _USEFUL for each in lists)


def _moves(
    instance: Instance, place: Service | None, found: list[tuple[WrittenRestrictions, WrittenRestriction]]
) -> Iterator[Wanted]:
    setting = instance.setting(_DATA, place)
    present = split_items(setting.normal)
    key = key_of(place)
    if setting.problem is not None or "$" in setting.text:
        return
    if _PIPELINING not in (word.lower() for word in present):
        if not present:
            yield Assign(_DATA, _PIPELINING, key)
        elif is_written(instance, _DATA, place):
            yield Element(_DATA, present[0], (_PIPELINING, present[0]), key)
        else:
            return
    for of, each in dict.fromkeys(found):
        yield Element(of.parameter, each.element, (), key)
