"""What a report on a simulation is made of."""

from enum import StrEnum

import msgspec

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.simulation.outcome import Busy, Outcome
from advisor.simulation.study import Study
from advisor.simulation.sweep import Sweep

# Who is hardly kept waiting has no need of a remedy.
_HARDLY = 0.01
# As the lab counts: a quarter of the waiting is left, or nearly all of it.
_HELPS, _NO_HELP = 0.25, 0.7


class Kind(StrEnum):
    """Where a row comes from."""

    REPLAY = "replay"
    SET = "set"
    PLAN = "plan"
    REMEDY = "remedy"


class Verdict(StrEnum):
    """What a row does to the good clients' waiting, beside the replay of what is."""

    HELPS = "helps"
    PARTLY = "helps a little"
    SO_FAR = "helps so far"
    NO_HELP = "no help"
    WORSE = "worse"


class Row(msgspec.Struct, frozen=True):
    """One set of limits: what it is called, the settings that make it, what becomes of the demand, and what
    to know of that. `reason` is what is known of a remedy against the cause; `fills_later`: silent clients
    would fill the processes after the log's end.
    """

    kind: Kind
    label: str
    settings: tuple[str, ...]
    limits: Limits | Missing
    outcome: Outcome | Missing
    doubts: tuple[str, ...] = ()
    reason: str = ""
    fills_later: bool = False


class Strip(msgspec.Struct, frozen=True):
    """The most processes busy at a time in equal stretches of the log; `limit` is 0 for none."""

    label: str
    busy: tuple[int, ...]
    limit: int


class SimulateReport(msgspec.Struct, frozen=True):
    """A service under the load of its log. `measured` is what the log shows, `rows` are replayed, the first
    with the limits as they were. `notes` say what the settings asked for do not do, `others` are the SMTP
    servers that were not looked at.
    """

    instance: Instance
    study: Study
    measured: Busy
    rows: tuple[Row, ...]
    strips: tuple[Strip, ...]
    sweep: Sweep | None
    notes: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def now(self) -> Row:
        """The replay of what is."""
        return self.rows[0]

    @property
    def is_at_ease(self) -> bool:
        """Whether hardly a good client waits or is lost as it is, by the replay."""
        found = self.now.outcome
        return not isinstance(found, Missing) and max(found.waited.value, found.lost.value) <= _HARDLY

    @property
    def is_reproduced(self) -> bool:
        """Whether the time for which the log shows all processes busy is one that the replay finds."""
        found = self.now.outcome
        return not isinstance(found, Missing) and found.finds(self.measured)

    def verdict(self, row: Row) -> Verdict | None:
        """None where nothing can be said, or nothing needs a remedy."""
        found, now = row.outcome, self.now.outcome
        if row is self.now or isinstance(found, Missing) or isinstance(now, Missing):
            return None
        if self.is_at_ease and not self.study.sample.is_least:
            return None
        # Who waited is not in a log that shows only who was accepted: for how long all were busy is.
        before, after = (
            each.full_seconds.value if self.is_at_ease else each.waited.value + each.lost.value
            for each in (now, found)
        )
        if after > before * (2 - _NO_HELP):
            return Verdict.WORSE
        if after >= before * _NO_HELP:
            return Verdict.NO_HELP
        if row.fills_later:
            return Verdict.SO_FAR
        return Verdict.HELPS if after <= max(_HARDLY, before * _HELPS) else Verdict.PARTLY
