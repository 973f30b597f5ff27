"""What `advisor postconf` does, without the machinery for other command lines: it starts fast.

Its own options stand before those of postconf(1), which begin with the first word that is none of them.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from advisor.errors import UsageError
from advisor.installed import asked_release
from advisor.postconf.run import run
from advisor.settings.host import Host
from advisor.settings.release import NEWEST


class Asked(msgspec.Struct, frozen=True):
    """Which release answers, and what is told of the host; empty where nothing is."""

    postfix_version: str = ""
    host_name: str = ""
    domain: str = ""
    networks: str = ""


_OPTIONS: Final = {f"--{name.replace('_', '-')}": name for name in Asked.__struct_fields__}


def without_own_options(arguments: Sequence[str]) -> tuple[Asked, list[str]]:
    """The options of `advisor postconf` itself, and the arguments of postconf(1) behind them.

    Raises UsageError for an option without its value.
    """
    asked, words = Asked(), list(arguments)
    while words:
        option, equals, value = words[0].partition("=")
        if option not in _OPTIONS:
            break
        del words[0]
        if not equals:
            if not words:
                raise UsageError("a value is missing", where=option, cure=f"write {option} VALUE")
            value = words.pop(0)
        asked = replace(asked, **{_OPTIONS[option]: value})
    return asked, words


def answer(asked: Asked, arguments: Sequence[str]) -> None:
    """Prints what postconf(1) would print; ends with its exit status."""
    release = asked_release(asked.postfix_version) if asked.postfix_version else NEWEST
    told = {"mydomain": asked.domain, "mynetworks": asked.networks}
    defaults = {name: value for name, value in told.items() if value}
    if folder := os.environ.get("MAIL_CONFIG"):
        arguments = ["-c", folder, *arguments]  # a -c of the caller stands behind it, and counts
    outcome = run(arguments, release=release, host=Host(defaults=defaults, name=asked.host_name or None))
    # The bytes of a configuration go through as they are, as they do in postconf(1).
    sys.stdout.flush()
    sys.stdout.buffer.write(outcome.stdout)
    sys.stdout.buffer.flush()
    for line in outcome.warnings:
        sys.stderr.write(line.decode("ascii") + os.linesep)
    sys.exit(outcome.status)
