"""What `-v` behind a program in master.cf adds: the name of a function of the source and what it does, and
the attributes that programs tell each other. A log with it is many times as long, and worth a word.
"""

from advisor.logs.grammar.row import QUEUE_ID, Message, row

ROWS: tuple[Message, ...] = (
    # Only functions of the source have names of words joined by `_` before a colon.
    row(
        "verbose-function",
        "*",
        r"(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?:\[\d+\]| ?\([^()]*\))?|fsspace): ",
        "util/msg.c",
    ),
    row(
        "verbose-attribute",
        "*",
        r"(?:send attr |input attribute |(?:\S+ ){0,8}\S+: wanted attribute: |event: SMF|reply: SMF)",
        "util/attr_scan0.c",
    ),
    row(
        "verbose-step",
        "*",
        r"(?:>>> (?:START|END|CHECKING) |<<< |connection (?:established|closed)|"
        r"(?:before|after) \S+: cleanup flags|initial envelope |extracted envelope |cleanup flags = |"
        r"(?:report|abort|free|inspect content by|disconnect event to|send|receive|query) "
        r"(?:\S+ )*(?:all|\d+) milters|report unknown command|query milter states for |"
        r"skipping (?:non-protocol event|event |reply for event|\S+ setting)|milter \S+: event mask|"
        r"process generation: |idle timeout -- exiting|master disconnect -- |time to retire|got sigchld|"
        r"connect to subsystem |\S+ stream disconnect|deliver_message: |record [A-Z] |"
        r"(?:start|end) (?:sorted recipient|move queue)|defer (?:site|transport) |wakeup \S+ after |"
        r"\S+: trying: |\S+ ~\? |\S+: \S+ ~\? |\S+: \S+: no match|(?:PUSH|POP) boundary |"
        r"daemon started$|rewrite socket: |proxymap socket: |loaded \S+ = )",
        "util/match_list.c",
    ),
    row(
        "verbose-library",
        "*",
        r"(?:chroot \S+ user |setugid: uid \d|fd=\d+: stream buffer size |trying\.\.\. \[|"
        r"argv_attr_(?:print|scan) (?:count|ret)=|begin tls_proxy_\w+|(?:Read|Write) \d+ chars: |"
        r"pausing to let (?:file )?\S+ cool down|dict_proxy_open\(|lookup \S+ type \S+ flags |"
        r"(?:mysql|pgsql) host_init: |[^\s:]+ asciified to |source=\S+ address=\S+ |origin=\S+ name=\S+ |"
        r"running: |"
        r"\w+ cache cleanup will start after \d|(?:free|override) milter |override \S+ macro list |"
        r"[^\s:]+:\S+ (?:lookup|update|delete|sequence): |dnssec_probe |flush_(?:purge|refresh)$)",
        "util/dict_debug.c",
    ),
    row(
        "verbose-smtp",
        "smtp lmtp posttls-finger",
        r"(?:(?:begin|end) \S+ address list|pref +-?\d+ host |connecting to \S+ port \d|"
        r"host name lookup methods: |server features: 0x|(?:starting new|disposing) SASL |v6_target=\d|"
        r"TLSRPT support: |\S+ TLS level: |Using \S+ PIPELINING, TCP send buffer size )",
        "smtp/smtp_connect.c",
    ),
    row(
        "verbose-smtpd",
        "smtpd",
        r"(?:Relaying allowed for |permit_mx_primary|un\w+_tempfail_action = )",
        "smtpd/smtpd_check.c",
    ),
    row(
        "verbose-cleanup",
        "cleanup smtpd",
        r"(?:(?:enter|leave) \w+_\w+$|event: [^;]*; macros:|reply: \S+ data \d+ bytes|masquerade: \S+ -> |"
        r"\S+: add name=|open incoming/|garbage in (?:primary|nested|multipart) header$)",
        "cleanup/cleanup_masquerade.c",
    ),
    row(
        "verbose-message",
        "qmgr oqmgr pickup",
        rf"{QUEUE_ID}(?:recipient limit \d|read [A-Z] )",
        "qmgr/qmgr_message.c",
    ),
    row(
        "verbose-queue",
        "qmgr oqmgr flush",
        r"(?:done \S+ queue scan|enable (?:site|transport) |old-style scan record |qmgr_enable_all$|"
        r"request(?: ignored$|: \d+ \()|site \S+ to path )",
        "qmgr/qmgr_scan.c",
    ),
    # The attributes of a delivery, one a line (local/deliver_attr.c).
    row(
        "verbose-delivery",
        "local virtual",
        r"(?:(?:level|path|fp|offset|sender|recipient|domain|local|user|extension|unmatched|owner|delivered|"
        r"relay|why): |forward delivered=|spool_uid/gid )",
        "local/deliver_attr.c",
    ),
    row(
        "verbose-master",
        "master",
        r"(?:====(?:start|end) service entry|(?:name|type|flags|wakeup|path|children|next|arg\[\d+\]): |"
        r"(?:spawn|throttling|throttle released for) command |start conditional timer for |status_fd \d)",
        "master/master_ent.c",
    ),
    row(
        "verbose-service",
        "anvil verify trivial-rewrite tlsmgr proxymap proxywrite",
        r"(?:--- (?:start|end) request ---|anvil_\w+ |client socket not found |(?:GOT|PUT|PROBE) \S+ status=|"
        r"`[^']*' |wildcard_\{chan:hop\}=|received master trigger|(?:allow|white)listing \S+ from )",
        "anvil/anvil.c",
    ),
    row(
        "verbose-postscreen",
        "postscreen",
        r"(?:PASS (?:\w+ ){1,3}test \[|(?:DROP|ENFORCE|FAIL|UNFAIL|UNPASS|SKIP(?: \S+){0,5}) \[|[<>] \[|"
        r"flags for |skip \S+ test for \[|\S+ -> \d+$)",
        "postscreen/postscreen_state.c",
        "2.8",
    ),
)
