"""Whose lines are looked at: --host and --instance."""

from collections.abc import Iterable

import msgspec


class Wanted(msgspec.Struct, frozen=True):
    """The hosts and the instances of Postfix whose lines count; empty stands for all."""

    hosts: frozenset[str] = frozenset()
    instances: frozenset[str] = frozenset()

    @classmethod
    def of(cls, hosts: Iterable[str] = (), instances: Iterable[str] = ()) -> "Wanted":
        """What the options ask for; names of hosts have no case."""
        return cls(frozenset(host.lower() for host in hosts), frozenset(instances))

    def holds(self, host: str, tag: str) -> bool:
        """Whether a line of this host, under this log tag, counts.

        A host is meant by its whole name or by the first label of it. An instance is what syslog_name puts
        before the program, and `postfix` means `postfix/submission` too. A tag without a `/` is another
        program's: it belongs to no instance, and what it says of the log (lines that were lost) counts.
        """
        return self._is_host(host.lower()) and self._is_instance(tag)

    def _is_host(self, host: str) -> bool:
        return not self.hosts or host in self.hosts or host.partition(".")[0] in self.hosts

    def _is_instance(self, tag: str) -> bool:
        if not self.instances:
            return True
        name, slash, _ = tag.rpartition("/")
        return not slash or any(f"{name}/".startswith(f"{instance}/") for instance in self.instances)


EVERYTHING = Wanted()
