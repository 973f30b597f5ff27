"""What programs say of tables, settings and the system under them, beyond the rows of common.py: written
seldom, by any of them.
"""

from advisor.logs.grammar.row import LEVEL, MAYBE_LEVEL, QUEUE_ID, Feeds, Message, row

ROWS: tuple[Message, ...] = (
    row(
        "table-data",
        "*",
        r"warning: (?:table \S+ (?:empty |key |lookup |nested )|(?:\S+: )?multi-valued \S+ (?:result|entry) |"
        r"\S+: duplicate entry: |\S+: \S+: \w+ lookup error -- ignoring the remainder|"
        r"\S+: unknown policy action: |"
        r"database \S+: I/O error)",
        "util/dict_file.c",
    ),
    row(
        "database-notice",
        "*",
        rf"{MAYBE_LEVEL}database \S+ (?:using size limit|pausing after|data for key|update failed|"
        r"delete failed|first/next support)",
        "util/dict_lmdb.c",
        "2.9",
    ),
    row(
        "table-library",
        "*",
        r"warning: (?:unknown MDB error|regexp file |map \S+ lookup key with|ambiguous match \(|dict pgsql: |"
        r"connect to TCP map|removing zero-length database|ni_open|dictionary has changed|"
        r"empty map specification|expected maptype:mapname|unknown search type|ICU library|empty macro name)",
        "util/dict_nisplus.c",
    ),
    row("accept-failure", "*", rf"{LEVEL}accept connection: ", "master/multi_server.c"),
    row("record-filtered", "*", r"ignoring DNS RR: ", "dns/dns_rr_filter.c", "3.0", series=True),
    row(
        "resolver-trouble",
        "*",
        r"warning: (?:extract_answer: |res_nsearch\(|negative caching disables|"
        r"one or more excess DNS_RR records)",
        "dns/dns_lookup.c",
    ),
    row("address-family", "*", r"(?:\S+: )?skipping address family \d", "util/inet_connect.c", "2.2"),
    # Written by others under the program's tag: rsyslog for equal lines that followed each other, and
    # libraries of the name service.
    row(
        "repeated",
        "*",
        r"(?:last )?message repeated (?P<times>\d+) times(?:: \[ ?(?P<repeated>.*)\])?",
        "rsyslog: $RepeatedMsgReduction",
        feeds=Feeds.REPEATED,
    ),
    row("name-service", "*", r"(?:gethostby\*\.getanswer: asked for |nss_\w+: )", "libc: resolver, nss"),
    row(
        "attribute-trouble",
        "*",
        r"warning: (?:attribute count exceeds limit|duplicate attribute |string length > \d|"
        r"timeout connecting to service|error (?:talking to|sending request to|receiving) |"
        r"sending file handle to|problem sending file handle|write/read |disabling connection caching|"
        r"\w+: (?:ignoring dsn code|close error|size mis-match))",
        "util/attr_scan0.c",
        series=True,
    ),
    row(
        "nfs-workaround",
        "*",
        r"sane_(?:link|rename)\(\S+\): worked around spurious NFS error",
        "util/sane_rename.c",
    ),
    row("clock-jump", "*", r"warning: (?:\w+ )?backward time jump", "util/sane_time.c", "2.3"),
    row(
        "system-limit",
        "*",
        r"warning: (?:ioctl TIOCNOTTY|setsid failed|(?:read|write)\(\) returns EAGAIN|pausing to avoid going|"
        r"could allocate space for only|this program was built for 32-bit|possible solution: recompile|"
        r"refusing to mkdir|(?:append|remove|expire) (?:file )?\S+: |.{1,60} while waiting for daemon|"
        r"host or service \S+ not found|ignoring interface with null netmask|resetting file time stamps|"
        r"stripping too many comments|command \"[^\"]*\" exited with status|"
        r"service ignores 'pass' connection)",
        "util/events.c",
    ),
    row(
        "library-version", "*", r"warning: Postfix library version mis-match", "global/mail_version.c", "2.6"
    ),
    row(
        "configuration-directory",
        "*",
        rf"{LEVEL}unauthorized configuration directory name: ",
        "global/mail_conf.c",
    ),
    row(
        "corrupt-queue-file",
        "*",
        r"warning: (?:corrupted queue file|bad mail queue name): ",
        "global/mark_corrupt.c",
    ),
    row("bounce-failed", "*", rf"{QUEUE_ID}status=deferred \(", "global/bounce.c"),
    row("passed-on", "*", rf"{QUEUE_ID}passing <", "global/deliver_pass.c"),
    row(
        "content-rule",
        "*",
        r"warning: (?:bad (?:DSN action|FILTER command|(?:\S+ )?header text|REDIRECT target|BCC address) |"
        r"ignoring bad DELAY argument|(?:PREPEND|REPLACE) action without text|unsupported command in |"
        r"the milter_header/body_checks )",
        "global/header_body_checks.c",
    ),
    row(
        "sasl-setup",
        "*",
        r"warning: (?:unsupported SASL \S+ implementation|failed to set Cyrus SASL|"
        r"incorrect SASL library version|(?:set )?per-session SASL )",
        "xsasl/xsasl_cyrus_server.c",
        "2.3",
    ),
    row(
        "bounce-template",
        "bounce",
        r"warning: (?:-- ignoring this template|please (?:increase|reduce) time unit|"
        r"for instructions see the bounce|request to send VERP-style)",
        "bounce/bounce_template.c",
        "2.3",
    ),
    row(
        "no-trace",
        "bounce",
        rf"{QUEUE_ID}not sending trace/success notification",
        "bounce/bounce_trace_service.c",
        "2.3",
    ),
    row(
        "local-trouble",
        "local virtual pipe",
        r'warning: (?:mailing list "|(?:service|host) not found: |error looking up passwd info|'
        r":include:|unknown home directory|remove \S+: )",
        "local/alias.c",
    ),
    row("master-exit", "master", r"master exit time has arrived", "master/master.c", "2.6"),
    row(
        "inet-disabled",
        "master",
        r'warning: disabling all type "inet" services',
        "master/master_ent.c",
        "2.6",
    ),
    row(
        "concurrency-feedback",
        "qmgr oqmgr",
        r"\S+: (?:\S+ feedback type|feedback |queue \S+ limit \d)",
        "qmgr/qmgr_feedback.c",
        "2.5",
    ),
    row(
        "queue-structure",
        "postsuper showq",
        rf"{LEVEL}(?:QUEUE FILE NAMES WERE|OPERATION INCOMPLETE|name/inode mismatch|remove subdirectory |"
        r"readdir loop on queue)",
        "postsuper/postsuper.c",
    ),
    row(
        "command-option",
        "sendmail postqueue postfix postmap postalias postcat postconf postkick",
        rf"{LEVEL}(?:ignoring -|option \S+ is deprecated|bad -\S option|bad syntax in -|"
        r"or the command is run|to submit mail, use|table \S+ should return|file contains multiple|"
        r"ignoring earlier request|unmatched |unknown 'postconf|Cannot contact class)",
        "sendmail/sendmail.c",
    ),
    row("option-ignored", "sendmail", r"-\w{1,2} option ignored$", "sendmail/sendmail.c"),
    row(
        "refused-update",
        "proxymap proxywrite",
        r"warning: (?:refusing \S+ (?:update|delete) request|unrecognized request: )",
        "proxymap/proxymap.c",
        "2.6",
    ),
    row(
        "rewrite-trouble",
        "trivial-rewrite",
        r"warning: (?:do not list \$|resolve_addr: |rewrite_addr: |unknown context|transport_lookup: |"
        r"bad command )",
        "trivial-rewrite/resolve.c",
    ),
    row("qmqp-session", "qmqpd", r"(?:dis)?connect from ", "qmqpd/qmqpd.c"),
    row("qmqp-client", "qmqpd", rf"{QUEUE_ID}client=", "qmqpd/qmqpd.c"),
)
