"""Whether the release has all that its series got for security, by a dated table in a rule's option."""

from enum import StrEnum

from advisor.errors import RuleError, UsageError
from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.services import UNKNOWN_RELEASE
from advisor.missing import Missing
from advisor.settings.release import Release


class Support(StrEnum):
    """How a release stands in the table. ENDED: it is of a series older than all there."""

    CURRENT = "current"
    BEHIND = "behind"
    ENDED = "ended"


@fact()
def support(case: Case, releases: str) -> Support | Missing:
    """How this release stands among the last security releases, one of each series that is maintained."""
    if case.instance.release_is_assumed:
        return UNKNOWN_RELEASE
    release, table = case.instance.release, _table(releases)
    if release.series in table:
        return Support.BEHIND if release < table[release.series] else Support.CURRENT
    return Support.ENDED if release < min(table.values()) else Support.CURRENT


@fact()
def security_release(case: Case, releases: str) -> str:
    """The last security release of this series; empty if its series is not in the table."""
    return str(_table(releases).get(case.instance.release.series, ""))


@fact()
def release_name(case: Case) -> str:
    """The release that the configuration is judged by."""
    return str(case.instance.release)


def _table(releases: str) -> dict[str, Release]:
    try:
        found = [Release.parse(word) for word in releases.split()]
    except UsageError as error:
        raise RuleError(str(error), cure="write releases as '3.9.14 3.10.13'") from error
    if not found:
        raise RuleError("no release", cure="write releases as '3.9.14 3.10.13'")
    return {release.series: release for release in found}
