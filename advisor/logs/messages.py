"""The grammar: every message of Postfix that feeds a metric, one row each.

`since` is the first stable release whose source has this form, `source` where it is written. A line of a
Postfix program that no row matches is counted by program and shown, so that a changed form can't silently
give zeroes.

A pattern must fail in time proportional to the line: clients and remote servers choose much of its text. So
no two parts that may take the same characters stand side by side, and `.*` comes once at most.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

# NAME[ADDR], with the port that smtpd_client_port_logging adds. `unknown[unknown]`: getpeername() failed,
# the peer was gone before smtpd asked (src/smtpd/smtpd_peer.c).
_CLIENT = r"(?P<client>[^\s\[\]]+)\[(?P<address>[^\]]*)\](?::\d+)?"
_QUEUE_ID = r"(?P<queue_id>[0-9A-Za-z]{5,})"
# 3.10 and newer write NOQUEUE or the queue id in front of what ends a session.
_MAYBE_QUEUE_ID = r"(?:(?:NOQUEUE|[0-9A-Za-z]{5,}): )?"


class Feeds(Enum):
    """What a message is used for, besides being counted."""

    SESSION = auto()
    MESSAGE = auto()
    DELIVERY = auto()
    PROCESS_LIMIT = auto()
    START = auto()
    PROCESS_END = auto()
    COUNTER = auto()


@dataclass(frozen=True, slots=True)
class Message:
    """A row: `name` is the counter, `daemons` who writes it, `pattern` is matched from the text's begin."""

    name: str
    daemons: tuple[str, ...]
    pattern: re.Pattern[str]
    feeds: Feeds
    since: str
    source: str
    keys: tuple[str, ...] = ()
    peak: str = ""
    series: bool = False


def _row(name: str, daemons: str, pattern: str, feeds: Feeds, since: str, source: str) -> Message:
    return Message(name, tuple(daemons.split()), re.compile(pattern), feeds, since, source)


_S, _M, _C = Feeds.SESSION, Feeds.MESSAGE, Feeds.COUNTER
_DELIVERING = "smtp lmtp local virtual pipe error retry relay discard bounce"

