"""What becomes of a message: cleanup, the queue, delivery attempts, retries, bounces."""

from benchmarks.maillog.host import Host

_RETRIES = 3
_FIRST_RETRY = 300.0  # minimal_backoff_time
_REMOTE = ("gmail-smtp-in.l.google.com[142.250.27.26]:25", "mx.dest.example[198.51.100.9]:25")
_TLS = "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"
_TLS_KEYS = ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
_DOMAINS = ("dest.example", "gmail.example", "far.example", "list.example")


def queue_message(host: Host, time: float, queue_id: str, sender: str, *, local: bool) -> None:
    """The lines of a message from its message-id on."""
    size = int(min(25e6, 900 * host.random.lognormvariate(2.0, 1.3)))
    text = f"{queue_id}: message-id=<{queue_id}.{host.mails}@{host.name}.example>"
    host.log(time + 0.01, "cleanup", 901 + host.mails % 8, "message-id", text, queue_id)
    _attempt(host, time + 0.05, queue_id, sender, size, local=local, arrived=time, attempt=0)


def _attempt(
    host: Host,
    time: float,
    queue_id: str,
    sender: str,
    size: int,
    *,
    local: bool,
    arrived: float,
    attempt: int,
) -> None:
    active = f"{queue_id}: from=<{sender}>, size={size}, nrcpt=1 (queue active)"
    host.log(time, "qmgr", 900, "queue-active", active, queue_id, size)
    status, end = _deliver(host, time, queue_id, local=local, arrived=arrived)
    if status == "deferred" and attempt < _RETRIES:
        later = end + _FIRST_RETRY * 2**attempt + host.random.random() * 60
        _attempt(host, later, queue_id, sender, size, local=local, arrived=arrived, attempt=attempt + 1)
        return
    if status == "deferred":
        expired = f"{queue_id}: from=<{sender}>, status=expired, returned to sender"
        host.log(end + 0.001, "qmgr", 900, "expired", expired, keys=("expired",))
    if status != "sent" and sender:
        _bounce(host, end, queue_id)
    host.log(end + 0.02, "qmgr", 900, "removed", f"{queue_id}: removed", queue_id)


def _bounce(host: Host, time: float, queue_id: str) -> None:
    report = host.queue_id()
    queue_message(host, time + 0.001, report, "", local=False)
    told = f"{queue_id}: sender non-delivery notification: {report}"
    host.log(time + 0.012, "bounce", 899, "bounce", told, keys=("sender", "non-delivery"))


def _deliver(host: Host, time: float, queue_id: str, *, local: bool, arrived: float) -> tuple[str, float]:
    random = host.random
    program, slots = ("lmtp", host.lmtp) if local else ("smtp", host.smtp)
    relay = f"{host.name}.example[private/dovecot-lmtp]" if local else random.choice(_REMOTE)
    start, pid = slots.take(time + 0.002, host.new_pid())
    connect, transfer = (
        (0.01, random.expovariate(12)) if local else (random.expovariate(5), random.expovariate(2))
    )
    status, dsn, reason, why = _outcome(random.random(), relay)
    if dsn == "4.4.1":
        relay, connect, transfer = "none", 30.0, 0.0
    end = start + connect + transfer
    slots.hold(pid, end + 0.001)
    delays = tuple(_seconds(x) for x in (max(0.0, time - arrived), start - time, connect, transfer))
    if dsn == "4.4.1":
        host.log(end - 0.0005, program, pid, "connect-to-failure", reason, keys=(why,))
    elif not local and random.random() < 0.5:
        host.log(start + connect, program, pid, "tls-connection",
                 f"Trusted TLS connection established to {relay}: {_TLS}",
                 keys=("Trusted", "to", *_TLS_KEYS))  # fmt: skip
    total, domain = _seconds(end - arrived), random.choice(_DOMAINS)
    text = (
        f"{queue_id}: to=<u{random.randrange(900)}@{domain}>, relay={relay}, delay={total}, "
        f"delays={'/'.join(delays)}, dsn={dsn}, status={status} ({reason})"
    )
    keys = () if status == "sent" else (status, dsn, why)
    host.log(end, program, pid, "delivery", text, status, domain, relay, *map(float, delays), keys=keys)
    return status, end


def _outcome(chance: float, relay: str) -> tuple[str, str, str, str]:
    """Status, enhanced code and wording, and in a word what it means."""
    if chance < 0.93:
        return "sent", "2.0.0", "250 2.0.0 OK", ""
    if chance < 0.96:
        return (
            "deferred",
            "4.7.28",
            f"host {relay} said: 421 4.7.28 Try later (in reply to end of DATA command)",
            "unavailable",
        )
    if chance < 0.97:
        return "deferred", "4.4.1", f"connect to {relay}: Connection timed out", "connection-timed-out"
    said = f"host {relay} said: 550 5.1.1 No such user (in reply to RCPT TO command)"
    return "bounced", "5.1.1", said, "unknown-user"


def _seconds(value: float) -> str:
    """Seconds as src/global/log_adhoc.c writes them, two digits that count."""
    if value < 0.01:
        return "0"
    return f"{value:.0f}" if value >= 10 else f"{float(f'{value:.2g}'):g}"
