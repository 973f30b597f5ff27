"""Logs of two servers as hypothesis draws them, with everything in them that tells who somebody is."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from advisor.logs.metrics import Metrics
from advisor.logs.scan import scan

REFERENCE = datetime(2026, 12, 1, tzinfo=UTC)

ADDRESSES = ("192.0.2.1", "203.0.113.77", "2001:db8:9:8::7")
NAMES = ("client.customer.test", "mail.isp.test")
USERS = ("joe@customer.test", "ann.other+tag@isp.test")
QUEUE_IDS = ("959E7701854", "4Z7bcH1z9XzQk2", "A1B2C")
HOSTS = ("mx1", "relay7.corp.test")
SECRETS = (*ADDRESSES, *NAMES, *USERS, *QUEUE_IDS, *HOSTS, "loginname")

_DELAYS = "delay=1.5, delays=0.1/0.2/0.3/0.9, dsn=2.0.0"
_SENT = f"{_DELAYS}, status=sent (250 2.0.0 Ok: queued as {QUEUE_IDS[1]})"


@st.composite
def _lines(draw: st.DrawFn) -> str:
    client = f"{draw(st.sampled_from((*NAMES, 'unknown')))}[{draw(st.sampled_from(ADDRESSES))}]"
    user, other = draw(st.sampled_from(USERS)), draw(st.sampled_from(USERS))
    queue_id, pid = draw(st.sampled_from(QUEUE_IDS)), draw(st.sampled_from(("11", "12")))
    smtpd = f"postfix/smtpd[{pid}]:"
    helo = draw(st.sampled_from(NAMES))
    refused = f"Relay access denied; from=<{other}> to=<{user}> proto=ESMTP helo=<{helo}>"
    text = draw(
        st.sampled_from(
            [
                f"{smtpd} connect from {client}",
                f"{smtpd} disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5",
                f"{smtpd} lost connection after CONNECT from {client}",
                f"{smtpd} {queue_id}: client={client}, sasl_method=PLAIN, sasl_username=loginname",
                f"{smtpd} NOQUEUE: reject: RCPT from {client}: 554 5.7.1 <{user}>: {refused}",
                f"{smtpd} warning: hostname {NAMES[0]} does not resolve to address {ADDRESSES[0]}",
                f"postfix/cleanup[20]: {queue_id}: message-id=<{user}>",
                f"postfix/qmgr[21]: {queue_id}: from=<{user}>, size=1000, nrcpt=1 (queue active)",
                f"postfix/qmgr[21]: {queue_id}: removed",
                f"postfix/smtp[22]: {queue_id}: to=<{user}>, relay={NAMES[1]}[{ADDRESSES[1]}]:25, {_SENT}",
                'postfix/master[1]: warning: service "smtp" (25) has reached its process limit "3": new',
                f"postfix/master[1]: warning: process /usr/lib/postfix/smtpd pid {pid} exit status 1",
                "postfix/master[1]: daemon started -- version 3.7.11, configuration /etc/postfix",
                f"postfix/smtpd[30]: something new from {client} for <{user}>",
                "dovecot[7]: imap-login: Login",
            ]
        )
    )
    return f"{draw(st.sampled_from(HOSTS))} {text}"


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    """A log whose clock goes forward."""
    texts = draw(st.lists(_lines(), max_size=30))
    second, lines = 0, []
    for text in texts:
        second += draw(st.integers(0, 90))
        hour, minute = divmod(second // 60, 60)
        lines.append(f"Nov  3 {10 + hour:02d}:{minute:02d}:{second % 60:02d} {text}\n")
    return "".join(lines).encode()


def scanned(log: bytes) -> Metrics:
    """The metrics of a log."""
    return scan(log, "mail.log", REFERENCE).finish()