# The order is that of frequency: the first row that matches wins.
MESSAGES: tuple[Message, ...] = (
    _row("connect", "smtpd", rf"connect from {_CLIENT}$", _S, "2.0", "smtpd/smtpd.c"),
    _row(
        "disconnect",
        "smtpd",
        rf"disconnect from {_CLIENT}(?P<counts>(?: [a-z]+=\d+(?:/\d+)?)*)(?: notes=\S+)?$",
        _S,
        "2.0; the counts 3.0",
        "smtpd/smtpd.c",
    ),
    _row(
        "client",
        "smtpd",
        rf"(?P<queue_id>NOQUEUE|[0-9A-Za-z]{{5,}}): client={_CLIENT}(?P<sasl>, sasl_)?",
        _S,
        "2.0",
        "smtpd/smtpd.c",
    ),
    _row(
        "lost-connection",
        "smtpd",
        rf"{_MAYBE_QUEUE_ID}lost connection after (?P<stage>\S+)(?: \([^)]*\))? from {_CLIENT}",
        _S,
        "2.0; the queue id 3.10",
        "smtpd/smtpd.c",
    ),
    _row(
        "timeout",
        "smtpd",
        rf"{_MAYBE_QUEUE_ID}timeout after (?P<stage>\S+)(?: \([^)]*\))? from {_CLIENT}",
        _S,
        "2.0; the queue id 3.10",
        "smtpd/smtpd.c",
    ),
    _row(
        "too-many-errors",
        "smtpd",
        rf"{_MAYBE_QUEUE_ID}too many errors after (?P<stage>\S+)(?: \([^)]*\))? from {_CLIENT}",
        _S,
        "2.0; the queue id 3.10",
        "smtpd/smtpd.c",
    ),
    _row(
        "reject",
        "smtpd",
        rf"(?:NOQUEUE|[0-9A-Za-z]{{5,}}): reject: (?P<stage>\S+) from {_CLIENT}: (?P<code>\d{{3}})",
        _S,
        "2.0",
        "smtpd/smtpd_check.c",
    ),
    _row(
        "proxy-accept",
        "smtpd",
        r"(?:NOQUEUE: )?proxy-accept: END-OF-MESSAGE: ",
        _S,
        "2.7",
        "smtpd/smtpd.c",
    ),
    _row("proxy-reject", "smtpd", r"(?:NOQUEUE: )?proxy-reject: ", _S, "2.7", "smtpd/smtpd.c"),
    _row(
        "milter-reject",
        "smtpd",
        r"(?:NOQUEUE|[0-9A-Za-z]{5,}): milter-(?:reject|hold|discard): (?P<stage>\S+) from ",
        _S,
        "2.7",
        "smtpd/smtpd.c",
    ),
    _row(
        "sasl-failure",
        "smtpd",
        rf"warning: {_CLIENT}: SASL \S+ authentication (?:failed|failure)",
        _S,
        "2.3",
        "smtpd/smtpd_sasl_glue.c",
    ),
    _row(
        "client-limit",
        "smtpd",
        r"warning: (?:Connection|Message delivery request|Recipient address|New TLS session|AUTH command)"
        r" (?:concurrency|rate) limit exceeded: \d+ from ",
        _S,
        "2.2",
        "smtpd/smtpd.c",
    ),
    _row(
        "policy-trouble",
        "smtpd",
        r"warning: (?:problem talking to server|timeout on) ",
        _S,
        "2.1",
        "util/attr_clnt.c",
    ),
    _row(
        "milter-trouble",
        "smtpd cleanup",
        r"warning: (?:connect to Milter service|milter \S+: )",
        _C,
        "2.3",
        "milter/milter8.c",
    ),
    _row(
        "proxy-trouble",
        "smtpd",
        r"warning: (?:(?:connect to|lost connection with|timeout talking to) proxy |proxy \S+ )",
        _C,
        "2.1",
        "smtpd/smtpd_proxy.c",
    ),
    _row(
        "connect-failure",
        "smtpd",
        r"warning: connect to \S+: ",
        _C,
        "2.1",
        "util/attr_clnt.c",
    ),
    _row(
        "name-does-not-resolve",
        "smtpd",
        r"warning: (?:hostname \S+ does not resolve to address |\S+: hostname \S+ verification failed)",
        _C,
        "2.0; this wording 2.9",
        "smtpd/smtpd_peer.c",
    ),
    _row(
        "tls-error",
        "smtpd",
        r"(?:warning: )?(?:SSL_accept error from |TLS library problem)",
        _C,
        "2.2",
        "tls",
    ),
    _row(
        "tls-connection",
        "smtpd smtp lmtp tlsproxy",
        r"\S+ TLS connection (?:established|reused) ",
        _C,
        "2.2",
        "tls/tls_misc.c",
    ),
    _row(
        "pipelining",
        "smtpd",
        r"(?:warning: )?improper command pipelining after ",
        _C,
        "2.6",
        "smtpd/smtpd.c",
    ),
    # What `-v` behind a program in master.cf, or debug_peer_list, adds to the log: each line that is spoken.
    _row(
        "dialogue",
        "smtpd smtp lmtp",
        r"[<>] [^\s\[\]]+\[[^\]]*\](?::\d+)?: ",
        _C,
        "2.0",
        "smtpd/smtpd_chat.c",
    ),
    _row("non-smtp-command", "smtpd", r"warning: non-SMTP command from ", _C, "2.3", "smtpd/smtpd.c"),
    _row(
        "reject-warning",
        "smtpd",
        r"(?:NOQUEUE|[0-9A-Za-z]{5,}): "
        r"(?:reject_warning|hold|discard|filter|redirect|prepend|warn|info|permit): ",
        _C,
        "2.0",
        "smtpd/smtpd_check.c",
    ),
    _row(
        "dns-list-error",
        "smtpd",
        r"warning: (?:\S+: (?:RBL|TXT) lookup error: |Unable to look up )",
        _C,
        "2.0",
        "smtpd/smtpd_check.c",
    ),
    _row("haproxy-trouble", "smtpd postscreen", r"warning: haproxy read: ", _C, "2.10", "haproxy_srvr.c"),
    _row(
        "restriction-warning",
        "smtpd",
        r"warning: (?:restriction \S+ after \S+ is ignored|support for restriction |"
        r"unknown smtpd restriction:)",
        _C,
        "2.0; the removals 3.9",
        "smtpd/smtpd_check.c",
    ),
    _row(
        "queue-space",
        "smtpd cleanup",
        r"warning: (?:[0-9A-Za-z]+: queue file size limit exceeded|not enough free space|queue_minfree\()",
        _C,
        "2.3",
        "smtpd/smtpd.c",
    ),
    _row("postscreen-connect", "postscreen tlsproxy", r"CONNECT from \[", _C, "2.8", "postscreen"),
    _row("postscreen-pass", "postscreen", r"PASS (?:OLD|NEW) \[", _C, "2.8", "postscreen"),
    _row("postscreen-disconnect", "postscreen tlsproxy", r"DISCONNECT \[", _C, "2.8", "postscreen"),
    _row("postscreen-hangup", "postscreen", r"HANGUP after \S+ from \[", _C, "2.8", "postscreen"),
    _row(
        "postscreen-violation",
        "postscreen",
        r"(?:PREGREET \d+ after |COMMAND (?:TIME LIMIT|COUNT LIMIT|LENGTH LIMIT|PIPELINING) from |"
        r"BARE NEWLINE from |NON-SMTP COMMAND from |(?:DATA|BDAT) without valid RCPT from )",
        _C,
        "2.8",
        "postscreen/postscreen_smtpd.c",
    ),
    _row("postscreen-dns-rank", "postscreen", r"DNSBL rank \d+ for \[", _C, "2.8", "postscreen"),
    _row(
        "postscreen-list",
        "postscreen",
        r"(?:(?:ALLOW|DENY|WHITE|BLACK)LISTED|(?:ALLOW|WHITE)LIST VETO) \[",
        _C,
        "2.8; the new names 3.6",
        "postscreen/postscreen.c",
    ),
    _row(
        "postscreen-full",
        "postscreen",
        r"(?:NOQUEUE: )?reject: (?:CONNECT|connect) from \[[^\]]*\]:\d+: "
        r"(?:all server ports busy|too many connections|all screening ports busy)",
        _C,
        "2.8",
        "postscreen/postscreen.c",
    ),
    _row("postscreen-reject", "postscreen", r"NOQUEUE: reject: ", _C, "2.8", "postscreen"),
    _row("postscreen-stress", "postscreen", r"(?:entering|leaving) STRESS mode ", _C, "2.8", "postscreen"),
    _row(
        "postscreen-trouble",
        "postscreen",
        r"warning: (?:getpeername: |cannot (?:connect to|pass connection to) service |"
        r"timeout sending connection to service |dnsblog reply timeout )",
        _C,
        "2.8",
        "postscreen/postscreen_send.c",
    ),
    _row("dns-list-hit", "dnsblog", r"addr \S+ listed by domain ", _C, "2.8", "dnsblog/dnsblog.c"),
    _row(
        "dns-list-failure",
        "dnsblog",
        r"warning: \S+: lookup error for DNS query ",
        _C,
        "2.8",
        "dnsblog/dnsblog.c",
    ),
    _row("cache-cleanup", "postscreen verify", r"cache \S+ \S+ cleanup: ", _C, "2.8", "util/dict_cache.c"),
    _row("message-id", "cleanup", rf"{_QUEUE_ID}: (?:resent-)?message-id=", _M, "2.0", "cleanup"),
    _row(
        "content-reject",
        "cleanup",
        rf"{_QUEUE_ID}: (?:milter-)?reject: ",
        _M,
        "2.0",
        "cleanup/cleanup_message.c",
    ),
    _row(
        "content-action",
        "cleanup",
        rf"{_QUEUE_ID}: (?:warning|hold|discard|filter|prepend|redirect|replace|strip|info|milter-\w+|bcc): ",
        _C,
        "2.0",
        "cleanup/cleanup_message.c",
    ),
    _row(
        "canceled",
        "cleanup",
        rf"{_QUEUE_ID}: removed \((?:canceled|discarded)\)",
        _C,
        "3.10",
        "cleanup/cleanup_api.c",
    ),
    _row(
        "queue-active",
        "qmgr",
        rf"{_QUEUE_ID}: from=<.*>, size=(?P<size>\d+), nrcpt=(?P<recipients>\d+) \(queue active\)",
        _M,
        "2.0",
        "qmgr/qmgr_active.c",
    ),
    _row("removed", "qmgr", rf"{_QUEUE_ID}: removed", _M, "2.0", "qmgr/qmgr_active.c"),
    _row(
        "expired",
        "qmgr",
        rf"{_QUEUE_ID}: from=<.*>, status=(?:force-)?expired, returned to sender",
        _C,
        "2.0; force-expired 3.5",
        "qmgr/qmgr_active.c",
    ),
    _row(
        "active-queue-share",
        "qmgr",
        r"warning: mail for .* is using up ",
        _C,
        "2.0",
        "qmgr/qmgr_entry.c",
    ),
    _row(
        "transport-failure", "qmgr", r"warning: (?:transport|private/)\S* ", _C, "2.0", "qmgr/qmgr_deliver.c"
    ),
    _row(
        "delivery",
        _DELIVERING,
        rf"{_QUEUE_ID}: to=<(?P<recipient>.*?)>, relay=(?P<relay>\S+),(?: conn_use=\d+,)?"
        r" delay=[\d.]+, delays=(?P<a>[\d.]+)/(?P<b>[\d.]+)/(?P<c>[\d.]+)/(?P<d>[\d.]+),"
        r"(?: tls=[^,]*,)? dsn=(?P<dsn>[\d.]+), status=(?P<status>[a-z]+)",
        Feeds.DELIVERY,
        "2.3; tls= 3.11",
        "global/log_adhoc.c",
    ),
    _row("connect-to-failure", "smtp lmtp", r"connect to \S+: ", _C, "2.0", "smtp/smtp_connect.c"),
    _row(
        "remote-reply",
        "smtp lmtp",
        rf"{_QUEUE_ID}: (?:host \S+ (?:said|refused)|lost connection with|conversation with|enabling PIX)",
        _C,
        "2.0",
        "smtp/smtp_trouble.c",
    ),
    _row(
        "bounce",
        "bounce",
        rf"{_QUEUE_ID}: (?:sender|postmaster) (?:non-delivery|delay|delivery status|notification failed)",
        _C,
        "2.3; the failure 3.11",
        "bounce",
    ),
    _row("pickup", "pickup", rf"{_QUEUE_ID}: uid=\d+ from=<", _M, "2.0", "pickup/pickup.c"),
    _row(
        "process-limit",
        "master",
        r'warning: service "(?P<entry>[^"]+)" \(.*\) has reached its process limit "(?P<limit>\d+)"',
        Feeds.PROCESS_LIMIT,
        "2.3",
        "master/master_avail.c",
    ),
    _row(
        "process-limit-advice",
        "master",
        r"warning: (?:to avoid this condition, increase the process count|see https?://www.postfix.org/STRESS)",
        _C,
        "2.3; the reference 2.5",
        "master/master_avail.c",
    ),
    _row(
        "process-end",
        "master",
        r"warning: process \S+ pid (?P<pid>\d+) (?:exit status|killed by signal) ",
        Feeds.PROCESS_END,
        "2.0",
        "master/master_spawn.c",
    ),
    _row("throttling", "master", r"warning: .* -- throttling", _C, "2.0", "master/master_spawn.c"),
    _row(
        "start",
        "master",
        r"daemon started -- version (?P<version>\S+), ",
        Feeds.START,
        "2.0",
        "master/master.c",
    ),
    _row("reload", "master", r"reload -- version ", _C, "2.0", "master/master.c"),
    _row("stop", "master", r"terminating on signal ", Feeds.START, "2.0", "master/master.c"),
    _row(
        "script",
        "postfix-script",
        r"(?:starting|stopping|refreshing|waiting for|the Postfix mail system)",
        _C,
        "2.0",
        "conf/postfix-script",
    ),
    _row("anvil-maximum", "anvil", r"statistics: max ", _C, "2.2", "anvil/anvil.c"),
    _row(
        "connection-cache",
        "scache",
        r"statistics: (?:start interval|domain lookup|address lookup|max simultaneous) ",
        _C,
        "2.2",
        "scache/scache.c",
    ),
    _row("unapproved-table", "proxymap", r"warning: request for unapproved table: ", _C, "2.1", "proxymap"),
    _row(
        "domain-in-two-classes",
        "trivial-rewrite",
        r"warning: do not list domain \S+ in BOTH ",
        _C,
        "2.0",
        "trivial-rewrite/resolve.c",
    ),
    _row(
        "table-trouble",
        "*",
        r"(?:warning|error): (?:\S+ is unavailable\. |unsupported dictionary type: |"
        r"dict_(?:ldap|mysql|pgsql)|(?:mysql|pgsql)(?::\S*)? query failed|connect to (?:mysql|pgsql) server |"
        r"\S+ lookup error for |\S+: table lookup problem|Berkeley DB support for )",
        _C,
        "2.0; unavailable 2.9, Berkeley DB 3.11",
        "util/dict_surrogate.c",
    ),
    _row(
        "settings-warning",
        "*",
        r"warning: (?:\S+, line \d+: overriding earlier entry|\S+: (?:unused|undefined) parameter|"
        r"database \S+ is older|support for )",
        _C,
        "2.x",
        "util/dict.c",
    ),
    _row("fatal", "*", r"(?:fatal|panic): ", _C, "2.0", "util/msg.c"),
    _row("backwards-compatible", "*", r"using backwards-compatible default setting ", _C, "3.0", "several"),
)

