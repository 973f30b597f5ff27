"""Each pair of a log that was written under some limits, and what was measured when the same load met others.

The figures of the first set are those of its clients: of 225 or 303 messages so many were taken while the
load was on. Those of the second are in its truth.toml, under [[measured]].
"""

import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.simulation.outcome import Outcome
from tests.simulation.lab import DATA, study

_FIRST, _SECOND = 15.0, 60.0  # how long the clients of each set waited for their service


class Pair(msgspec.Struct, frozen=True):
    """The run whose log is replayed, the limits in place of its own, and what was measured under these: the
    share served, and the seconds that 19 of 20 waited for the banner, None where nobody wrote them down.
    """

    folder: str
    words: str
    limits: Mapping[str, float]
    served: float
    wait_p95: float | None = None
    until: str = ""
    patience: float = _FIRST

    @property
    def found(self) -> tuple[Limits, Outcome | Missing]:
        """What the replay says."""
        of = study(self.folder, self.patience, self.until)
        limits = msgspec.structs.replace(of.limits, **self.limits)
        return limits, of.outcome(limits)

    @property
    def is_least(self) -> bool:
        """Whether the log lacks a part of those that came."""
        return study(self.folder, self.patience, self.until).sample.is_least


def _timeout(normal: float, stress: float | None = None) -> dict[str, float]:
    return {"timeout": normal, "stress_timeout": normal if stress is None else stress}


_TIMEOUTS = (
    ("smtpd_timeout 300 s", _timeout(300), 99),
    ("smtpd_timeout 300 s, 10 s under stress", _timeout(300, 10), 102),
    ("smtpd_timeout 60 s", _timeout(60), 99),
    ("smtpd_timeout 30 s", _timeout(30), 194),
    ("smtpd_timeout 20 s, 10 s under stress", _timeout(20, 10), 225),
    ("smtpd_timeout 10 s", _timeout(10), 225),
)


def _of_the_second_set(run: str, words: str, limits: Mapping[str, float], change: str = "") -> Pair:
    """The pair of a run: what was measured behind `change`, or of the run itself."""
    truth: dict[str, Any] = tomllib.loads((DATA / "lab2" / run / "truth.toml").read_text())
    figures = next((each for each in truth.get("measured", ()) if each["change"].startswith(change)), truth)
    if not change:
        figures = truth
    until = f"{truth['load_ended']:%Y-%m-%d %H:%M:%S}"
    return Pair(f"lab2/{run}", words, limits, figures["served_share"], figures["banner_p95"], until, _SECOND)


PAIRS = (
    *(Pair("lab/f_t10", words, limits, served / 225) for words, limits, served in _TIMEOUTS),
    *(
        Pair("lab/b_t300", words, limits, served / 225, until="2026-11-23 23:50:37")
        for words, limits, served in _TIMEOUTS
    ),
    Pair("lab/b_t300", "100 processes", {"processes": 100}, 1.0, until="2026-11-23 23:50:37"),
    Pair("lab/i_oneip_nolimit", "5 sessions a client", {"client_limit": 5}, 1.0),
    Pair("lab/y_fewslots_noslow_mp30", "5 processes", {"processes": 5}, 69 / 303, 14.779),
    Pair("lab/y_fewslots_noslow", "30 processes", {"processes": 30}, 302 / 303, 0.016),
    _of_the_second_set("one_hog_15", "as it was", {}),
    _of_the_second_set(
        "one_hog_15", "5 sessions a client", {"client_limit": 5}, "smtpd_client_connection_count_limit"
    ),
    _of_the_second_set("one_hog_15", "smtpd_timeout 60 s", _timeout(60), "smtpd_timeout"),
    _of_the_second_set("slow_idle_15", "as it was", {}),
    _of_the_second_set(
        "slow_idle_15", "smtpd_timeout 20 s, 10 s under stress", _timeout(20, 10), "smtpd_timeout"
    ),
    _of_the_second_set("slow_idle_15", "5 sessions a client", {"client_limit": 5}, "smtpd_client"),
    _of_the_second_set("two_slow_policy_14", "as it was", {}),
    _of_the_second_set("two_slow_policy_14", "smtpd_timeout 15 s", _timeout(15), "only smtpd_timeout"),
    *(
        _of_the_second_set(run, words, limits, change)
        for run, processes in (("few_8", 30), ("policy_3s_10", 40), ("milter_eom_5s_12", 40))
        for words, limits, change in (
            ("as it was", {}, ""),
            (f"{processes} processes", {"processes": processes}, f"{processes} smtpd processes"),
            ("smtpd_timeout 10 s", _timeout(10), "smtpd_timeout"),
        )
    ),
)
