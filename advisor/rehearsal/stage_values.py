"""The values of a configuration for the private Postfix: what asks others asks stand-ins, the rest stays.

Knowledge: postconf(5); SMTPD_ACCESS_README, SMTPD_POLICY_README, MILTER_README, SMTPD_PROXY_README.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.restrictions import RESTRICTION_LISTS, takes_argument
from advisor.rehearsal.here import Here
from advisor.rehearsal.scene import Role, StandIn
from advisor.rehearsal.stage_tables import Tables, Use
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue, split_items

# Ports from here on are those of stand-ins; a listener of the configuration that has one of them keeps it.
_FIRST_PORT = 20001
_HOST = "127.0.0.1"
_POLICY = "check_policy_service"
_RECIPIENTS = frozenset({"relay_recipient_maps", "virtual_mailbox_maps"})
_WITH_FILES = frozenset(
    """mydestination mynetworks relay_domains smtpd_authorized_xclient_hosts smtpd_authorized_xforward_hosts
    smtpd_client_event_limit_exceptions virtual_alias_domains virtual_mailbox_domains""".split()
)
# Text for people: a word with a colon in it is no table.
_TEXTS = re.compile(r".*(_banner|_footer|_reason|_reply|_header|_name)$")
# What asks another program, or another host.
_OUTSIDE = re.compile(
    r"(?<![\w:])(?:(?:unix|local|ldaps?|mysql|pgsql|mongodb|memcache|tcp|socketmap|nis|nisplus|netinfo):\S"
    r"|inet:(?!127\.0\.0\.1:\d+(?![\w.:-])))"
)


class Delays(msgspec.Struct, frozen=True):
    """After how many seconds stand-ins answer; how many messages a filter takes at a time, or 0."""

    policy: float = 0.0
    milter: float = 0.0
    filter: float = 0.0
    resolver: float = 0.0
    filter_workers: int = 0


class Values:
    """The values of one configuration, one service of which is visited: in main.cf, and behind `-o`."""

    def __init__(self, instance: Instance, visited: Service, here: Here, delays: Delays) -> None:
        self.instance, self.visited, self.delays = instance, visited, delays
        self.tables = Tables(instance, here)
        self.stand_ins: dict[tuple[Role, str], StandIn] = {}
        self.notes: dict[str, None] = {}
        self._classes = _words(instance, "smtpd_restriction_classes")

    def value(self, name: str, service: Service | None, written: str) -> str | None:
        """What the name has in place of what is written; None where it has to go."""
        expanded = self.instance.setting(name, service).normal
        has_tables = any(map(self.tables.is_table, split_items(expanded)))
        if not self._is_postfix_own(name):
            # Whatever refers to it and names a table or a program is written out.
            return None if has_tables or reaches_out(f"{written} {expanded}") else written
        rewritten = self.rewritten(name, service)
        if rewritten == expanded and not ("$" in written and has_tables) and not reaches_out(written):
            return written
        if reaches_out(rewritten):
            self.notes[f"{name}: left out, for it asks others"] = None
            return None
        return rewritten

    def rewritten(self, name: str, service: Service | None) -> str:
        """The value without references to other names, and with what stands in for others."""
        expanded = self.instance.setting(name, service).normal
        found = " ".join(self._rewritten(name, expanded))
        return expanded if split_items(found) == split_items(expanded) else found

    def _is_postfix_own(self, name: str) -> bool:
        return name in self._classes or catalogue().parameter(name) is not None

    def _rewritten(self, name: str, text: str) -> Iterator[str]:
        if name in RESTRICTION_LISTS or name in self._classes:
            yield from self._restrictions(split_items(text))
        elif name == "smtpd_milters":
            yield ", ".join(self._endpoint(Role.MILTER, each) for each in split_items(text))
        elif name == "smtpd_proxy_filter":
            yield self._endpoint(Role.FILTER, text).removeprefix("inet:") if text else ""
        elif _TEXTS.match(name):
            yield text
        else:
            use = Use.RECIPIENTS if name in _RECIPIENTS else Use.OTHER
            for item in split_items(text):
                new = self._element(item, use, may_be_file=name in _WITH_FILES)
                yield from () if new is None else (new,)

    def _element(self, item: str, use: Use, *, may_be_file: bool) -> str | None:
        if self.tables.is_table(item):
            return self.tables.table(item, use)
        return self.tables.file(item) if may_be_file and item.lstrip("!").startswith("/") else item

    def _restrictions(self, words: tuple[str, ...]) -> Iterator[str]:
        rest = iter(words)
        for word in rest:
            restriction = word.lower()
            if restriction == _POLICY:
                yield from (word, self._endpoint(Role.POLICY, next(rest, "")))
            elif takes_argument(restriction):
                yield from (word, self._argument(next(rest, "")))
            elif restriction == "permit_sasl_authenticated" and self.visited.is_submission:
                self.notes[f"{word}: everybody may, for nobody logs in here"] = None
                # Behind a plain `permit`, smtpd(8) would not see the restriction that it insists on.
                yield from ("check_client_access", "static:OK")
            else:
                yield self._argument(word)

    def _argument(self, word: str) -> str:
        """A table, in braces or without; anything else stays."""
        inner = split_items(word[1:].removesuffix("}")) if word.startswith("{") else (word,)
        if not inner or not self.tables.is_table(inner[0]):
            return word
        new = self.tables.table(inner[0], Use.ACCESS) or ""
        return f"{{ {' '.join((new, *inner[1:]))} }}" if word.startswith("{") else new

    def _endpoint(self, role: Role, word: str) -> str:
        """Where the stand-in listens, with the options that stood in the same braces."""
        inner = split_items(word[1:].removesuffix("}")) if word.startswith("{") else (word,)
        asked = inner[0] if inner else ""
        place = f"inet:{_HOST}:{self._stand_in(role, asked).port}"
        return f"{{ {', '.join((place, *inner[1:]))} }}" if word.startswith("{") else place

    def _stand_in(self, role: Role, asked: str) -> StandIn:
        found = self.stand_ins.get((role, asked))
        if found is None:
            seconds, workers = self._seconds(role), self._workers(role, asked)
            found = StandIn(role, next(self._free_ports()), seconds, workers)
            self.stand_ins[role, asked] = found
            many = f", {workers} at a time" if workers else ""
            when = f"after {seconds:.2g} s{many}, as in the log" if seconds else f"at once{many}"
            self.notes[f"{_NAMES[role]} {asked}: a stand-in that says yes {when}"] = None
        return found

    def _seconds(self, role: Role) -> float:
        return {Role.POLICY: self.delays.policy, Role.MILTER: self.delays.milter}.get(
            role, self.delays.filter
        )

    def _workers(self, role: Role, asked: str) -> int:
        """The process limit of a service of spawn(8) that is asked; else what is known of a filter."""
        kind, _, place = asked.partition(":")
        name = f"{place.removeprefix('private/')}/unix" if kind == "unix" else ""
        services = (name, f"{asked.removeprefix('inet:')}/inet")
        found = next(filter(None, map(self.instance.service, services)), None)
        if found is not None and found.command == "spawn":
            return found.process_limit
        return self.delays.filter_workers if role is Role.FILTER else 0

    def _free_ports(self) -> Iterator[int]:
        taken = {service.name.rpartition(":")[2] for service in self.instance.services}
        taken |= {str(each.port) for each in self.stand_ins.values()}
        return (port for port in range(_FIRST_PORT, 1 << 16) if str(port) not in taken)


_NAMES = {Role.POLICY: "policy service", Role.MILTER: "milter", Role.FILTER: "filter"}


def _words(instance: Instance, name: str) -> tuple[str, ...]:
    items = instance.setting(name).items()
    return () if isinstance(items, BadValue) else items


def reaches_out(text: str) -> bool:
    """Whether a value names a UNIX-domain socket, another host, or a table that asks one."""
    return bool(_OUTSIDE.search(text))
