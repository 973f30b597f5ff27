"""Each cause in words: what it means, and by which numbers the decision tree knows it (docs/overload.md)."""

import msgspec

from advisor.facts.causes import Cause
from advisor.facts.thresholds import Thresholds, in_numbers


class Portrait(msgspec.Struct, frozen=True):
    """`meaning` is one sentence, `recognised` the tree's tests in words, with the thresholds that hold."""

    meaning: str
    recognised: str


def portrait(cause: Cause, thresholds: Thresholds) -> Portrait:
    """The portrait of a cause."""
    found = _PORTRAITS[cause]
    is_full = found.recognised.startswith("The processes were full")
    return Portrait(found.meaning, (found.recognised + _FULL * is_full).format(**in_numbers(thresholds)))


_FULL = (
    " Full means {full_share} of the process limit busy for {full_seconds} s of {full_within_seconds} s, or "
    "{lost_while_full} clients that left unseen meanwhile."
)
_ENVELOPE = (
    "good clients waited {envelope_wait_seconds} s or more from connect to the first accepted sender and "
    "spent {waiting_share} of the process time so, and "
)
_CONTENT = (
    "messages took {content_wait_seconds} s or more from their header to the queue and {waiting_share} of "
    "the process time (or {envelope_wait_seconds} s and {content_share}), and "
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
        "nothing and met the server's time limit, or stayed for {slow_seconds} s and {slow_factor} times as "
        "long as 95 of 100 good clients took to their first accepted sender.",
    ),
    Cause.SINGLE_CLIENT: Portrait(
        "One client holds a large part of the processes.",
        "The processes were full, and one address outside smtpd_client_event_limit_exceptions held "
        "{one_client_share} or more of their time, with several sessions at a time.",
    ),
    Cause.AUTH_ABUSE: Portrait(
        "Clients that guess passwords hold the processes.",
        "The processes were full, and {authentication_share} or more of their time went to clients that "
        "failed to log in and delivered nothing.",
    ),
    Cause.REJECTED_CLIENTS: Portrait(
        "Clients whose mail is refused hold the processes: dictionary attacks and bots.",
        "The processes were full, {rejected_share} or more of their time went to clients whose sender or "
        "recipients were refused and who delivered nothing, and that was not because something fails.",
    ),
    Cause.SUBMISSION_ON_PORT_25: Portrait(
        "Users who log in hand in their mail where other servers deliver theirs.",
        "The processes were full, the service is none for submission, and {authenticated_share} or more of "
        "their time went to clients that had logged in.",
    ),
    Cause.SLOW_NAME_LOOKUP: Portrait(
        "The processes are busy before the connect line is written: they look up the names of clients.",
        "master(8) warned of the process limit while fewer than {hidden_busy_share} of the processes showed "
        "a session in the log, and {hidden_turnover_share} of them took a client within 100 s.",
    ),
    Cause.SLOW_DNSBL: Portrait(
        "A DNS list keeps good clients waiting before their sender is accepted.",
        "The processes were full, " + _ENVELOPE + "the service asks a DNS list there.",
    ),
    Cause.SLOW_POLICY: Portrait(
        "A policy service keeps good clients waiting.",
        "The processes were full, " + _ENVELOPE + "the service asks a policy service there.",
    ),
    Cause.FAILING_POLICY: Portrait(
        "A policy service does not answer, or not as it should; most sites then refuse all mail for a while.",
        "smtpd(8) said so in {trouble_share} as many lines as there were sessions, or more.",
    ),
    Cause.SLOW_MILTER: Portrait(
        "A milter keeps good clients waiting.",
        "The processes were full, and the service has a milter. Either "
        + _ENVELOPE
        + "clients of mynetworks "
        "that pass the other tests wait too; or " + _CONTENT + "that is no shorter with free processes.",
    ),
    Cause.FAILING_MILTER: Portrait(
        "A milter cannot be reached or ends in the midst; milter_default_action decides about the mail.",
        "smtpd(8) and cleanup(8) said so in {trouble_share} as many lines as there were sessions, or more.",
    ),
    Cause.SLOW_PROXY_FILTER: Portrait(
        "Good clients wait for a worker of the filter in front of the queue, or for its answer.",
        "The processes were full, and the service has such a filter. Either " + _ENVELOPE + "the filter had "
        "{filter_load} messages or more in work on average; or its answer took {content_wait_seconds} s.",
    ),
    Cause.CPU_BOUND_CHECKS: Portrait(
        "Body checks keep the processors busy, and good clients wait for the answer to their message.",
        "The processes were full, " + _CONTENT + "the service's cleanup(8) has body checks. Beside a milter, "
        "only if that time is {growth_factor} times as long as with half of the processes free.",
    ),
    Cause.SLOW_TABLES: Portrait(
        "A lookup table that asks another host keeps good clients waiting.",
        "The processes were full, " + _ENVELOPE + "the service has such tables for what it looks up there.",
    ),
    Cause.SLOW_TRANSFER: Portrait(
        "Clients that deliver mail send it slowly.",
        "The processes were full, "
        + _CONTENT
        + "there is neither a milter nor a body check, or a quarter of "
        "the messages took less than that. Mail from this machine, if there is any, took less too.",
    ),
    Cause.KERNEL_BACKLOG: Portrait(
        "The kernel turned clients away before Postfix saw them.",
        "No mail log shows it: nstat -az TcpExtListenOverflows does.",
    ),
    Cause.UNKNOWN: Portrait(
        "The log does not tell: clients had to wait for something that none of the other causes explains.",
        "The processes were full and no other cause fits, or something behind smtpd(8) failed in "
        "{trouble_share} of the sessions.",
    ),
}
