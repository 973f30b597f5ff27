"""What was observed of a service, as facts for rules: the cause, the numbers behind it, the time limit.

Observed values are those of the log's day; a rule compares them with settings of the text at hand.
"""

from math import ceil

from advisor.facts.case import Case
from advisor.facts.causes import Cause
from advisor.facts.holders import processes_for
from advisor.facts.observed import Observation
from advisor.facts.registry import fact, known, observed
from advisor.facts.services import seconds
from advisor.facts.thresholds import default_thresholds
from advisor.logs.classes import SessionClass
from advisor.missing import Missing
from advisor.settings.service import Service

# RFC 5321 4.5.3.2 asks servers to wait five minutes; less than Postfix's stress value helps nobody.
_STANDARD_TIMEOUT = 300
_SHORTEST_TIMEOUT = 10
_TIMEOUT_STEP = 5
# The bound leaves a fifth of the free slots for what the log's sample did not show.
_SAFETY = 0.8


def _of(case: Case, service: Service) -> Observation:
    return known(known(case.observed).service(service.key))


@observed()
def cause(case: Case, service: Service) -> Cause | Missing:
    """Why clients of the service waited or were lost."""
    return _of(case, service).diagnosis.cause


@observed()
def causes(case: Case, service: Service) -> tuple[Cause, ...] | Missing:
    """All causes that apply, the heaviest first."""
    return _of(case, service).diagnosis.causes


@observed()
def saturated(case: Case, service: Service) -> bool | Missing:
    """Whether all processes of the service were busy for a time that matters."""
    return _of(case, service).diagnosis.saturated


@observed()
def summary(case: Case, service: Service) -> str | Missing:
    """The cause in words."""
    return _of(case, service).diagnosis.summary


@observed(unit="lines")
def lines_like(case: Case, message: str) -> int | Missing:
    """How many lines the log has of one of the messages in logs/messages.py."""
    return known(case.observed).messages.get(message, 0)


@observed(unit="sessions")
def sessions(case: Case, service: Service) -> int | Missing:
    """How many SMTP sessions the log has."""
    return _of(case, service).load.sessions


@observed(unit="s")
def window(case: Case, service: Service) -> float | Missing:
    """How long a time the log covers."""
    return _of(case, service).load.window


@observed(unit="processes")
def process_limit(case: Case, service: Service) -> int | Missing:
    """The process limit that was in force, 0 for none."""
    return _of(case, service).load.limit


@observed(unit="processes")
def peak(case: Case, service: Service) -> int | Missing:
    """The most processes that were busy at a time."""
    return _of(case, service).load.peak


@observed(unit="s")
def full_seconds(case: Case, service: Service) -> float | Missing:
    """How long all processes were busy."""
    return _of(case, service).load.full_seconds


@observed(unit="warnings")
def limit_warnings(case: Case, service: Service) -> int | Missing:
    """How often master(8) warned of the process limit: at most once in 1000 s."""
    return _of(case, service).load.limit_warnings


@observed(unit="connections")
def lost_unseen(case: Case, service: Service) -> int | Missing:
    """Connections that were reset before smtpd(8) asked for their address: unknown[unknown]."""
    return _of(case, service).load.lost.unseen


@observed(unit="connections")
def lost_at_once(case: Case, service: Service) -> int | Missing:
    """Connections with an address that left within a second, before their first command."""
    return _of(case, service).load.lost.at_once


@observed(unit="share")
def slow_share(case: Case, service: Service) -> float | Missing:
    """The share of the slot time, while the pool was full, that clients held who gave nothing back."""
    return _of(case, service).load.slow.share


@observed(unit="share")
def outlasting_share(case: Case, service: Service) -> float | Missing:
    """The share of slow clients' slot time that was of those which stayed for twice smtpd_timeout without
    meeting it: each of their bytes starts the timer anew.
    """
    found = _of(case, service).load.slow.outlasting
    if found is None:
        return Missing(
            f"no client met the smtpd_timeout of {service.key} in the log: another may have been in force",
            "give a log from behind the last change of smtpd_timeout, and longer than that is",
        )
    return found


