"""How the text of an instance came here, and so what it can show and what not."""

from enum import Enum

import msgspec

from advisor.settings.catalogue import catalogue
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile


class Form(Enum):
    """FILES: main.cf and master.cf as they stand here. BUNDLE: the same, brought from another host. PRINTED:
    what postconf(1) printed there, without comments, the lines that nothing reads, or what a later line
    overrides.
    """

    FILES = "files"
    BUNDLE = "bundle"
    PRINTED = "printed"


class Given(msgspec.Struct, frozen=True):
    """`name` is what a report calls the configuration; empty: its folder. `stock_services`: nobody gave
    master.cf, and the services that Postfix comes with are assumed. `unread` are the names in main.cf that
    the host's own postconf(1) reported as unused. `folder` is the host's config_directory where that is not
    its default.
    """

    form: Form = Form.FILES
    name: str = ""
    stock_services: bool = False
    unread: frozenset[str] = frozenset()
    folder: str = ""

    @property
    def is_far(self) -> bool:
        """Whether the configuration lives on another host, where a change is made with commands."""
        return self.form is not Form.FILES


def stock_master_cf(release: Release) -> SourceFile:
    """The services that Postfix of that release comes with, in the form of `postconf -M`."""
    lines = (service.line(release) for service in catalogue().stock_services)
    return SourceFile("stock master.cf", "".join(f"{line}\n" for line in lines if line))
