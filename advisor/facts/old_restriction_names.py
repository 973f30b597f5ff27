"""Restrictions under the names they had before Postfix 2.3; the code behind both names is the same.

Knowledge: RELEASE_NOTES of 2.3, generic_checks() in src/smtpd/smtpd_check.c.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.list_elements import WrittenRestrictions, restrictions_read
from advisor.facts.registry import collection
from advisor.facts.wanted import Element
from advisor.syntax.source import Span

_TODAY = {
    "reject_unknown_client": "reject_unknown_client_hostname",
    "reject_invalid_hostname": "reject_invalid_helo_hostname",
    "reject_unknown_hostname": "reject_unknown_helo_hostname",
    "reject_non_fqdn_hostname": "reject_non_fqdn_helo_hostname",
}


class OldRestrictionNames(msgspec.Struct, frozen=True):
    """A restriction list in main.cf (`key` is None) or of a service, with the old names in it."""

    parameter: str
    key: str | None
    span: Span
    names: tuple[str, ...]
    today: tuple[str, ...]
    changes: tuple[Element, ...]


@collection(element=OldRestrictionNames, variable="list", locate=lambda of: of.span)
def lists_with_old_names(case: Case) -> tuple[OldRestrictionNames, ...]:
    """The restriction lists that an SMTP server reads, with the names in them that Postfix 2.3 replaced."""
    return tuple(_list(of) for of in restrictions_read(case.instance))


def _list(of: WrittenRestrictions) -> OldRestrictionNames:
    words = {each.element.split()[-1]: _TODAY[each.name] for each in of.restrictions if each.name in _TODAY}
    changes = tuple(Element(of.parameter, old, (new,), of.key) for old, new in words.items())
    return OldRestrictionNames(of.parameter, of.key, of.span, tuple(words), tuple(words.values()), changes)
