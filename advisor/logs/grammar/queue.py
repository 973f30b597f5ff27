"""How messages enter and leave the queue: cleanup, pickup, qmgr, bounce and the tools for people."""

from advisor.logs.grammar.row import QUEUE_ID, Feeds, Message, row

_M = Feeds.MESSAGE
_QMGR = "qmgr oqmgr nqmgr"

ROWS: tuple[Message, ...] = (
    row(
        "message-id", "cleanup", rf"{QUEUE_ID}(?:resent-)?message-id=", "cleanup/cleanup_message.c", feeds=_M
    ),
    row(
        "content-reject",
        "cleanup",
        rf"{QUEUE_ID}(?P<action>(?:milter-)?reject): (?P<part>\S+)",
        "cleanup/cleanup_message.c",
        feeds=_M,
        keys="action part",
        series=True,
    ),
    row(
        "content-action",
        "cleanup smtp lmtp",
        rf"{QUEUE_ID}(?P<action>warning|warn|hold|discard|filter|prepend|redirect|replace|strip|info|delay|"
        r"milter-[\w-]+|bcc|pass): (?P<part>\S*)",
        "cleanup/cleanup_message.c",
        keys="action part",
    ),
    row(
        "canceled",
        "cleanup",
        rf"{QUEUE_ID}(?:removed \((?P<why>canceled|discarded)\)|canceled)",
        "cleanup/cleanup_api.c",
        "3.10",
        keys="why",
    ),
    row(
        "queue-file-trouble",
        "cleanup smtpd pickup postdrop qmgr oqmgr bounce flush sendmail local smtp showq",
        r"warning: (?:[0-9A-Za-z]{5,}: (?:write|read|open|flush|close|create|remove|rename|truncate)\b|"
        r"mail_queue_\w+: |qmgr_active_\w+: |if this file was created |mail_open_ok|open \S+ \S+: |"
        r"remove \S+ \S+: |(?:maildrop|incoming|active|"
        r"deferred|hold|"
        r"defer|bounce|corrupt|trace|flush)/\S+|uid=\d+: |\S+: (?:Error writing|error writing)|"
        r"(?:create|rename) (?:file )?\S+: |saving corrupt file |[0-9A-Za-z]{5,}: (?:queue file|"
        r"message has)|"
        r"close \S+: |\S+: queue file write error)",
        "global/mail_queue.c",
    ),
    row(
        "map-expansion",
        "cleanup",
        r"warning: (?:[0-9A-Za-z]{5,}: )?(?:unreasonable \S+ map |\S+ map lookup problem|"
        r"(?:\S+ )?(?:map )?lookup (?:problem|of)|\S+: \S+ map lookup problem)",
        "cleanup/cleanup_map1n.c",
    ),
    row(
        "queue-active",
        _QMGR,
        rf"{QUEUE_ID}from=.*, size=(?P<size>\d+), nrcpt=(?P<recipients>\d+) \(queue active\)",
        "qmgr/qmgr_active.c",
        feeds=_M,
    ),
    row("removed", f"{_QMGR} postsuper", rf"{QUEUE_ID}removed", "qmgr/qmgr_active.c", feeds=_M),
    row(
        "expired",
        _QMGR,
        rf"{QUEUE_ID}from=.*, status=(?P<kind>(?:force-)?expired), returned to sender",
        "qmgr/qmgr_active.c",
        "2.0; force-expired 3.5",
        keys="kind",
    ),
    row("skipped", _QMGR, rf"{QUEUE_ID}skipped, still being delivered", "qmgr/qmgr_active.c"),
    row(
        "active-queue-share",
        _QMGR,
        r"warning: mail for (?P<destination>\S+) is using up (?P<number>\d+) of ",
        "qmgr/qmgr_entry.c",
        keys="destination",
        peak="number",
        series=True,
    ),
    # What waits to be deferred has the reason in place of a destination (qmgr/qmgr_error.c).
    row(
        "active-queue-share-of-errors",
        _QMGR,
        r"warning: mail for \d\.\d{1,3}\.\d{1,3} .* is using up \d+ of ",
        "qmgr/qmgr_entry.c",
        "2.5",
    ),
    row(
        "active-queue-advice",
        _QMGR,
        r"warning: (?:you may need (?P<advice>(?:to increase the \S+ \S+|a separate \S+ transport)?)|"
        r"so that Postfix |please avoid |lots of deferred mail|"
        r"to turn off these warnings|this may slow down other mail)",
        "qmgr/qmgr_entry.c",
        keys="advice",
    ),
    row(
        "transport-failure",
        _QMGR,
        r"warning: (?:transport (?P<transport>\S+) |private/\S* |connect to transport \S+: |"
        r"(?:premature|malformed|unexpected) .* private/|unable to connect to transport |"
        r"[0-9A-Za-z]{5,}: )",
        "qmgr/qmgr_deliver.c",
        keys="transport",
        series=True,
    ),
    row(
        "queue-manager-setup",
        _QMGR,
        r"warning: (?:\(old name: nqmgr\)|please update the \S+ file|\w+ is (?:larger|smaller) than \w+ - )",
        "qmgr/qmgr.c",
    ),
    row("pickup", "pickup", rf"{QUEUE_ID}uid=\d+ from=", "pickup/pickup.c", feeds=_M),
    row(
        "bounce",
        "bounce",
        rf"{QUEUE_ID}(?P<who>sender|postmaster|recipient|owner) "
        r"(?P<kind>non-delivery|delay|delivery status|verify|notification failed)",
        "bounce/bounce_notify_service.c",
        "2.3; the failure 3.11",
        keys="who kind",
    ),
    row(
        "postsuper-action",
        "postsuper",
        rf"{QUEUE_ID}(?P<action>requeued|released from hold|placed on hold|expired|renamed|deleted)",
        "postsuper/postsuper.c",
        "2.0; expired 3.5",
        keys="action",
    ),
    row(
        "postsuper-total",
        "postsuper",
        r"(?P<action>Deleted|Requeued|Released from hold|Placed on hold|Expired|Force-expired|"
        r"Renamed(?: to match inode number)?"
        r"|Moved): (?P<number>\d+) ",
        "postsuper/postsuper.c",
        keys="action",
    ),
)
