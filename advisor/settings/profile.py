"""The kinds of machine that Postfix runs on, as STANDARD_CONFIGURATION_README sorts them."""

from collections.abc import Iterable
from enum import StrEnum

from advisor.errors import UsageError


class Profile(StrEnum):
    """What a machine does with mail; one may be of several kinds.

    MAIL_EXCHANGER takes mail of anybody for the domains it serves. SUBMISSION_HOST takes its users' mail, who
    log in. INTERNAL_RELAY passes on the mail of the machines around it. NULL_CLIENT takes no mail from the
    network.
    """

    MAIL_EXCHANGER = "mail-exchanger"
    SUBMISSION_HOST = "submission-host"
    INTERNAL_RELAY = "internal-relay"
    NULL_CLIENT = "null-client"


def told_profiles(names: Iterable[str]) -> frozenset[Profile]:
    """The profiles of those names. Raises UsageError for another word, and for a null client that takes mail
    all the same.
    """
    known = {profile.value: profile for profile in Profile}
    found: set[Profile] = set()
    for name in names:
        if name not in known:
            raise UsageError(
                f"{name!r} is no kind of machine", where="--profile", cure=f"say one of {', '.join(known)}"
            )
        found.add(known[name])
    if Profile.NULL_CLIENT in found and len(found) > 1:
        raise UsageError(
            "a null client takes no mail from the network, and the other kinds do",
            where="--profile",
            cure="leave null-client out",
        )
    return frozenset(found)
