"""What any program of Postfix may write: tables, settings, other services, and its end."""

from advisor.logs.grammar.row import FATAL, MAYBE_LEVEL, Message, row

ROWS: tuple[Message, ...] = (
    row("nis-domain", "*", r"warning: dict_nis_init: ", "util/dict_nis.c"),
    row(
        "stale-table",
        "*",
        r"warning: database (?P<table>\S+) is older than source file ",
        "util/dict_db.c",
        keys="table",
    ),
    row(
        "settings-warning",
        "*",
        r"warning: (?:\S+, line \d+: |\S+: (?:unused|undefined) parameter|\S+: (?:unsupported|no such|"
        r"overriding)|support for |undefined |unused |"
        r"inet_protocols: |(?:bad|unknown|obsolete|invalid|deprecated) (?:\S+ )?(?:parameter|setting|"
        r"value|name|keyword|attribute)|"
        r"non-\S+ characters|overriding |parameter |the \S+ (?:setting|parameter)|config variable|"
        r"\S+: (?:bad|invalid) \S+ value|specify |please (?:specify|use)|configuration |"
        r"(?:master|main)\.cf|compat|(?:default|max|min)_\w+|my(?:hostname|networks|origin|destination)|"
        r"(?:inet|proxy)_interfaces)",
        "util/dict.c",
        "2.x",
    ),
    row(
        "table-changed",
        "*",
        rf"{MAYBE_LEVEL}(?:lookup table|table \S+) has changed --? "
        r"(?:restarting|reopening|finishing|exiting)",
        "util/dict.c",
        series=True,
    ),
    row(
        "table-trouble",
        "*",
        r"(?:warning|error): (?:\S+ is unavailable\. |ldaps?://\S+ |unsupported dictionary type: |"
        r"dict_\w+|(?:mysql|pgsql|sqlite|ldap|mongodb|memcache|hash|btree|lmdb|cdb|texthash|regexp|"
        r"pcre|cidr|tcp|"
        r"socketmap|proxy|pipemap|unionmap|nis|static|inline|randmap)"
        r"(?::\S*)?:? (?:\(\S+\) )?(?:query failed|map|lookup|reconnect|connect|error|table|server|open|"
        r"locked|"
        r"duplicate|result|read|put|get|delete|\S+: )|connect to (?:mysql|pgsql) server |"
        r"\S+ lookup error for |(?:\S+: )?\S+: table lookup problem|\S+ lookup failure$|"
        r"Berkeley DB support for |"
        r"open (?:database )?\S+: |close database |open \S+\.(?:db|cdb|lmdb|dir)|"
        r"host \S+ is not (?:found|active)|(?:pgsql|mysql) |\S+ map lookup problem|\S+: (?:unexpected|"
        r"invalid) (?:query|reply)|"
        r"\S+: (?:unable|could not) to connect|proxymap |"
        r"(?:regexp|pcre|cidr) map |non-null host|\S+ (?:lookup|search) (?:error|failed))",
        "util/dict_surrogate.c",
        "2.0; unavailable 2.9, Berkeley DB 3.11",
        series=True,
    ),
    row(
        "database-close",
        "*",
        rf"{MAYBE_LEVEL}close database \S+: ",
        "util/dict_db.c",
    ),
    row(
        "name-syntax",
        "*",
        r"warning: (?:numeric |malformed |empty hostname|"
        r"valid_(?:hostname|hostaddr|mailhost|ipv4|ipv6|utf8)\w*: |"
        r"\S+(?: \S+)?: (?:numeric|malformed|illegal)|"
        r"(?:illegal|null|invalid|misplaced|hostname|domain|address) |"
        r"(?:dns_|get(?:addr|name|host)|res_|host(?:name|addr)?_)\w+:? |DNS |\S+ (?:record|"
        r"resource) |"
        r"idna|midna|conversion |reply |resolver|DNSSEC|reason: |non-terminal)",
        "util/valid_hostname.c",
    ),
    row(
        "service-trouble",
        "*",
        r"warning: (?:problem talking to (?:service|server) (?P<service>[^\s:]+)|"
        r"connect (?:#\d+ )?to (?:subsystem|service|transport|proxymap|private/|public/|rewrite|local)|"
        r"timeout on |timeout (?:while|exceeded|reading|writing|talking)|"
        r"(?:\S+ )?(?:premature|malformed|unexpected|missing|multiple|long|truncated)[ /].*|"
        r"unable to (?:connect|look up|contact|send|read|write|talk)|\S+: (?:premature|malformed|"
        r"unexpected|timeout|read|write|"
        r"connect|lost|unreasonable|recv|send)|"
        r"lost connection|private/\S+|public/\S+|(?:get|set)sockopt|(?:bounce|defer|trace|verify|flush|"
        r"cleanup|rewrite|"
        r"resolve|anvil)\w* (?:service|request|failure)|(?:un)?deliver\S* |"
        r"(?:write|read|send|recv|accept|open|close|fork|pipe|poll|kevent|epoll|select|sendmsg|recvmsg|"
        r"unix_\w+|inet_\w+)[\s:])",
        "global/mail_connect.c",
        keys="service",
        series=True,
    ),
    row(
        "sasl-library",
        "*",
        rf"{MAYBE_LEVEL}(?:SASL:? |xsasl|unknown SASL |bad per-session SASL |"
        rf"unable to open Berkeley db |sasl|unknown password verifier|"
        r"unable to (?:open|connect to) \S*sasl|auxprop|sql_select|sql plugin|sql auxprop|No worthy|"
        r"\S+: SASL |\w+ auxprop|looking for plugins|DIGEST-MD5|GSSAPI|OTP|NTLM|CRAM|"
        r"could not find auxprop|unable to dlopen |canonuserfunc |SCRAM|SRP|"
        r"_sasl|authentication |(?:begin|commit) transaction$)",
        "xsasl/xsasl_server.c",
        "2.3",
    ),
    row(
        "fatal",
        "*",
        rf"{FATAL}(?P<reason>.*)",
        "util/msg.c",
        keys="reason",
        series=True,
    ),
    row(
        "backwards-compatible",
        "*",
        rf"{MAYBE_LEVEL}(?:\S+: line \d+: )?[Uu]sing backwards-compatible default setting "
        r"(?P<setting>[^\s=]+)",
        "global/mail_params.c",
        "3.0",
        keys="setting",
    ),
    row(
        "compatibility-notice",
        "*",
        rf"{MAYBE_LEVEL}(?:Postfix is (?:running with|using) backwards-compatible|"
        r"[Ss]ee https?://www\.postfix\.org/|To disable backwards compatibility )",
        "conf/postfix-script",
        "3.0",
    ),
)
