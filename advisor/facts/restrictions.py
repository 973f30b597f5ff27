"""The restriction lists of a service, one restriction after another, classes unfolded.

Knowledge: generic_checks() in src/smtpd/smtpd_check.c, SMTPD_ACCESS_README, RESTRICTION_CLASS_README.
"""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue

# The lists of smtpd(8), of each stage of a session.
RESTRICTION_LISTS = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
    "smtpd_relay_restrictions",
    "smtpd_recipient_restrictions",
    "smtpd_data_restrictions",
    "smtpd_end_of_data_restrictions",
    "smtpd_etrn_restrictions",
)
_WITH_ARGUMENT = frozenset(
    """reject_rbl_client reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_recipient
    reject_rhsbl_reverse_client reject_rhsbl_sender permit_dnswl_client permit_rhswl_client sleep
    reject_maps_rbl""".split()
)


def takes_argument(restriction: str) -> bool:
    """Whether the word behind a restriction, in lower case, is its argument."""
    return restriction != "check_relay_domains" and (
        restriction in _WITH_ARGUMENT or restriction.startswith("check_")
    )


class Step(msgspec.Struct, frozen=True):
    """One restriction. `only_warns`: behind warn_if_reject, its own or that of its class."""

    name: str
    argument: str
    only_warns: bool


class RestrictionLists(msgspec.Struct, frozen=True):
    """The restriction lists of a service."""

    instance: Instance
    service: Service

    def items(self, name: str) -> tuple[str, ...]:
        """The words of a list parameter; none if Postfix cannot read it."""
        items = self.instance.setting(name, self.service).items()
        return () if isinstance(items, BadValue) else items

    def says_yes(self, name: str) -> bool:
        """Whether a yes/no parameter is yes for certain."""
        return self.instance.setting(name, self.service).boolean() is True

    def steps(self, words: Sequence[str], depth: int = 0, *, until_permit: bool = False) -> Iterator[Step]:
        """The restrictions in order, classes unfolded; with `until_permit` what stands behind a `permit` in
        its list or class is left out.
        """
        classes = self.items("smtpd_restriction_classes")
        only_warns = False
        rest = iter(words)
        for word in rest:
            restriction = word.lower()
            if restriction == "warn_if_reject":
                only_warns = True
                continue
            if word in classes and depth < len(classes):
                for step in self.steps(self.items(word), depth + 1, until_permit=until_permit):
                    yield Step(step.name, step.argument, step.only_warns or only_warns)
            elif takes_argument(restriction):
                yield Step(restriction, next(rest, ""), only_warns)
            elif ":" in word:  # a bare table is an access table for the list's subject
                yield Step("check_access", word, only_warns)
            else:
                yield Step(restriction, "", only_warns)
                if until_permit and restriction == "permit" and not only_warns:
                    return
            only_warns = False
