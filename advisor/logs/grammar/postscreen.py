"""What postscreen, dnsblog and the caches of tests write (src/postscreen, src/dnsblog)."""

from advisor.logs.grammar.row import ENDPOINT, ENHANCED, MAYBE_ID, Message, row

ROWS: tuple[Message, ...] = (
    row(
        "postscreen-connect",
        "postscreen tlsproxy",
        r"CONNECT (?P<direction>from|to) \[",
        "postscreen/postscreen.c",
        "2.8",
        series=True,
    ),
    row(
        "postscreen-pass",
        "postscreen",
        r"PASS (?P<age>OLD|NEW) \[",
        "postscreen/postscreen_misc.c",
        "2.8",
        keys="age",
        series=True,
    ),
    row(
        "postscreen-disconnect",
        "postscreen tlsproxy",
        r"DISCONNECT \[",
        "postscreen/postscreen_misc.c",
        "2.8",
    ),
    row(
        "postscreen-hangup",
        "postscreen",
        rf"HANGUP after \S+ from {ENDPOINT}(?: in tests (?P<phase>before|after))?",
        "postscreen/postscreen.c",
        "2.8",
        keys="phase",
    ),
    row(
        "postscreen-violation",
        "postscreen",
        r"(?P<test>PREGREET|COMMAND TIME LIMIT|COMMAND COUNT LIMIT|COMMAND LENGTH LIMIT|COMMAND PIPELINING|"
        r"BARE NEWLINE|NON-SMTP COMMAND|DATA without valid RCPT|BDAT without valid RCPT)"
        r" (?:\d+ after \S+ )?from \[",
        "postscreen/postscreen_smtpd.c",
        "2.8",
        keys="test",
        series=True,
    ),
    row(
        "postscreen-dns-rank",
        "postscreen",
        r"DNSBL rank (?P<rank>-?\d+) for \[",
        "postscreen/postscreen_early.c",
        "2.8",
        keys="rank",
    ),
    row(
        "postscreen-list",
        "postscreen",
        r"(?P<verdict>(?:ALLOW|DENY|WHITE|BLACK)LISTED|(?:ALLOW|WHITE)LIST VETO) \[",
        "postscreen/postscreen.c",
        "2.8; the new names 3.6",
        keys="verdict",
    ),
    row(
        "postscreen-full",
        "postscreen",
        rf"{MAYBE_ID}reject: (?:CONNECT|connect) from {ENDPOINT}: "
        r"(?P<limit>all server ports busy|too many connections|all screening ports busy)",
        "postscreen/postscreen.c",
        "2.8",
        keys="limit",
        series=True,
    ),
    row(
        "postscreen-reject",
        "postscreen",
        rf"{MAYBE_ID}reject: (?P<stage>\S+) from {ENDPOINT}: (?:(?P<code>\d{{3}}){ENHANCED})?(?P<reason>.*)",
        "postscreen/postscreen_smtpd.c",
        "2.8",
        keys="stage code enhanced reason",
        series=True,
    ),
    row(
        "postscreen-stress",
        "postscreen",
        r"(?P<way>entering|leaving) STRESS mode with (?P<number>\d+)",
        "postscreen/postscreen_state.c",
        "2.8",
        keys="way",
        peak="number",
        series=True,
    ),
    row(
        "postscreen-trouble",
        "postscreen",
        r"warning: (?:getpeername: |cannot (?:connect to|pass connection to|receive) |"
        r"timeout sending connection to service |psc_dnsbl|"
        r"problem (?:talking|connecting) to |problem receiving |connect to \S+ service|unexpected |"
        r"\S+ service: |write \S+ to |send attributes to |(?:read|write) \S+: )",
        "postscreen/postscreen_send.c",
        "2.8",
        series=True,
    ),
    row(
        "dns-list-timeout",
        "postscreen",
        r"warning: dnsblog reply timeout \d+s for (?P<zone>\S+)",
        "postscreen/postscreen_dnsbl.c",
        "2.10",
        keys="zone",
        series=True,
    ),
    row(
        "slow-cache",
        "postscreen",
        r"warning: (?:psc_cache_\w+: )?\S+ (?:\S+ )?(?:lookup|update|delete|"
        r"lookup or update) average delay is (?P<number>\d+) ms",
        "postscreen/postscreen_misc.c",
        "2.8",
        peak="number",
    ),
    row(
        "cache-cleanup",
        "postscreen verify",
        r"cache \S+ \S+ cleanup: ",
        "util/dict_cache.c",
        "2.8",
    ),
    row(
        "dns-list-hit",
        "dnsblog",
        r"addr \S+ (?:listed|blocked) by domain (?P<zone>\S+) as (?P<answer>\S+)",
        "dnsblog/dnsblog.c",
        "2.8",
        keys="zone answer",
        series=True,
    ),
    row(
        "dns-list-failure",
        "dnsblog",
        r"warning: \S+: lookup error for DNS query "
        r"(?:(?:\d{1,3}\.){4}|(?:[0-9a-f]\.){32})?(?P<zone>\S+): (?P<reason>.*)",
        "dnsblog/dnsblog.c",
        "2.8",
        keys="zone reason",
        series=True,
    ),
)
