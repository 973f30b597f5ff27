"""What `postconf -d` told of the build that is installed on a host: its parameters, and their defaults.

Distributions carry parameters back into older releases and set paths of their own, so the build's own word
counts before the catalogue's.
"""

from collections.abc import Callable, Mapping

import msgspec

from advisor.settings.catalogue import catalogue
from advisor.settings.release import Release

# postconf(1) prints its own process here, and the release is known by other means.
_NOT_DEFAULTS = frozenset({"process_id", "process_name", "service_name", "mail_version"})
# What a computed default is made of besides the host (own_inet_addr.c, check_myhostname() in mail_params.c).
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "myhostname": ("mydomain",),
    "mydomain": ("myhostname",),
    "mynetworks": ("mynetworks_style", "inet_interfaces", "inet_protocols"),
}


# Whoever starts the programs says it (-c, MAIL_CONFIG); the default is only for those who do not.
_FOLDER = "config_directory"


class Build(msgspec.Struct, frozen=True):
    """`defaults` are unexpanded; `is_complete`: a built-in name that is not among them does not exist."""

    defaults: Mapping[str, str] = msgspec.field(default_factory=dict)
    is_complete: bool = False

    def has(self, name: str) -> bool:
        """Whether the build has the parameter, where `is_complete`."""
        return name in self.defaults or name in _NOT_DEFAULTS or name in _MADE_OF


def build_of(
    printed: Mapping[str, str] | None, release: Release, is_as_by_default: Callable[[str], bool]
) -> Build:
    """The build behind what `postconf -d` printed, None for nothing.

    If it is another release's, only what the host itself computes is taken, such as myhostname, and the
    folder of the configuration. A computed value is taken only where main.cf leaves what it is made of as it
    is by default.
    """
    if printed is None:
        return Build()
    is_same = printed.get("mail_version", "") != "" and Release.parse(printed["mail_version"]) == release

    def counts(name: str) -> bool:
        if name in _NOT_DEFAULTS or not all(map(is_as_by_default, _MADE_OF.get(name, ()))):
            return False
        known = catalogue().parameter(name)
        return is_same or name == _FOLDER or (known is not None and known.computed)

    return Build({name: value for name, value in printed.items() if counts(name)}, is_same)
