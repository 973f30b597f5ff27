"""What else a daemon warns of. The rows are wide, so they come last: a line that is here has its daemon and
its samples, but no kind of its own.
"""

from advisor.logs.grammar.row import LEVEL, MAYBE_LEVEL, Message, row

_SCRIPTS = "postfix-script postfix postlog post-install postmulti postmulti-script postfix-files master"

ROWS: tuple[Message, ...] = (
    row(
        "cache-trouble",
        "postscreen verify tlsmgr",
        rf"{MAYBE_LEVEL}(?:\S+: )?(?:cache |dict_cache|(?:sharing the cache|read|write) \S+ )",
        "util/dict_cache.c",
        "2.8",
    ),
    row(
        "cleanup-warning",
        "cleanup",
        r"warning: (?:[0-9A-Za-z]{5,}: )?(?:unexpected (?:record|end|envelope)|bad (?:record|attribute|"
        r"milter)|"
        r"(?:header|mime|nested)_\S+ |unknown command in |cleanup_\w+: |sender_bcc|recipient_bcc|stripping|"
        r"\S+ (?:map )?entry |message \S+ |conflicting |missing )",
        "cleanup/cleanup_envelope.c",
    ),
    row(
        "queue-tool",
        "postsuper postqueue postdrop sendmail postcat showq",
        r"warning: (?:bogus |-f option |the Postfix |unable to look up |mail system |premature |"
        r"(?:Postfix|queue) |Mail system is down|stale |unreadable |not |no |\S+: (?:message|file|"
        r"invalid|malformed) )",
        "postdrop/postdrop.c",
    ),
    row(
        "smtp-warning",
        "smtp lmtp",
        r"warning: (?:[0-9A-Za-z]{5,}: )?(?:host \S+|SASL |[^\s\[]+\[[^\]]*\](?::\d+)?:? |TLS policy |"
        r"TLSA|DANE|DNSSEC|"
        r"reason: dnssec_probe|dnssec|smtp_\w+|connect to \S+:|SMTPUTF8|getpeername|cannot |protocol|"
        r"\S+ service|tls_policy|invalid TLS|ignoring)",
        "smtp/smtp_proto.c",
    ),
    row(
        "mailbox-trouble",
        "local virtual pipe",
        r"warning: (?:maildir access problem|perhaps you need to create |"
        r"specify \"strict_mailbox_ownership|"
        r"recipient \S+: |mailbox \S+|required alias|pipe_command|(?:file|directory) \S+ |not owned|"
        r"\S+ is not owned|"
        r"biff_notify|\S+: (?:address with illegal|open|file|group|no |bad |could not|unable|"
        r"destination|owner|user)|"
        r"[0-9A-Za-z]{5,}: |unable to |no |set-?[ug]id |bad |alias |expected |cannot |open \S+|"
        r"(?:group or other|non-owner|world) |lock \S+|uid|local_|virtual_|(?:access|create|link|write|"
        r"unlink|stat) )",
        "local/maildir.c",
    ),
    row(
        "master-trouble",
        "master",
        rf"{MAYBE_LEVEL}(?:unix_trigger|inet_trigger|unix_connect|fifo_trigger|pass_trigger|master_wakeup|"
        r"ignoring |to change |old value|new value|\S+: line \d+|service \S+ |duplicate |bind |unlink |"
        r"process |connect |inet_addr|accept|kill|chdir|problem |no such |all |master_\w+: )",
        "master/master_wakeup.c",
    ),
    row(
        "script-warning",
        _SCRIPTS,
        r"(?:warning|error): (?:not owned by |not set-gid |group or other writable|symlink |"
        r"\S+ and \S+ differ|"
        r"undefined|unused|unknown|damaged|no |file |missing |/\S+|mail |\S+ (?:is|has|does) |stale |"
        r"Postfix |please |have |backup|the |set-gid|unable to create missing |stopping |Replace one by )",
        "conf/postfix-script",
    ),
    row(
        "proxymap-warning",
        "proxymap proxywrite",
        r"warning: (?:to approve |bogus |unexpected |proxymap|proxywrite|\S+: )",
        "proxymap/proxymap.c",
        "2.1",
    ),
    row(
        "small-service",
        "flush spawn showq anvil scache discard error retry verify dnsblog bounce pickup",
        r"warning: (?:unexpected |unrecognized |exec |command |bad |unknown |unable |\S+: |premature |"
        r"malformed |"
        r"wrong |cannot |no |ignoring |flush_|recipient |discarding |invalid )",
        "flush/flush.c",
    ),
    row(
        "tls-cache",
        "tlsmgr",
        rf"{MAYBE_LEVEL}(?:open \S+ TLS cache |exiting to reopen |tlsmgr_\w+: |request to update |"
        rf"redirecting the request|"
        r"(?:write|lookup|delete|put|get) \S+ |close |cannot |entropy|\S+ TLS |seed|re-?reading|unable|"
        r"wake|"
        r"random|PRNG|reading|no |read |open )",
        "tlsmgr/tlsmgr.c",
        "2.2",
    ),
    row(
        "system-trouble",
        "*",
        r"warning: (?:watchdog|time |clock|set_eugid|out of memory|no space|Too many|system|load|"
        r"file descriptor|"
        r"\S+: (?:No space|Permission denied|No such file|Too many|Cannot allocate|Connection|Operation|"
        r"Is a|Not a)|"
        r"file (?:system|has)|(?:flock|fcntl|lock|mmap|fsync|ftruncate|stat|lstat|mkdir|chmod|chown|"
        r"link|rename|unlink)\b|"
        r"group or other|not owned|symlink|process |killed |unsafe |cannot |can't |"
        r"redirecting the request to |"
        r"request to update )",
        "util/watchdog.c",
    ),
    row(
        "message-warning",
        "smtpd cleanup qmgr oqmgr smtp lmtp local virtual pipe pickup bounce showq",
        r"warning: [0-9A-Za-z]{5,}: (?:message (?:rejected|not accepted|dated)|ignoring |bad |spurious |"
        r"(?:multi-line )?response longer than |host \S+ |unknown |malformed |missing |duplicate |"
        r"error writing |"
        r"(?:Bad|Milter|Milter or header/body_checks) |(?:bounce|trace|verify|defer) \S+ \S+|no |non-|"
        r"\S+ (?:\S+ )?(?:map )?lookup (?:error|problem)|smtp (?:header|body) checks lookup error|"
        r"undeliverable postmaster |postmaster notice failed|unreasonable |uid=\d+: |"
        r"removed spurious |BDAT request from |null BDAT |the \S+ security level |cannot )",
        "cleanup/cleanup_envelope.c",
    ),
    # Only functions of the source have names of words joined by `_` before a colon.
    row(
        "function-warning",
        "*",
        rf"{LEVEL}[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?:\[\d+\]| ?\([^()]*\))?: ",
        "util/msg.c",
    ),
)
