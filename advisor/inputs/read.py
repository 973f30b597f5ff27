"""What a request names -> the configuration to judge: a folder, a bundle, or text that postconf(1) printed.

Nothing is run and nothing is written.
"""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from advisor.errors import UsageError, unreadable
from advisor.inputs.archive import is_archive
from advisor.inputs.bundle import Bundle, read_bundle
from advisor.inputs.printed import printed_defaults, printed_main, printed_master, printed_table_types
from advisor.installed import installed_release
from advisor.logs.source import LogText
from advisor.settings.given import Form, Given
from advisor.settings.host import Host
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.standard_input import standard_input

STDIN = "-"
DEFAULT_PATH = "/etc/postfix"


class Named(msgspec.Struct, frozen=True):
    """The names that were given: `path` is a folder, a main.cf, a bundle or `-`; the others are files with
    what postconf(1) printed, `-` for standard input, or empty. `primary` is the folder of the instance that
    names this one as a further one of the same machine, or empty.
    """

    path: str = DEFAULT_PATH
    postconf_n: str = ""
    master: str = ""
    defaults: str = ""
    table_types: str = ""
    primary: str = ""


class Inputs(msgspec.Struct, frozen=True):
    """A configuration whose release is still to be settled.

    `mail_version` is what the configuration's own host says, and `told_by` how; both empty where nothing
    does. `logs` came with it. `is_own`: it is the configuration of this machine's Postfix.
    """

    instance: Callable[[Release, str], Instance]
    mail_version: str = ""
    told_by: str = ""
    logs: tuple[LogText, ...] = ()
    is_own: bool = False


def read_inputs(named: Named, *, memory: int | None = None, stdin_is_taken: bool = False) -> Inputs:
    """The inputs of a request. `memory` in bytes was told, `stdin_is_taken`: a log comes from there.

    Raises AdvisorError for what cannot be read, or cannot be meant together.
    """
    _must_fit(named, stdin_is_taken=stdin_is_taken)
    host = Host(
        defaults=printed_defaults(*_read(named.defaults)) if named.defaults else None,
        table_types=printed_table_types(*_read(named.table_types)) if named.table_types else None,
        memory=memory,
    )
    told = (host.defaults or {}).get("mail_version", "")
    if named.path == STDIN or named.postconf_n:
        return _printed(named, host, told)
    path = Path(named.path)
    if is_archive(path):
        return _bundled(read_bundle(path), host, told)
    if named.primary:  # it has the primary's programs, and a folder of its own
        host = msgspec.structs.replace(
            host, defaults={**(host.defaults or {}), "config_directory": str(path)}
        )
    installed = installed_release(Path(named.primary or folder_of(named.path)))

    def read(release: Release, source: str) -> Instance:
        return Instance.read(path, release, source, host=host, is_own=bool(installed))

    source = "--defaults" if told else "the installed programs"
    return Inputs(read, told or installed, source, is_own=bool(installed))


def folder_of(path: str) -> Path:
    """The folder of a configuration that is named by it, or by its main.cf; raises no error."""
    named = Path(path)
    return named if os.path.isdir(path) else named.parent  # noqa: PTH112 - it is False where one may not look


def _must_fit(named: Named, *, stdin_is_taken: bool) -> None:
    if named.postconf_n and named.path not in (DEFAULT_PATH, STDIN):
        raise UsageError(
            "--postconf-n stands in place of the folder, and both are given",
            where=named.path,
            cure="leave one of them out",
        )
    if named.postconf_n and named.path == STDIN and named.postconf_n != STDIN:
        raise UsageError("'-' and --postconf-n name two configurations", cure="leave one of them out")
    if named.master and not named.postconf_n and named.path != STDIN:
        raise UsageError(
            "--master goes with --postconf-n or '-'", cure="a folder's own master.cf is read without it"
        )
    main = named.postconf_n or (STDIN if named.path == STDIN else "")
    if [main, named.master, named.defaults, named.table_types].count(STDIN) + stdin_is_taken > 1:
        raise UsageError("standard input can be one thing only", cure="put the others into files")


def _read(name: str) -> tuple[str, bytes]:
    """What to call the file, and its bytes."""
    if name == STDIN:
        return "standard input", standard_input().read()
    try:
        return name, Path(name).read_bytes()
    except OSError as error:
        raise unreadable(error, name) from error


def _printed(named: Named, host: Host, told: str) -> Inputs:
    name, data = _read(named.postconf_n or STDIN)
    main = printed_main("postconf -n" if name == "standard input" else name, data)
    master = printed_master(*_read(named.master)) if named.master else None
    given = Given(Form.PRINTED, name, stock_services=master is None, unread=main.unread)

    def build(release: Release, source: str) -> Instance:
        return Instance.of(main.source, master, release, source, host=host, given=given)

    return Inputs(build, told or main.mail_version, "--defaults" if told else "mail_version in the text")


def _bundled(bundle: Bundle, host: Host, told: str) -> Inputs:
    own = bundle.host

    def build(release: Release, source: str) -> Instance:
        both = Host(
            host.defaults or own.defaults,
            host.table_types or own.table_types,
            host.memory or own.memory,
            own.processors,
            own.open_files,
            own.somaxconn,
        )
        return Instance.of(
            bundle.main, bundle.master, release, source, host=both, given=bundle.given, table=bundle.table
        )

    version = (own.defaults or {}).get("mail_version", "")
    source = "--defaults" if told else "the bundle's postconf -d"
    return Inputs(build, told or version, source, bundle.logs)
