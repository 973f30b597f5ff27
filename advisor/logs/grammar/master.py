"""What master, its scripts and the services behind the mail flow write."""

from advisor.logs.grammar.row import Feeds, Message, row

_SCRIPTS = "postfix-script postfix postlog post-install postmulti postmulti-script postfix-files master"

ROWS: tuple[Message, ...] = (
    row(
        "process-limit",
        "master",
        r'warning: service "(?P<entry>[^"]+)" \(.*\) has reached its process limit "(?P<limit>\d+)"',
        "master/master_avail.c",
        "2.3",
        Feeds.PROCESS_LIMIT,
        keys="entry",
        peak="limit",
        series=True,
    ),
    row(
        "process-limit-advice",
        "master",
        r"warning: (?:to avoid this condition, increase the process count|"
        r"see https?://www.postfix.org/STRESS)",
        "master/master_avail.c",
        "2.3; the reference 2.5",
    ),
    row(
        "process-end",
        "master",
        r"warning: process (?P<program>\S+) pid (?P<pid>\d+) (?P<how>exit status|"
        r"killed by signal) (?P<status>\d*)",
        "master/master_spawn.c",
        feeds=Feeds.PROCESS_END,
        keys="program how status",
        series=True,
    ),
    row(
        "throttling",
        "master",
        r"warning: (?:\w+: fork: (?P<fork>[A-Za-z ]+)|.*) -- throttling",
        "master/master_spawn.c",
        keys="fork",
        series=True,
    ),
    row(
        "start",
        "master",
        r"daemon started(?: -- version (?P<version>[^\s,]+))?",
        "master/master.c",
        feeds=Feeds.START,
    ),
    row("reload", "master", r"reload (?:-- version |configuration)", "master/master.c", series=True),
    row("stop", "master", r"terminating on signal ", "master/master.c", feeds=Feeds.START),
    row(
        "script",
        _SCRIPTS,
        r"(?:postfix/postlog: |postfix/postfix-script: |\S+/post\w+: |starting|stopping|refreshing|"
        r"waiting for|aborting|flushing|the Postfix mail system|"
        r"Postfix (?:is|mail)|"
        r"stopped|continuing|checking|creating|removing|setting|forcibly|Terminating|instance|pid)",
        "conf/postfix-script",
    ),
    row(
        "anvil-maximum",
        "anvil",
        r"statistics: max (?P<kind>connection rate|connection count|message rate|recipient rate|"
        r"newtls rate|"
        r"auth rate|cache size) (?P<number>\d+)(?:/\d+s)?"
        r"(?: for \((?P<service>(?:\[[^\]]*\]:|\d+\.\d+\.\d+\.\d+:)?[^:)]*))?",
        "anvil/anvil.c",
        "2.2; newtls 2.3; auth 3.1",
        keys="kind service",
        peak="number",
    ),
    row(
        "connection-cache",
        "scache",
        r"statistics: (?P<kind>start interval|domain lookup|address lookup|max simultaneous) ",
        "scache/scache.c",
        "2.2",
        keys="kind",
    ),
    row(
        "unapproved-table",
        "proxymap",
        r"warning: request for unapproved table: ",
        "proxymap/proxymap.c",
        "2.1",
    ),
    row(
        "reindexed",
        "nbdb_reindexd",
        r"(?:successfully executed '|target file '[^']*' already exists)",
        "nbdb_reindexd/nbdb_process.c",
        "3.11",
    ),
    row(
        "reindex-failed",
        "nbdb_reindexd",
        r"warning: request to index \S+ failed: ",
        "nbdb_reindexd/nbdb_reindexd.c",
        "3.11",
        series=True,
    ),
    row(
        "domain-in-two-classes",
        "trivial-rewrite",
        r"warning: do not list domain \S+ in BOTH ",
        "trivial-rewrite/resolve.c",
    ),
)