@observed(unit="clients")
def chatting_clients(case: Case, service: Service) -> int | Missing:
    """How many clients were sent away for too many commands that bring no mail (NOOP, RSET, VRFY, ETRN)."""
    return _of(case, service).load.slow.chatting


@observed(unit="clients")
def timed_out_clients(case: Case, service: Service) -> int | Missing:
    """How many clients met smtpd_timeout."""
    return _of(case, service).load.slow.timed_out


@observed(unit="share")
def delivering_share(case: Case, service: Service) -> float | Missing:
    """The share of the slot time, while the pool was full, of sessions that delivered mail."""
    return _of(case, service).load.shares.get(SessionClass.PRODUCTIVE, 0.0)


@observed(unit="per second")
def slow_rate(case: Case, service: Service) -> float | Missing:
    """How many slow clients came in a second, while processes were free."""
    slow, wanted = _of(case, service).load.slow, default_thresholds().slow_starts
    if slow.starts < wanted:
        return Missing(
            f"only {slow.starts} slow clients came while processes of {service.key} were free",
            f"give a log with {wanted}: one that begins earlier, before the processes were full",
        )
    return slow.rate


@observed(unit="erlangs")
def good_load(case: Case, service: Service) -> float | Missing:
    """The mean number of sessions that were not slow, in the busiest minute with free processes."""
    return _of(case, service).load.good_load


@observed(unit="erlangs")
def offered_load(case: Case, service: Service) -> float | Missing:
    """The mean number of busy processes, slow clients left out, had every client been served."""
    return _of(case, service).load.offered_load


@observed(unit="s")
def service_time(case: Case, service: Service) -> float | Missing:
    """The mean length of a session that delivered mail."""
    return _of(case, service).load.service_time


@observed(unit="s")
def content_wait(case: Case, service: Service) -> float | Missing:
    """The mean time from a message's header to the queue, while the processes were full."""
    return _of(case, service).load.waits.content.mean


@observed()
def body_checks(case: Case, service: Service) -> tuple[str, ...] | Missing:
    """The tables that were tried on each line of a body."""
    return _of(case, service).asked.body_checks


@observed()
def to_tell(case: Case, service: Service) -> str | Missing:
    """The command that separates causes which the log cannot; empty where it can."""
    return _of(case, service).diagnosis.to_tell


@observed()
def busiest_client(case: Case, service: Service) -> str | Missing:
    """The address of the client that held most of the slot time, among those to which a limit applies."""
    return _of(case, service).load.busiest_client


@observed(unit="share")
def busiest_client_share(case: Case, service: Service) -> float | Missing:
    """The share of the slot time that the busiest client held."""
    return _of(case, service).load.busiest_client_share


@observed(unit="sessions")
def client_concurrency(case: Case, service: Service) -> int | Missing:
    """The most sessions at a time of one client that delivers mail: of 999 in 1000, the busiest left out."""
    return _of(case, service).load.client_concurrency


@observed(unit="s")
def timeout(case: Case, service: Service) -> int | Missing:
    """The normal smtpd_timeout that was in force."""
    return _of(case, service).timeout


@observed(unit="s")
def timeout_bound(case: Case, service: Service) -> float | Missing:
    """The smtpd_timeout at which slow clients take all processes that good ones leave: Little's law."""
    load = _of(case, service).load
    return max(0.0, load.limit - load.good_load) / known(slow_rate(case, service))


@observed(unit="per second")
def slow_rate_that_fits(case: Case, service: Service) -> float | Missing:
    """The rate of slow clients up to which the smtpd_timeout in force would have done."""
    load = _of(case, service).load
    return max(0.0, load.limit - load.good_load) / known(timeout(case, service))


