"""What the delivery agents write: one line for every attempt, and what remote servers do to them."""

from advisor.logs.grammar.row import MAYBE_ID, Feeds, Message, row

DELIVERING = (
    "smtp lmtp local virtual pipe error retry relay discard bounce cleanup qmgr oqmgr nqmgr verify trace "
    "defer"
)
_NUMBER = r"[\d.e+-]+"

ROWS: tuple[Message, ...] = (
    # Releases before 2.3 wrote neither `delays=` nor `dsn=`.
    row(
        "delivery",
        DELIVERING,
        rf"(?P<queue_id>[0-9A-Za-z]{{5,}}): to=.*?, relay=(?P<relay>[^\s,]+),(?: conn_use=\d+,)?"
        rf"(?: delay={_NUMBER},)?"
        rf"(?: delays=(?P<a>{_NUMBER})/(?P<b>{_NUMBER})/(?P<c>{_NUMBER})/(?P<d>{_NUMBER}),)?"
        r"(?: tls=(?P<tls>[^,]*),)?(?: dsn=(?P<dsn>[\d.]+),)? status=(?P<status>[A-Za-z]+)(?P<reason> .*)?",
        "global/log_adhoc.c",
        "2.0; delays= 2.3; tls= 3.11",
        Feeds.DELIVERY,
        keys="status dsn reason",
        series=True,
    ),
    row(
        "connect-to-failure",
        "smtp lmtp",
        r"connect to \S+(?:: | server )(?P<reason>.*)",
        "smtp/smtp_connect.c",
        keys="reason",
        series=True,
    ),
    row(
        "remote-reply",
        "smtp lmtp",
        rf"{MAYBE_ID}(?P<what>host \S+ (?:said|refused|offers|did)|lost connection with|conversation with|"
        rf"enabling PIX|"
        r"breaking line|skipping SRV lookup|Server certificate|Protocol error|"
        r"SASL (?:\[CACHED\] )?authentication failed|SMTPUTF8 is required|local data error while talking|"
        r"mail for \S+ loops back|mail forwarding loop|"
        r"TLS is required|"
        r"Cannot start TLS|"
        r"non-ESMTP|delivering|timeout|enabling )",
        "smtp/smtp_trouble.c",
    ),
    row(
        "own-name",
        "smtp lmtp",
        r"warning: host \S+ (?:replied to HELO/EHLO|greeted me) with my own hostname",
        "smtp/smtp_proto.c",
    ),
    row("mailer-loop", "smtp lmtp", r"warning: mailer loop: ", "smtp/smtp_addr.c"),
    row(
        "no-mx-address",
        "smtp lmtp",
        r"warning: (?:no MX host for |no (?:SRV|usable) |relayhost |unable to look up host |"
        r"(?:smtp|lmtp)_\w+ )",
        "smtp/smtp_addr.c",
    ),
    row(
        "wrapper-mode-needed",
        "smtp lmtp",
        r"(?:SMTPS wrappermode|CLIENT wrappermode) \(",
        "smtp/smtp_connect.c",
        "3.0",
        series=True,
    ),
    row(
        "client-setup",
        "smtp lmtp",
        r"warning: (?:to prevent loss of mail, turn off|unix-domain name too long|bad EHLO SIZE limit|"
        r"bad size limit |"
        r"server \S+ violates |bad smtp_sasl_auth_cache|not compiled with TLS|nexthop domain |"
        r"flag `[DO]' requires )",
        "smtp/smtp_chat.c",
    ),
)
