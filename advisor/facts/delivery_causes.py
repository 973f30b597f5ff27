"""Why mail waits or is deferred on its way out, and what helps (QSHAPE_README, TUNING_README)."""

from enum import StrEnum


class DeliveryCause(StrEnum):
    """What is wrong with the deliveries of a transport; NONE where nothing is."""

    NONE = "none"
    CLOGGED = "destination-fills-active-queue"
    GIVEN_UP = "destinations-given-up"
    TOO_FEW_PROCESSES = "too-few-delivery-processes"
    DESTINATION_LIMIT = "destination-concurrency-limit"
    WAITING = "waiting-in-queue-manager"
    SLOW_CONNECTIONS = "slow-connections"
    THROTTLED = "throttled-by-destination"
    NAME_LOOKUP = "failing-name-lookup"
    UNREACHABLE = "unreachable-destinations"
    FAILING_DELIVERY = "failing-delivery"
    DEFERRED = "many-deferrals"
    NO_CONNECTION_REUSE = "no-connection-reuse"
    UNKNOWN_RECIPIENTS = "unknown-recipients-accepted"
    UNKNOWN = "unknown"


# Classes of logs/reasons.py.
THROTTLING = ("remote-rate-limit",)
LOOKING_UP = ("dns-failure",)
CONNECTING = ("connection-timed-out", "connection-refused", "network-unreachable", "lost-connection")
DELIVERING = ("lookup-failure", "configuration-error", "storage", "delivery-failure")

WHAT_HELPS: dict[DeliveryCause, str] = {
    DeliveryCause.NONE: "",
    DeliveryCause.CLOGGED: "a transport of its own for that destination, so that its mail waits apart",
    DeliveryCause.GIVEN_UP: (
        "whatever makes the connections fail, which an earlier line names; a flush of the queue helps only "
        "when the other side is back"
    ),
    DeliveryCause.TOO_FEW_PROCESSES: (
        "more processes for this transport, unless most of their time goes into connections that time out"
    ),
    DeliveryCause.DESTINATION_LIMIT: (
        "a higher destination_concurrency_limit for a server of your own; never for somebody else's"
    ),
    DeliveryCause.WAITING: (
        "nothing, where it is a mailing list's or a newsletter's mail: the limit for each destination "
        "protects other people's servers; else a transport of its own for the destination that has most of it"
    ),
    DeliveryCause.SLOW_CONNECTIONS: (
        "a shorter smtp_connect_timeout for this transport; look first whether a firewall or a route is at "
        "fault"
    ),
    DeliveryCause.THROTTLED: (
        "a transport of its own for that provider, with two to five connections at a time; more processes or "
        "faster retries make it worse, and a bad reputation is not cured by slowness"
    ),
    DeliveryCause.NAME_LOOKUP: "a resolver on this machine; its own log says what fails",
    DeliveryCause.UNREACHABLE: (
        "try one by hand (posttls-finger HOST); where hopeless mail holds up the rest, smtp_fallback_relay "
        "takes it"
    ),
    DeliveryCause.FAILING_DELIVERY: "mend what the reason names",
    DeliveryCause.DEFERRED: (
        "the reasons that the log gives, one by one; a flush of the queue helps none of them"
    ),
    DeliveryCause.NO_CONNECTION_REUSE: (
        "smtp_tls_connection_reuse = yes, with the tlsproxy service in master.cf"
    ),
    DeliveryCause.UNKNOWN: "a syslog_name of its own for each transport, and a new log",
    DeliveryCause.UNKNOWN_RECIPIENTS: (
        "tables of valid recipients, so that they are refused before their mail is taken"
    ),
}
