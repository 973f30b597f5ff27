"""The free text of rejects, deferrals, bounces and errors -> a small closed set of classes.

Half of these texts are those of other people's servers, so words are looked for, not whole messages. What is
in <> or quotes was chosen by a client and is left out; so are addresses and the names of their hosts.
"""

import re
from functools import lru_cache

# Addresses that stand alone, a host as NAME[ADDRESS], a name that was looked up: what columns.c leaves out
# of a template, too.
IPV4 = r"(?<![0-9A-Za-z.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9A-Za-z]|\.\d)"
IPV6 = r"(?<![0-9A-Za-z.:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?![0-9A-Za-z:]|\.\d)"
HOST = r"(?<![\w.-])[\w.-]*\[[0-9A-Fa-f.:]*\]|(?<= name=)[\w.-]+"
_ADDRESS = re.compile(rf"{IPV4}|{IPV6}")
_HOST = re.compile(HOST)
_DOTS, _COLONS = 3, 2  # of an address
# What a client chose: addresses and names, and the list of them behind a reject of smtpd.
# All alternatives begin with a letter of their own: the search skips everything else.
_CHOSEN = re.compile(r"<[^<>]*>|\"[^\"]*\"|'[^']*'|\[[^\[\]]*\]")
_TAIL = re.compile(r"; (?:from=<|proto=|client=|to=<)")
# Reasons are short; a bounced message that quotes a page is not read to its end.
_LONGEST = 600

