"""What smtpd writes of its clients, of filters and of policy servers (src/smtpd)."""

from advisor.logs.grammar.row import (
    ANY_ID,
    CLIENT,
    ENHANCED,
    LEVEL,
    MAYBE_ID,
    MAYBE_LEVEL,
    SOME_ID,
    Feeds,
    Message,
    row,
)

_S = Feeds.SESSION
_AFTER = rf"after (?P<stage>\S+)(?: \([^)]*\))? from {CLIENT}"
_ENDING = "2.0; the queue id 3.10"

# The order is that of frequency: the first row that matches wins.
ROWS: tuple[Message, ...] = (
    row("connect", "smtpd", rf"connect from {CLIENT} *$", "smtpd/smtpd.c", feeds=_S, series=True),
    row(
        "disconnect",
        "smtpd",
        rf"disconnect from {CLIENT}(?P<counts>(?: [a-z]+=\d+(?:/\d+)?)*)(?: notes=\S+)? *$",
        "smtpd/smtpd.c",
        "2.0; the counts 3.0",
        _S,
    ),
    row(
        "client",
        "smtpd",
        rf"{SOME_ID}client={CLIENT}(?P<sasl>, sasl_)?(?:method=(?P<mechanism>[^,\s]+))?",
        "smtpd/smtpd.c",
        feeds=_S,
        keys="mechanism",
        series=True,
    ),
    row(
        "lost-connection",
        "smtpd",
        rf"{MAYBE_ID}lost connection {_AFTER}",
        "smtpd/smtpd.c",
        _ENDING,
        _S,
        keys="stage",
        series=True,
    ),
    row(
        "timeout",
        "smtpd",
        rf"{MAYBE_ID}timeout {_AFTER}",
        "smtpd/smtpd.c",
        _ENDING,
        _S,
        keys="stage",
        series=True,
    ),
    row(
        "too-many-errors",
        "smtpd",
        rf"{MAYBE_ID}too many errors {_AFTER}",
        "smtpd/smtpd.c",
        _ENDING,
        _S,
        keys="stage",
        series=True,
    ),
    row(
        "reject",
        "smtpd",
        rf"{MAYBE_ID}reject: (?P<stage>\S+) from {CLIENT}: (?P<code>\d{{3}}){ENHANCED}(?P<reason> .*)?",
        "smtpd/smtpd_check.c",
        feeds=_S,
        keys="stage code enhanced reason",
        series=True,
    ),
    row(
        "proxy-accept",
        "smtpd",
        rf"{MAYBE_ID}proxy-accept: (?P<stage>\S+)(?: from \S+)?: (?P<code>\d{{3}})?",
        "smtpd/smtpd.c",
        "2.7",
        _S,
        keys="code",
    ),
    row(
        "proxy-reject",
        "smtpd",
        rf"{MAYBE_ID}proxy-reject: (?P<stage>\S+)(?: from \S+)?: (?P<code>\d{{3}})?{ENHANCED}(?P<reason>.*)",
        "smtpd/smtpd.c",
        "2.7",
        _S,
        keys="stage code enhanced reason",
    ),
    row(
        "milter-reject",
        "smtpd",
        rf"{ANY_ID}milter-(?P<action>reject|hold|discard): (?P<stage>\S+) from [^\s\[]+\[[^\]]*\](?::\d+)?:"
        rf"(?: (?P<code>\d{{3}}))?{ENHANCED}(?P<reason>.*)",
        "smtpd/smtpd.c",
        "2.7",
        _S,
        keys="action stage code enhanced reason",
        series=True,
    ),
    row(
        "sasl-failure",
        "smtpd",
        rf"warning: {CLIENT}: SASL (?:(?P<mechanism>\S+) )?authentication (?:failed|failure|aborted)",
        "smtpd/smtpd_sasl_glue.c",
        "2.3",
        _S,
        keys="mechanism",
        series=True,
    ),
    row(
        "client-limit",
        "smtpd",
        r"warning: (?P<kind>Connection concurrency|Connection rate|Message delivery request rate|"
        r"Recipient address rate|New TLS session rate|"
        r"AUTH command rate) limit exceeded: (?P<number>\d+) from ",
        "smtpd/smtpd.c",
        "2.2; AUTH 3.1",
        _S,
        keys="kind",
        peak="number",
        series=True,
    ),
    row(
        "policy-trouble",
        "smtpd",
        r"warning: (?:problem talking to server|timeout on) (?P<server>\S*[^\s:])",
        "util/attr_clnt.c",
        "2.1",
        _S,
        keys="server",
        series=True,
    ),
    row(
        "milter-trouble",
        "smtpd cleanup",
        r"warning: (?:connect to Milter service (?P<milter>\S+): |"
        r"milter \S+: (?P<problem>can't read|protocol version|unreasonable packet length|)|"
        r"Milter service |error (?:connecting|closing|initializing) |"
        r"(?:Postfix|milter) (?:milter|service)|ignoring milter |Ignoring bad ESMTP parameter |"
        r"(?:[0-9A-Za-z]{5,}: )?milter configuration error: )",
        "milter/milter8.c",
        "2.3",
        keys="milter problem",
        series=True,
    ),
    row(
        "proxy-trouble",
        "smtpd",
        r"warning: (?:(?P<problem>connect to|lost connection with|timeout talking to) proxy |proxy \S+ |"
        r"got error from proxy |received garbage from proxy |speed-adjust |"
        r"(?:remove|seek|truncate) before-queue filter )",
        "smtpd/smtpd_proxy.c",
        "2.1",
        keys="problem",
        series=True,
    ),
    row(
        "connect-failure",
        "smtpd",
        r"warning: connect to \S+: (?P<reason>.*)",
        "util/attr_clnt.c",
        "2.1",
        keys="reason",
    ),
    row(
        "name-does-not-resolve",
        "smtpd",
        r"warning: (?:hostname \S+ does not resolve to address |"
        r"\S+: (?:\S+: )?hostname \S+ verification failed|"
        r"\S+: address not listed for hostname )",
        "smtpd/smtpd_peer.c",
        "2.0; this wording 2.9",
        series=True,
    ),
    row(
        "pipelining",
        "smtpd",
        rf"{MAYBE_LEVEL}improper command pipelining after (?P<stage>\S+)",
        "smtpd/smtpd.c",
        "2.6",
        keys="stage",
    ),
    row(
        "non-smtp-command",
        "smtpd",
        r"warning: (?:non-SMTP command from |\S+ sent non-SMTP command: )",
        "smtpd/smtpd.c",
        "2.3",
    ),
    row(
        "header-instead-of-command",
        "smtpd",
        r"warning: (?:\S+: |\S+ )?(?:sent (?:\S+ )?(?:header|message header)|"
        r"\S+ sent \S+ (?:header|command)) instead of SMTP command",
        "smtpd/smtpd.c",
    ),
    row("address-syntax", "smtpd", r"warning: Illegal address syntax from ", "smtpd/smtpd.c", "2.1"),
    row(
        "long-request",
        "smtpd",
        rf"warning: (?:{CLIENT}|smtpd_chat_query: \S+): request longer than ",
        "smtpd/smtpd_chat.c",
    ),
    row(
        "reject-warning",
        "smtpd",
        rf"{MAYBE_ID}(?P<action>reject_warning|hold|discard|filter|redirect|prepend|warn|info|permit|"
        rf"bcc|delay|trace|"
        r"defer_if_permit|defer_if_reject): (?P<stage>\S*)",
        "smtpd/smtpd_check.c",
        keys="action stage",
    ),
    row(
        "dns-list-error",
        "smtpd",
        r"warning: (?:\S+: (?:RBL|TXT) lookup error: |\S+: unknown RBL |Unable to look up )",
        "smtpd/smtpd_check.c",
        series=True,
    ),
    row(
        "haproxy-trouble",
        "smtpd postscreen",
        r"warning: (?:haproxy read: |short protocol header: |cannot send \S+ to |smtpd_peer_from_haproxy)",
        "global/haproxy_srvr.c",
        "2.10",
    ),
    row(
        "restriction-warning",
        "smtpd",
        r"warning: (?:restriction \S+ (?:after \S+ )?is ignored|support for restriction |"
        r"unknown smtpd restriction:|access table |restriction `|\S+: empty |"
        r"restriction \S+ (?:is deprecated|must be followed by|requires|returns OK|bad argument)|"
        r"(?:define a restriction class|do not specify lookup tables|this is not allowed for security|"
        r"use DUNNO instead of OK|See earlier parsing error) |\S+ is requested, but \"|"
        r"(?:SMTP reply|DSN detail|rbl response) code configuration error|"
        r"parameter \S+ |mismatched |no valid )",
        "smtpd/smtpd_check.c",
        "2.0; the removals 3.9",
    ),
    row(
        "queue-space",
        "smtpd cleanup",
        r"warning: (?:[0-9A-Za-z]+: (?:queue file size limit exceeded|skipping further)|"
        r"not enough free space|queue_minfree\()",
        "smtpd/smtpd.c",
        "2.3",
    ),
    row(
        "discarding-keywords",
        "smtpd smtp lmtp postscreen",
        r"(?:\[[^\]]*\](?::\d+)?: )?discarding EHLO keywords: ",
        "smtpd/smtpd.c",
        "2.2",
    ),
    row(
        "replaced-command",
        "smtpd postscreen smtp lmtp",
        r'\S+: replacing (?P<what>command|server reply) "',
        "smtpd/smtpd.c",
        "2.7",
        keys="what",
    ),
    row("dsn-mapped", "smtpd", r"mapping DSN status ", "smtpd/smtpd_dsn_fix.c", "2.3"),
    row("tls-abort", "smtpd", rf"{MAYBE_ID}abort: TLS from ", "smtpd/smtpd.c", "2.11"),
    row(
        "tls-refused",
        "smtpd",
        r"warning: Refusing (?:STARTTLS|TLS service) request from ",
        "smtpd/smtpd.c",
        "2.8",
        series=True,
    ),
    row("etrn-refused", "smtpd", r"warning: (?:reject: |bad |do not use )ETRN ", "smtpd/smtpd.c"),
    row("postmaster-notice", "smtpd smtp lmtp", r"warning: postmaster notify: ", "smtpd/smtpd_chat.c"),
    row(
        "server-setup",
        "smtpd tlsproxy qmqpd",
        rf"{LEVEL}(?:Both \S+ and one or more of the legacy|Need a server cert|Can't require client certs|"
        r"don't know (?:if|what) |\S+ is true, but SASL support|"
        r"ignoring non-empty \S+ setting behind|smtpd_proxy \S+ support|"
        r"incorrect (?:SMTP|QMQP) server privileges)",
        "smtpd/smtpd.c",
    ),
    row(
        "wrapper-mode",
        "smtpd",
        r"warning: Wrapper-mode request dropped from ",
        "smtpd/smtpd.c",
        "2.9",
    ),
    # What `-v` behind a program in master.cf, or debug_peer_list, adds to the log: each line that is spoken.
    row(
        "dialogue",
        "smtpd smtp lmtp",
        r"[<>](?:[<>]{2})? [^\s\[\]]+\[[^\]]*\](?::\d+)?: ",
        "smtpd/smtpd_chat.c",
    ),
)
