"""Configurations in their private form, without asking the machine."""

from advisor.rehearsal.here import Here
from advisor.rehearsal.stage_values import Delays
from advisor.rehearsal.staging import Staged, TimeLimit, stage
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

HERE = Here(
    {"mail_owner": "postfix", "daemon_directory": "/usr/lib/postfix/sbin"},
    frozenset({"hash", "texthash", "static", "inline", "cidr", "regexp", "pcre", "proxy", "unionmap"}),
)
MASTER = "smtp inet n - n - 10 smtpd\ncleanup unix n - n - 0 cleanup\n"


def instance(main: str, master: str = MASTER, tables: dict[str, str] | None = None) -> Instance:
    given = tables or {}
    texts = {f"/etc/postfix/{name}": SourceFile(f"/copy/{name}", text) for name, text in given.items()}
    return Instance.of(
        SourceFile("/copy/main.cf", main),
        SourceFile("/copy/master.cf", master),
        Release.parse("3.7.11"),
        "told",
        table=texts.get,
    )


def staged(
    main: str,
    master: str = MASTER,
    *,
    delays: Delays | None = None,
    timeout: TimeLimit | None = None,
    service: str = "",
    tables: dict[str, str] | None = None,
) -> Staged:
    of = instance(main, master, tables)
    visited = of.service(service) or next(each for each in of.services if each.is_smtp_server)
    return stage(of, visited, HERE, delays or Delays(), timeout)


def again(found: Staged) -> Instance:
    """The private form, read as Postfix reads it."""
    return instance(found.files["main.cf"], found.files["master.cf"])
