"""What postconf(1) knows besides the two files: itself, and the machine it runs on as far as that is told.

Knowledge: pcf_check_myhostname() and pcf_check_mydomainname() in src/postconf/postconf_builtin.c.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from advisor.settings.build import Build, build_of
from advisor.settings.catalogue import catalogue
from advisor.settings.host import Host
from advisor.settings.release import Release
from advisor.settings.scope import Scope
from advisor.syntax.main_cf import Assignment
from advisor.syntax.master_cf import MasterCf

# What it says of itself.
_ITSELF: Final = {"process_name": "postconf", "service_name": ""}
_NO_DOMAIN: Final = "localdomain"  # DEF_MYDOMAIN in mail_params.h


def scope_on(
    host: Host, release: Release, main: Mapping[str, tuple[Assignment, ...]], master: MasterCf | None
) -> Scope:
    """The values of a main.cf on that host; what the host does not tell stays unknown."""
    services = frozenset(entry.name for entry in master.entries) if master else None
    here = Scope(release, catalogue(), main, services)
    if host.defaults is None and host.name is None:
        return replace(here, build=Build(_ITSELF))
    bare = Scope(release, catalogue(), {}, services)

    def is_as_by_default(name: str) -> bool:
        return here.expanded(f"${name}", None).text == bare.expanded(f"${name}", None).text

    told = build_of(host.defaults, release, is_as_by_default)
    defaults = {name: text for name, text in told.defaults.items() if not _is_of_a_service(name)}
    return replace(here, build=Build({**_named(host, here), **defaults, **_ITSELF}, told.is_complete))


def _named(host: Host, scope: Scope) -> dict[str, str]:
    """The default of myhostname, and of mydomain unless main.cf sets one of the two."""
    if host.name is None:
        return {}
    domain = scope.main["mydomain"][-1].raw_value if "mydomain" in scope.main else _NO_DOMAIN
    name = host.name if "." in host.name else f"{host.name}.{scope.expanded(domain, None).text}"
    return {"myhostname": name, "mydomain": name.partition(".")[2]}


def _is_of_a_service(name: str) -> bool:
    """Whether it comes from the master.cf of the host, which need not be the one that is asked about."""
    return catalogue().parameter(name) is None and catalogue().service_parameter(name, None) is not None
