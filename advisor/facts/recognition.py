"""Each cause in words: what it means, and by which numbers the decision tree knows it (docs/overload.md)."""

from dataclasses import dataclass

from advisor.facts.causes import Cause
from advisor.facts.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Portrait:
    """`meaning` is one sentence, `recognised` the tree's tests in words, with the thresholds that hold."""

    meaning: str
    recognised: str


def portrait(cause: Cause, thresholds: Thresholds) -> Portrait:
    """The portrait of a cause."""
    numbers = {
        name: f"{value:.0%}" if name.endswith("_share") else f"{value:g}"
        for name in thresholds.__struct_fields__
        for value in (getattr(thresholds, name),)
    }
    found = _PORTRAITS[cause]
    is_full = found.recognised.startswith("The processes were full")
    return Portrait(found.meaning, (found.recognised + _FULL * is_full).format(**numbers))


_FULL = (
    " Full means {full_share} of the process limit busy for {full_seconds} s in one window, or "
    "{lost_while_full} clients that left unseen meanwhile."
)
_PORTRAITS: dict[Cause, Portrait] = {
    Cause.NONE: Portrait(
        "Nobody had to wait.",
        "The processes were never full, fewer than {probe_share} of the connections ended before their first "
        "command, and nothing behind smtpd(8) failed often.",
    ),
    Cause.PROBES: Portrait(
        "Health checks, scanners or broken bots come and go; no client was kept waiting.",
        "The processes were never full, and {probe_share} or more of the connections ended before their "
        "first command.",
    ),
    Cause.TOO_FEW_PROCESSES: Portrait(
        "Good sessions of normal length need more processes than there are.",
        "The processes were full, sessions that deliver or try to held {good_share} or more of their time, "
        "these are of normal length (half end within {normal_median_seconds} s, 95 % within "
        "{normal_p95_seconds} s), and Erlang's formula asks for more processes than there are.",
    ),
    Cause.SLOW_CLIENTS: Portrait(
        "Clients that say nothing hold the processes until smtpd_timeout ends.",
        "The processes were full, and {slow_share} or more of their time went to clients that delivered "
        "nothing and met the server's time limit, or stayed for {slow_seconds} s, or {slow_factor} times as "
        "long as 99 of 100 good sessions.",
    ),
    Cause.SINGLE_CLIENT: Portrait(
        "One client holds a large part of the processes.",
        "The processes were full, and one address outside smtpd_client_event_limit_exceptions held "
        "{one_client_share} or more of their time.",
    ),
    Cause.SLOW_NAME_LOOKUP: Portrait(
        "The processes are busy before the connect line is written: they look up the names of clients.",
        "master(8) warned of the process limit while fewer than {hidden_busy_share} of the processes showed "
        "a session in the log, and {hidden_turnover_share} of them took a client within 100 s.",
    ),
    Cause.UNKNOWN: Portrait(
        "The log does not tell: clients had to wait for something that none of the other causes explains.",
        "The processes were full and no other cause fits, or something behind smtpd(8) failed in "
        "{trouble_share} of the sessions.",
    ),
}
