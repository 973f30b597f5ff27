"""The grammar: every message of Postfix that is known, one row each, and how a line finds its row.

`since` is the first stable release whose source has this form, `source` where it is written. A line of a
Postfix program that no row matches is counted by its shape and shown, so that a changed form can't silently
give zeroes.
"""

import re
from functools import cache

from advisor.logs.grammar import common, delivery, master, postscreen, queue, rest, setup, smtpd, tls, verbose
from advisor.logs.grammar.dispatch import Index, index
from advisor.logs.grammar.row import Feeds, Message
from advisor.logs.reasons import reason_class

__all__ = ["MESSAGES", "PROGRAMS", "Feeds", "Message", "details", "program_of", "recognise"]

# The first row that matches wins: what one daemon writes comes before what any may write.
MESSAGES: tuple[Message, ...] = (
    *smtpd.ROWS,
    *postscreen.ROWS,
    *queue.ROWS,
    *delivery.ROWS,
    *master.ROWS,
    *tls.ROWS,
    *common.ROWS,
    *setup.ROWS,
    *rest.ROWS,
    *verbose.ROWS,
)

# The programs that log under a tag of their own (facts of the stock master.cf and the command-line tools).
PROGRAMS = frozenset(
    """anvil bounce cleanup defer discard dnsblog error flush lmtp local master nbdb_reindexd nqmgr oqmgr
    pickup pipe postalias postcat postconf postdrop postfix postfix-files postfix-script post-install
    postkick postlock postlog postlogd postmap postmulti postmulti-script postqueue postscreen postsuper
    posttls-finger proxymap proxywrite qmgr qmqpd relay retry scache sendmail showq smtp smtpd spawn
    tlsmgr tlsproxy trace trivial-rewrite verify virtual""".split()
)
# Other software whose tags may end in a name of Postfix's.
_OTHERS = frozenset(
    """amavis amavisd clamsmtp cyrus courier docker dovecot exim mailscanner opensmtpd rspamd sendmail
    smtpd sm-mta spamd spamassassin systemd zimbra qmail haraka opendkim opendmarc postgrey""".split()
)


def program_of(tag: str) -> str | None:
    """The daemon of a log tag such as `postfix-out/submission/smtpd`; None for other software's tags.

    syslog_name is free, so what decides is the last part. A tag of one part is Postfix's only where the name
    is nobody else's: `postfix-script`, `postmulti` (a tool has no other before it has read main.cf) and the
    like, but not `smtpd`, which OpenSMTPD writes.
    """
    first, _, rest = tag.partition("/")
    if not rest:
        return tag if tag.startswith("post") and tag in PROGRAMS else None
    program = tag.rpartition("/")[2]
    if program not in PROGRAMS or first.lower() in _OTHERS:
        return None
    return program


def recognise(daemon: str, text: str) -> tuple[Message, re.Match[str]] | None:
    """The row that matches a program's text, and the match; None when the grammar does not know it."""
    for message in _index_of(daemon).rows(text):
        if match := message.pattern.match(text):
            return message, match
    return None


@cache  # a log has lines of few programs
def _index_of(daemon: str) -> Index:
    return index(row for row in MESSAGES if daemon in row.daemons or "*" in row.daemons)


def details(message: Message, match: re.Match[str]) -> tuple[str, ...] | None:
    """What of a line is counted: the values of the row's `keys`, a reason as its class; None for nothing.

    A delivery that succeeded has no reason.
    """
    if not message.keys or (message.feeds is Feeds.DELIVERY and match["status"] == "sent"):
        return None
    return tuple(
        reason_class(match[key] or "") if key == "reason" else match[key] or "" for key in message.keys
    )
