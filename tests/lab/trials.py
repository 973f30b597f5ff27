"""Remedies that are tried on a loop."""

from collections.abc import Callable, Mapping

import msgspec

from advisor.facts.causes import Remedy
from advisor.rehearsal.scene import Visit
from tests.lab.machine import Machine


class Trial(msgspec.Struct, frozen=True):
    """A remedy that is tried by itself. `settings` are for postconf(1), `smtp/inet/process_limit=40` or
    `smtpd_timeout=60s`. Where it is no setting: another `machine`, other `files`, or what `clients` do
    otherwise. `against`: the rule that says that it has no effect. `service`: the one whose clients the log
    is about from then on, where it is another one.
    """

    words: str
    remedy: Remedy
    settings: tuple[str, ...] = ()
    machine: Machine | None = None
    files: Mapping[str, str] | None = None
    clients: Callable[[Visit], Visit] | None = None
    against: str = ""
    service: str = ""

    @property
    def is_settings(self) -> bool:
        """Whether it is settings of the same Postfix alone."""
        return self.machine is None and self.files is None and self.clients is None
