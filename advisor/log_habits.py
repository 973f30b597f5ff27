"""Where the mail log is, and so how to hand it over: the exact command.

The configuration tells of maillog_file (Postfix 3.4 and newer). Otherwise the system's logger decides: Debian
with rsyslog writes /var/log/mail.log, Red Hat and FreeBSD /var/log/maillog, openSUSE /var/log/mail; since
Debian 12 there is often the journal alone.
"""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from advisor.settings.given import Form
from advisor.settings.instance import Instance

_FILES = ("/var/log/mail.log", "/var/log/maillog", "/var/log/mail")
_JOURNAL = "/run/systemd/journal"
_JOURNALCTL = "journalctl -u 'postfix*' -o short-iso --since -2d"
# What maillog_file may also be: postlogd(8) in the foreground of a container (MAILLOG_README).
_STDOUT = "/dev/stdout"


def how_to_get_the_log(
    instance: Instance, named: Sequence[str], *, is_own: bool, root: Path = Path("/")
) -> str:
    """The command that checks the configuration `named` on the command line with its log, or words that lead
    to it.

    `is_own`: it is the configuration of this machine, so that its files may be looked at (below `root`).
    """
    if instance.given.form is Form.BUNDLE:
        return "collect it too: advisor collect --script --log-days 2 | ssh HOST sudo sh"
    words = [] if list(named) == ["/etc/postfix"] else [quote(each) for each in named]
    check = " ".join(["advisor check", *words, "--log"])
    setting = instance.setting("maillog_file")
    has_it = setting.parameter is not None and setting.parameter.exists_in(instance.release)
    named = setting.normal if has_it and setting.known else ""
    if named == _STDOUT:
        return f"pipe the log of the container into: {check} -"
    if named:
        return f"{check} {quote(named)}"
    if not is_own:
        return (
            f"{check} FILE, with the server's {_FILES[0]} (Debian), {_FILES[1]} (Red Hat), or what it prints "
            f"for: {_JOURNALCTL}"
        )
    present = next((file for file in _FILES if _is_file(root / file[1:])), "")
    if present:
        return f"{check} {present}"
    if (root / _JOURNAL[1:]).is_dir():
        return f"{_JOURNALCTL} | {check} -"
    return f"{check} FILE, with the file that syslogd writes for the facility mail"


def _is_file(path: Path) -> bool:
    """Whether a file is there, as far as one may look."""
    try:
        return path.is_file()
    except PermissionError:
        return False
