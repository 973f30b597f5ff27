"""Which entries of master.cf master(8) runs: not those that master_service_disable names.

Knowledge: get_master_ent() in src/master/master_ent.c, src/global/match_service.c; `smtp` and `25` were tried
with Postfix 3.7.11.
"""

from collections.abc import Iterable, Sequence

from advisor.settings.listening import SHARES_PORTS, host_and_port, port_number
from advisor.settings.release import Release
from advisor.syntax.master_cf import ServiceEntry


def enabled(entries: Iterable[ServiceEntry], disabled: Sequence[str], release: Release) -> list[ServiceEntry]:
    """The entries that count, in file order: of those that are the same service, the last.

    `disabled` are the elements of master_service_disable.
    """
    asked = [entry for entry in entries if not _is_disabled(entry, disabled)]
    last = {identity(entry, release): entry for entry in asked}
    return [entry for entry in asked if last[identity(entry, release)] is entry]


def identity(entry: ServiceEntry, release: Release) -> tuple[str, str]:
    """What two entries have in common that are one service: from 3.6 on, `smtp` and `25` are one port."""
    if entry.type != "inet" or release < SHARES_PORTS:
        return entry.name, entry.type
    host, port = host_and_port(entry.name)
    return f"{host}:{port_number(port)}", entry.type


def _is_disabled(entry: ServiceEntry, patterns: Sequence[str]) -> bool:
    """The first pattern that fits decides: `type` or `name/type`, with `!` for those that run after all."""
    for pattern in patterns:
        wanted = pattern.lstrip("!")
        if "/" not in wanted and "." in wanted:  # name.type, the form of 2.6 to 3.2
            wanted = "/".join(wanted.rsplit(".", 1))
        if wanted.lower() == (entry.key if "/" in wanted else entry.type).lower():
            return (len(pattern) - len(pattern.lstrip("!"))) % 2 == 0
    return False