@observed(unit="s")
def longest_pause(case: Case, service: Service) -> float | Missing:
    """The longest time that a client which delivered mail can have been silent, but for one in a thousand."""
    return _of(case, service).load.longest_pause


@observed(unit="s")
def timeout_floor(case: Case, service: Service) -> float | Missing:
    """The smtpd_timeout that no good client of the log would have met."""
    load, wanted = _of(case, service).load, default_thresholds().pause_sessions
    if load.productive < wanted:
        return Missing(
            f"only {load.productive} sessions of {service.key} delivered mail",
            f"give a log with {wanted}, to see how long good clients pause",
        )
    return max(_SHORTEST_TIMEOUT, load.longest_pause + 1)


@observed()
def timeout_fits(case: Case, service: Service) -> bool | Missing:
    """Whether a time limit can be long enough for good clients and short enough for slow ones."""
    return known(timeout_floor(case, service)) <= _SAFETY * known(timeout_bound(case, service))


@observed(unit="s")
def timeout_target(case: Case, service: Service) -> int | Missing:
    """The normal smtpd_timeout that keeps processes free: 0.8 of the bound in steps of 5 s, never below what
    good clients need, never above what was in force.
    """
    bound, floor = known(timeout_bound(case, service)), known(timeout_floor(case, service))
    wanted = int(min(_STANDARD_TIMEOUT, _SAFETY * bound)) // _TIMEOUT_STEP * _TIMEOUT_STEP
    return min(known(timeout(case, service)), max(wanted, ceil(floor)))


@fact(unit="s")
def normal_timeout_wanted(case: Case, service: Service) -> int | Missing:
    """The normal smtpd_timeout to write: the target where slow clients fill the pool, else today's value."""
    present = seconds(case, "smtpd_timeout", service)
    found = causes(case, service)
    if isinstance(present, Missing) or isinstance(found, Missing):
        return present
    if Cause.SLOW_CLIENTS not in found or timeout_fits(case, service) is not True:
        return present
    return min(present, known(timeout_target(case, service)))


@fact(unit="processes")
def busy_expected(case: Case, service: Service, limit: int) -> int | Missing:
    """The processes busy at the busiest time if slow clients are sent away after `limit` seconds."""
    return ceil(known(good_load(case, service)) + known(slow_rate(case, service)) * limit)


@fact(unit="processes")
def processes_needed(case: Case, service: Service, headroom: float) -> int | Missing:
    """The processes for the offered load: so many that one client in a hundred waits a second (Erlang C),
    times the headroom, rounded up to ten.
    """
    needed = processes_for(known(offered_load(case, service)), known(service_time(case, service)))
    return ceil(headroom * needed / 10) * 10


@fact(unit="processes")
def processes_in_memory(case: Case, share: float, megabytes: int) -> int | Missing:
    """How many processes of so many megabytes fit into a share of the machine's memory."""
    memory = case.instance.host.memory
    if memory is None:
        return Missing("the memory of the machine", "add --memory, such as --memory 4G")
    return int(share * memory / (megabytes << 20))


@fact()
def memory_is_given(case: Case) -> bool:
    """Whether the machine's memory was told."""
    return case.instance.host.memory is not None


@fact(unit="sessions")
def client_limit_wanted(case: Case, service: Service, least: int) -> int | Missing:
    """The sessions that one client may have: twice what good ones need, at least `least`, and never more than
    half of the processes.
    """
    load = _of(case, service).load
    return max(1, min(max(least, 2 * load.client_concurrency), load.limit // 2))


@fact(unit="processes")
def processes_for_slow_clients(case: Case, service: Service, limit: float) -> int | Missing:
    """The processes that hold slow clients as long as `limit` says, beside the good load."""
    load = known(good_load(case, service)) + known(slow_rate(case, service)) * limit
    return processes_for(load, max(limit, 1.0))
