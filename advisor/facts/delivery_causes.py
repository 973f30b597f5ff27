"""Why mail waits or is deferred on its way out, and what helps (QSHAPE_README, TUNING_README)."""

from enum import StrEnum


class DeliveryCause(StrEnum):
    """What is wrong with the deliveries of a transport; NONE where nothing is."""

    NONE = "none"
    ACTIVE_QUEUE_FULL = "active-queue-full"
    CLOGGED = "destination-fills-active-queue"
    GIVEN_UP = "destinations-given-up"
    TOO_FEW_PROCESSES = "too-few-delivery-processes"
    DESTINATION_LIMIT = "destination-concurrency-limit"
    RATE_DELAY = "destination-rate-delay"
    WAITING = "waiting-in-queue-manager"
    SLOW_CONNECTIONS = "slow-connections"
    SLOW_SETUP = "slow-connection-setup"
    THROTTLED = "throttled-by-destination"
    NAME_LOOKUP = "failing-name-lookup"
    UNREACHABLE = "unreachable-destinations"
    FAILING_DELIVERY = "failing-delivery"
    GREYLISTED = "greylisted-by-destinations"
    DEFERRED = "many-deferrals"
    NO_CONNECTION_REUSE = "no-connection-reuse"
    UNKNOWN_RECIPIENTS = "unknown-recipients-accepted"
    UNKNOWN = "unknown"


# Classes of logs/reasons.py.
THROTTLING = ("remote-rate-limit",)
GREYLISTING = ("greylisted",)
LOOKING_UP = ("dns-failure",)
CONNECTING = ("connection-timed-out", "connection-refused", "network-unreachable", "lost-connection")
DELIVERING = ("lookup-failure", "configuration-error", "storage", "delivery-failure")

WHAT_HELPS: dict[DeliveryCause, str] = {
    DeliveryCause.NONE: "",
    DeliveryCause.ACTIVE_QUEUE_FULL: (
        "the default of qmgr_message_active_limit, where it was lowered; else what makes the deliveries slow"
    ),
    DeliveryCause.CLOGGED: "a transport of its own for that destination, so that its mail waits apart",
    DeliveryCause.GIVEN_UP: ("whatever makes the connections fail, which an earlier line names"),
    DeliveryCause.TOO_FEW_PROCESSES: (
        "more processes for this transport, unless most of their time goes into connecting, or it was made "
        "narrow for a provider that limits the rate"
    ),
    DeliveryCause.DESTINATION_LIMIT: "a higher destination_concurrency_limit for a server of your own",
    DeliveryCause.RATE_DELAY: (
        "a shorter pause, or none: a low destination_concurrency_limit, in a transport of its own, is gentle "
        "too, and faster"
    ),
    DeliveryCause.WAITING: (
        "nothing, where it is a mailing list's or a newsletter's mail: the limit for each destination "
        "protects other people's servers; else a transport of its own for the destination that has most of it"
    ),
    DeliveryCause.SLOW_CONNECTIONS: (
        "a shorter smtp_connect_timeout for this transport; look first whether a firewall or a route is at "
        "fault"
    ),
    DeliveryCause.SLOW_SETUP: (
        "a resolver on this machine, if names are slow to look up (time a few: dig MX gmail.com); else look "
        "at the network between"
    ),
    DeliveryCause.THROTTLED: (
        "a transport of its own for that provider, with two to five processes in master.cf"
    ),
    DeliveryCause.NAME_LOOKUP: "a resolver on this machine; its own log says what fails",
    DeliveryCause.UNREACHABLE: (
        "try one by hand (posttls-finger HOST), and start what is your own; where hopeless mail for others "
        "holds up the rest, smtp_fallback_relay takes it"
    ),
    DeliveryCause.FAILING_DELIVERY: "mend what the reason names",
    DeliveryCause.GREYLISTED: (
        "nothing: a later attempt is taken, and a known sender is put off no more; send from one address"
    ),
    DeliveryCause.DEFERRED: "the reasons that the log gives, one by one",
    DeliveryCause.NO_CONNECTION_REUSE: (
        "smtp_tls_connection_reuse = yes, with the tlsproxy service in master.cf"
    ),
    DeliveryCause.UNKNOWN: "a syslog_name of its own for each transport, and a new log",
    DeliveryCause.UNKNOWN_RECIPIENTS: (
        "tables of valid recipients, so that they are refused before their mail is taken"
    ),
}

# Popular remedies that do nothing against a cause, or harm.
NO_HELP: dict[DeliveryCause, str] = {
    DeliveryCause.ACTIVE_QUEUE_FULL: (
        "more mail taken out of the incoming queue (postqueue -f): the active queue has no room for it"
    ),
    DeliveryCause.CLOGGED: (
        "an active queue larger than the default, which only fills later; qmgr_clog_warn_time = 0, which "
        "hides the warning"
    ),
    DeliveryCause.GIVEN_UP: "a flush of the queue, before the other side is back",
    DeliveryCause.TOO_FEW_PROCESSES: (
        "a higher destination_concurrency_limit: there is no process for another delivery"
    ),
    DeliveryCause.DESTINATION_LIMIT: (
        "more processes: the limit is reached before them; a higher limit for somebody else's server"
    ),
    DeliveryCause.RATE_DELAY: "more processes: one delivery at a time goes to each destination",
    DeliveryCause.WAITING: "more processes, while there are some without work",
    DeliveryCause.SLOW_CONNECTIONS: "more processes: they would wait for the same hosts",
    DeliveryCause.SLOW_SETUP: (
        "a shorter smtp_connect_timeout: nothing times out; more processes hide it, at the price of memory"
    ),
    DeliveryCause.THROTTLED: (
        "a destination_concurrency_limit alone, which counts for each of the provider's domains; faster "
        "retries or a flush of the queue, where each attempt counts; slowness against a bad reputation"
    ),
    DeliveryCause.NAME_LOOKUP: "more processes, or a flush of the queue, before names are found again",
    DeliveryCause.UNREACHABLE: "a flush of the queue, before the other side is back",
    DeliveryCause.GREYLISTED: "faster retries, or a flush of the queue: some minutes must pass",
    DeliveryCause.DEFERRED: "more processes, or a flush of the queue",
    DeliveryCause.NO_CONNECTION_REUSE: "more processes: each would make more connections",
}
