"""Named truths about a configuration and its log, which rules speak of.

Importing this package fills the registry: a new fact is one function in one of these modules.
"""

from advisor.facts import (
    check_tables,
    compatibility,
    default_process_limit,
    lines,
    main_cf_parameters,
    old_tls,
    overload_facts,
    postscreen,
    relay,
    removed_restrictions,
    renamed_parameters,
    services,
    smuggling,
    timeouts,
    trusted_networks,
)

__all__ = [
    "check_tables",
    "compatibility",
    "default_process_limit",
    "lines",
    "main_cf_parameters",
    "old_tls",
    "overload_facts",
    "postscreen",
    "relay",
    "removed_restrictions",
    "renamed_parameters",
    "services",
    "smuggling",
    "timeouts",
    "trusted_networks",
]
