"""`postconf` without Postfix: the answer that the program of a release would give.

Knowledge: main() in src/postconf/postconf.c.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from advisor.postconf.machine import scope_on
from advisor.postconf.main_parameters import print_parameters, say_remarks, say_unused_names
from advisor.postconf.master_entries import Entry, as_master_cf, read_entries
from advisor.postconf.names import Names
from advisor.postconf.options import BadOption, Options, Show, parse
from advisor.postconf.reading import assignment, override, read_pairs
from advisor.postconf.remarks import Tables
from advisor.postconf.service_names import ServiceNames
from advisor.postconf.services import Mode, Style, print_services
from advisor.postconf.starting import say_what_stops_a_start
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.host import Host
from advisor.settings.release import Release
from advisor.syntax.main_cf import Assignment
from advisor.syntax.source import SourceFile

_FOLDER: Final = "/etc/postfix"
# What is in its buffer at a fatal error, postconf(1) never prints (VSTREAM_BUFSIZE in src/util/vstream.h).
_BUFFER: Final = 4096
_MODES: Final = {
    Show.ENTRIES: Mode.ENTRIES,
    Show.FIELDS: Mode.FIELDS,
    Show.PARAMETERS: Mode.PARAMETERS,
}


class Outcome(msgspec.Struct, frozen=True):
    """What postconf(1) would print on stdout, its lines on stderr, and its exit status.

    The warnings stand in the order in which they are said, which postconf(1) itself does not keep.
    """

    stdout: bytes
    warnings: tuple[bytes, ...]
    status: int


def run(argv: Sequence[str], *, release: Release, host: Host) -> Outcome:
    """The answer of that release to the arguments behind `postconf`.

    `host` may tell what that machine computes, such as myhostname; what it does not tell is printed as
    `$myhostname`. Raises UsageError for what is no printing of settings.
    """
    stderr = Stderr()
    printed: list[bytes] = []
    try:
        options = parse(argv, release)
        for piece in _answer(options, release, host, stderr):
            printed.append(piece)  # noqa: PERF402 - what is there when an error comes has been said
    except Fatal as error:
        if isinstance(error, BadOption):
            stderr.say(error.complaint)
        stderr.fatal(error)
        whole = b"".join(printed)
        return Outcome(whole[: max(0, len(whole) - 1) // _BUFFER * _BUFFER], tuple(stderr.lines), 1)
    return Outcome(b"".join(printed), tuple(stderr.lines), 0)


def _answer(options: Options, release: Release, host: Host, stderr: Stderr) -> Iterator[bytes]:
    """What is printed, in pieces: an error may come behind any of them. Raises Fatal."""
    folder = _FOLDER if options.folder is None else options.folder
    wants_services = options.show is not Show.MAIN
    master_path = f"{folder}/master.cf"
    master = _read(master_path)
    entries: tuple[Entry, ...] = ()
    if wants_services:
        entries = _entries(master, release, stderr)
    main = {} if options.defaults else _main_cf(options, folder, release, stderr)
    if not wants_services:
        try:
            entries = _entries(master, release, stderr)
        except _NoFile as missing:
            stderr.warn(str(missing))
    tree = as_master_cf(entries) if isinstance(master, SourceFile) else None
    names = Names(scope_on(host, release, main, tree), tree, options.defaults)
    tables = Tables(folder, release, options.quiet)
    services = ServiceNames(entries, names, master_path, tables)
    if not options.defaults:
        services = replace(services, entries=services.scan(stderr))
        say_what_stops_a_start(names, stderr)
        say_remarks(names, f"{folder}/main.cf", tables, stderr)
        names = names.without_read_only()
    if wants_services:
        style = Style(
            options.fold,
            options.hide_names,
            options.hide_values,
            (lambda text, entry: services.expand(text, entry, stderr)) if options.expand else None,
        )
        yield from print_services(services.entries, _MODES[options.show], options.names, style, stderr)
    else:
        yield from print_parameters(names, options, stderr)
    if options.defaults or options.quiet:
        return
    if not wants_services:
        say_unused_names(names, f"{folder}/main.cf", stderr)
    services.warn_of_unused(stderr)


class _NoFile(Fatal):
    """A file that cannot be opened."""


def _read(path: str) -> SourceFile | _NoFile:
    try:
        return SourceFile.from_bytes(path, Path(os.fsdecode(path)).read_bytes())
    except OSError as error:
        return _NoFile(f"open {path}: {error.strerror}")
    except ValueError:  # a NUL in the name
        return _NoFile(f"open {path}: No such file or directory")


def _entries(master: SourceFile | _NoFile, release: Release, stderr: Stderr) -> tuple[Entry, ...]:
    if isinstance(master, _NoFile):
        raise master
    return read_entries(master, release, stderr)


def _main_cf(
    options: Options, folder: str, release: Release, stderr: Stderr
) -> Mapping[str, tuple[Assignment, ...]]:
    """The last assignment of each name, -c and -o among them."""
    main = _read(f"{folder}/main.cf")
    if isinstance(main, _NoFile):
        raise main
    preset = {} if options.folder is None else {"config_directory": folder}
    values = read_pairs(main, release, stderr, preset)
    values.update(override(text) for text in options.overrides)
    return {name: (assignment(name, value),) for name, value in values.items()}
