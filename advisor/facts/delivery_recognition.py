"""Each cause of trouble on the way out in words, and by which numbers it is known (docs/deliveries.md)."""

from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.recognition import Portrait
from advisor.facts.thresholds import Thresholds, in_numbers

_WAIT = "5 of 100 recipients waited {queue_wait_seconds} s or more for a delivery process, and "
_PORTRAITS: dict[DeliveryCause, Portrait] = {
    DeliveryCause.ACTIVE_QUEUE_FULL: Portrait(
        "The active queue is full, and new mail waits in the incoming queue.",
        "{active_share} of qmgr_message_active_limit messages or more were in it, on average in the busiest "
        "{busy_window_seconds} s, and 5 of 100 new ones took {queue_wait_seconds} s or more to get in.",
    ),
    DeliveryCause.CLOGGED: Portrait(
        "Mail for one destination fills the active queue, and all other mail waits behind it.",
        "qmgr(8) warned that the active queue is full of mail for one destination.",
    ),
    DeliveryCause.GIVEN_UP: Portrait(
        "Destinations were given up for a while, since connections to them failed.",
        "{deferred} or more attempts were deferred because qmgr(8) had suspended the delivery.",
    ),
    DeliveryCause.TOO_FEW_PROCESSES: Portrait(
        "Mail waits for a free delivery process.",
        _WAIT + "{busy_share} or more of the processes were busy in the busiest {busy_window_seconds} s.",
    ),
    DeliveryCause.DESTINATION_LIMIT: Portrait(
        "All mail goes to one next hop, and waits for the limit of deliveries there.",
        _WAIT + "{busy_share} or more of the deliveries that may go there at a time were under way.",
    ),
    DeliveryCause.RATE_DELAY: Portrait(
        "Mail waits for the pause that Postfix makes between deliveries to one destination.",
        _WAIT + "fewer than {busy_share} of the processes were busy, and the transport has a rate delay.",
    ),
    DeliveryCause.WAITING: Portrait(
        "Mail waits though processes are free: for the limit of deliveries to a destination.",
        _WAIT + "fewer than {busy_share} of the processes were busy.",
    ),
    DeliveryCause.SLOW_CONNECTIONS: Portrait(
        "Connections that time out hold delivery processes.",
        _WAIT + "{timeouts} or more connections timed out, which took {timeout_share} of the time spent in "
        "connecting.",
    ),
    DeliveryCause.SLOW_SETUP: Portrait(
        "All connections are slow to set up, most often since the resolver is.",
        _WAIT
        + "half of the attempts spent {setup_seconds} s or more in connecting, longer than in sending, at "
        "{lookup_destinations} or more providers of which none got more than half.",
    ),
    DeliveryCause.THROTTLED: Portrait(
        "A provider limits the rate at which it takes mail from this host.",
        "It put off {throttled_share} of the attempts there, {deferred} or more, most of them with words for "
        "a rate limit, and got {throttled_per_minute} or more attempts a minute at the busiest.",
    ),
    DeliveryCause.NAME_LOOKUP: Portrait(
        "Names cannot be looked up: the resolver fails, not a domain.",
        "{deferred_share} of the attempts were deferred for that, at {lookup_destinations} or more "
        "destinations.",
    ),
    DeliveryCause.UNREACHABLE: Portrait(
        "Connections to other hosts fail.",
        "{deferred_share} of the attempts were deferred for that, {deferred} or more.",
    ),
    DeliveryCause.FAILING_DELIVERY: Portrait(
        "The delivery itself fails on this host: a table, a disk, a program.",
        "{deferred_share} of the attempts, {fault_share} for users of one's own, were deferred for that.",
    ),
    DeliveryCause.GREYLISTED: Portrait(
        "Much mail is put off by greylisting, which takes it at a later attempt.",
        "{deferred_share} of the attempts were deferred with such words, {deferred} or more.",
    ),
    DeliveryCause.DEFERRED: Portrait(
        "Much mail is put off, for reasons that are no one cause.",
        "{deferred_share} of the attempts were deferred, {deferred} or more, and no other cause is known.",
    ),
    DeliveryCause.NO_CONNECTION_REUSE: Portrait(
        "Each delivery to a provider makes a TLS connection of its own.",
        "There is a TLS connection for {connection_share} or more of the attempts, and none was reused; one "
        "provider got {provider_share} of these, {provider_per_minute} or more a minute, and half of the "
        "attempts spent {connection_seconds} s or more in connecting.",
    ),
    DeliveryCause.UNKNOWN_RECIPIENTS: Portrait(
        "Mail is taken for recipients that turn out not to exist, and bounces.",
        "{unknown_share} of the attempts, {unknown} or more, ended so.",
    ),
}
# What `advisor explain` knows; those that say nothing, or not enough, are in both diagnoses.
EXPLAINED = tuple(_PORTRAITS)


def delivery_portrait(cause: DeliveryCause, thresholds: Thresholds) -> Portrait:
    """The portrait of a cause of EXPLAINED."""
    found = _PORTRAITS[cause]
    return Portrait(found.meaning, found.recognised.format(**in_numbers(thresholds.delivery)))