_BY_DAEMON: dict[str, tuple[Message, ...]] = {
    daemon: tuple(row for row in MESSAGES if daemon in row.daemons or "*" in row.daemons)
    for daemon in {daemon for row in MESSAGES for daemon in row.daemons}
}
_ANYBODY = _BY_DAEMON["*"]

# The programs that log under a tag of their own (facts of the stock master.cf and the command-line tools).
PROGRAMS = frozenset(
    """anvil bounce cleanup discard dnsblog error flush lmtp local master nqmgr oqmgr pickup pipe postalias
    postcat postconf postdrop postfix-script postkick postlock postlog postlogd postmap postmulti postqueue
    postscreen postsuper proxymap qmgr qmqpd scache sendmail showq smtp smtpd spawn tlsmgr tlsproxy
    trivial-rewrite verify virtual relay retry postfix""".split()
)


def recognise(daemon: str, text: str) -> tuple[Message, re.Match[str]] | None:
    """The row that matches a program's text, and the match; None when the grammar does not know it."""
    for message in _BY_DAEMON.get(daemon, _ANYBODY):
        if match := message.pattern.match(text):
            return message, match
    return None


def program_of(tag: str) -> str | None:
    """The daemon that logs under a tag; None when it is none of Postfix's."""
    head, slash, program = tag.rpartition("/")
    return program if slash and head and program in PROGRAMS else None
