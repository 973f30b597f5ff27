"""The configuration of a private Postfix that a loop begins with. All paths are those of a rehearsal."""

from collections.abc import Mapping

from advisor.rehearsal.places import DATA, LOG, QUEUE, ROOT

SERVICE = "smtp/inet"
BEHIND_POSTSCREEN = "smtpd/pass"
DOMAIN = "lab.test"

_MAIN = f"""\
compatibility_level = 3.6
queue_directory = {QUEUE}
data_directory = {DATA}
maillog_file = {LOG}
maillog_file_prefixes = {ROOT}
inet_interfaces = 192.0.2.25
inet_protocols = ipv4
myhostname = mail.{DOMAIN}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
relay_domains = {DOMAIN}
relay_recipient_maps =
relay_transport = discard:
default_transport = discard:
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_helo_required = yes
disable_vrfy_command = yes
smtputf8_enable = no
biff = no
"""
_MASTER = """\
smtp inet n - n - {processes} smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def configuration(
    processes: int,
    *settings: str,
    names: bool = False,
    recipients: str = "",
    tables: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The files of a server with so many processes and further lines of main.cf. `names`: it looks up the
    names of clients. `recipients` is the table of those that it knows; without one, it takes all. `tables`
    are more files by name, in the folder of main.cf.
    """
    lines = settings if names else ("smtpd_peername_lookup = no", *settings)
    known = _MAIN.replace("relay_recipient_maps =", f"relay_recipient_maps = {recipients}".rstrip())
    main = known + "".join(f"{line}\n" for line in lines)
    return {"main.cf": main, "master.cf": _MASTER.format(processes=processes), **(tables or {})}


def screened(processes: int, *settings: str) -> dict[str, str]:
    """The files of a server behind postscreen(8), with so many processes."""
    files = configuration(processes, *settings)
    smtp = f"smtp inet n - n - {processes} smtpd\n"
    front = f"smtp inet n - n - 1 postscreen\nsmtpd pass - - n - {processes} smtpd\n"
    rest = "dnsblog unix - - n - 0 dnsblog\ntlsproxy unix - - n - 0 tlsproxy\n"
    return {**files, "master.cf": files["master.cf"].replace(smtp, front + rest)}


def with_options(files: Mapping[str, str], service: str, *options: str) -> dict[str, str]:
    """The same files with `-o` options for a service, which is named as its line begins: `smtp inet`."""
    lines = (
        "\n".join((line, *(f"  -o {each}" for each in options))) if line.startswith(f"{service} ") else line
        for line in files["master.cf"].splitlines()
    )
    return {**files, "master.cf": "\n".join(lines) + "\n"}


def with_service(files: Mapping[str, str], line: str, *options: str) -> dict[str, str]:
    """The same files with one more service, and its `-o` options."""
    more = {**files, "master.cf": f"{files['master.cf']}{line}\n"}
    return with_options(more, " ".join(line.split()[:2]), *options)