# class -> words, in lower case, between bars; the first class that has one wins. Specific ones stand first.
_CLASSES: tuple[tuple[str, str], ...] = (
    ("watchdog", "watchdog timeout"),
    (
        "suspended",
        "delivery temporarily suspended|mail transport unavailable|unknown mail transport error",
    ),
    (
        "relay-denied",
        (
            "relay access denied|relaying denied|relay not permitted|unable to relay|"
            "not permitted to relay|relaying not allowed|we do not relay"
        ),
    ),
    (
        "configuration-error",
        (
            "server configuration error|server configuration problem|configuration error|"
            "loops back to myself|unsupported dictionary type|bad numerical|bad configuration|"
            "unknown configuration|config variable|main.cf|master.cf|"
            "no sasl authentication mechanisms|specify at least one working instance"
        ),
    ),
    (
        "greylisted",
        (
            "greylist|greylisted|graylist|grey-list|try again in|postgrey|"
            "temporarily deferred due to greylisting"
        ),
    ),
    (
        "tls-required",
        (
            "must issue a starttls|tls is required|encryption required|requires tls|"
            "requires encryption|server certificate not|cannot start tls|tls handshake|"
            "tls not available|server certificate|tls-required|starttls first|sts policy"
        ),
    ),
    (
        "auth-required",
        (
            "authentication required|not logged in|not owned by user|sasl authentication failed|"
            "login required|authentication credentials|must authenticate|smtp auth"
        ),
    ),
    (
        "mailbox-full",
        (
            "mailbox full|mailbox is full|over quota|quota exceeded|out of storage|inbox is full|"
            "quotaexceeded|storage space|mailbox size|over the quota|exceeded storage|"
            "insufficient mailbox"
        ),
    ),
    (
        "storage",
        (
            "insufficient system storage|insufficient disk|no space left|queue file write error|"
            "not enough free space|disk full|file too large|read-only file system|"
            "error writing message"
        ),
    ),
    (
        "size",
        (
            "message size exceeds|message too big|message too large|size limit|message file too big|"
            "exceeds size|maximum message size|too large"
        ),
    ),
    (  # an error that a list told by an address, and Postfix took for a listing
        "dns-list-refused",
        "error: open resolver|spamhaus.org/returnc/",
    ),
    (
        "dns-list",
        (
            "blocked using|blocklist|blacklist|block list|black list|denylist|dnsbl|rbl|spamhaus|"
            "spamcop|barracuda|sorbs|uceprotect|listed in|listed by|listed at"
        ),
    ),
    (
        "lost-connection",
        (
            "lost connection|connection reset|broken pipe|connection closed|end of file|"
            "premature end|conversation with|connection dropped"
        ),
    ),
    (
        "connection-refused",
        "connection refused",
    ),
    (
        "connection-timed-out",
        "connection timed out|operation timed out|timed out while|timed out|timeout",
    ),
    (
        "network-unreachable",
        (
            "network is unreachable|no route to host|host is unreachable|host is down|"
            "address not available|cannot assign requested address|address family not supported|"
            "network unreachable|host unreachable"
        ),
    ),
    (
        "no-mx-address",
        "valid address record|nullmx|null mx|does not accept mail|no mx",
    ),
    (
        "dns-failure",
        (
            "name service error|host or domain name not found|host not found|dns error|"
            "domain not found|name or service not known|temporary failure in name resolution|"
            "malformed dns server reply|malformed or unexpected name server reply|"
            "unable to look up host|non-recoverable|name server"
        ),
    ),
    (
        "lookup-failure",
        (
            "temporary lookup failure|lookup failure|lookup error|table lookup|map lookup|"
            "open database|unable to look up|user unknown (lookup|lookup problem|unavailable. "
        ),
    ),
    (
        "unknown-client",
        (
            "cannot find your hostname|cannot find your reverse hostname|reverse dns|ptr record|"
            "ptr lookup|client host rejected: cannot|fcrdns|no ptr|rdns"
        ),
    ),
    (
        "helo",
        "helo command rejected|ehlo command rejected|helo|send helo|ehlo",
    ),
    (
        "sender-domain",
        (
            "sender address rejected: domain|sender address rejected|malformed dns|domain of sender|"
            "sender domain|need fully-qualified address|sender verify|unverified sender|"
            "undeliverable sender"
        ),
    ),
    (
        "unknown-user",
        (
            "user unknown|unknown user|no such user|does not exist|recipient not found|"
            "no such recipient|unknown recipient|no mailbox|mailbox not found|mailbox unavailable|"
            "invalid recipient|recipient address rejected: undeliverable|unverified recipient|"
            "unrouteable|no such mailbox|address unknown|account disabled|account is disabled|"
            "inactive|addressee unknown|user not found|unknown or illegal alias|user doesn't|"
            "doesn't exist|not a valid|no such address|not our customer|recipient unknown|"
            "undeliverable address|recipientnotfound|address not found|bad destination mailbox|"
            "unknown address|unknown local part|no account|not found"
        ),
    ),
    (  # before what else there may be too many of
        "loop",
        "too many hops|hop count|forwarding loop|routing loop",
    ),
    (
        "remote-rate-limit",
        (
            "rate limit|rate-limit|ratelimit|too many|too much mail|throttl|too fast|exceeded the|"
            "exceeds the|receiving mail at a rate|concurrency|unusual rate|try again later|"
            "limit exceeded|temporarily deferred|limited|maximum number|concurrent"
        ),
    ),
    (
        "remote-reputation",
        (
            "reputation|poor |low reputation|unsolicited mail originating|banned|blocked|dmarc|"
            "spf|dkim|unauthenticated|not rfc 5322|suspicious|senderscore|complaints"
        ),
    ),
    (
        "spam-content",
        "spam|virus|content|infected|malware|phish|message rejected|unwanted|junk|banned",
    ),
    (
        "protocol",
        (
            "protocol error|pipelining|bare <lf>|bare newline|syntax error|bad command|"
            "command rejected|error: |need rcpt|need mail|malformed|illegal|bad syntax|invalid|"
            "not implemented|improper"
        ),
    ),
    (
        "policy",
        (
            "access denied|policy|rejected|refused|denied|not allowed|not accepted|prohibited|"
            "not authorized|administrative|forbidden|5.7.1|restricted"
        ),
    ),
    (
        "milter",
        "milter|service unavailable|try again later",
    ),
    (
        "loop",
        "loop",
    ),
    (
        "unavailable",
        (
            "unavailable|temporarily|not available|try later|service currently|server busy|busy|"
            "internal error|local error|system problem|temporary"
        ),
    ),
    (
        "delivery-failure",
        (
            "permission denied|command died|command output|command time limit|can't|cannot|could not|"
            "unable to|failed|failure"
        ),
    ),
)
_SIGNS = tuple((name, tuple(words.split("|"))) for name, words in _CLASSES)

CLASSES = frozenset({name for name, _ in _CLASSES} | {"other", ""})


def reason_class(text: str) -> str:
    """The class of a reason's text: one of CLASSES, "" for no text at all."""
    words = _TAIL.split(text[:_LONGEST], maxsplit=1)[0]
    if "[" in words or " name=" in words:
        words = _HOST.sub(" ", words)
    words = _CHOSEN.sub(" ", words)
    if words.count(".") >= _DOTS or words.count(":") >= _COLONS:
        words = _ADDRESS.sub("", words)
    return _class_of(words.strip().lower())


# What is left repeats: a log has few texts, and many lines of each.
@lru_cache(maxsize=4096)
def _class_of(words: str) -> str:
    if not words:
        return ""
    return next((name for name, signs in _SIGNS if any(sign in words for sign in signs)), "other")
