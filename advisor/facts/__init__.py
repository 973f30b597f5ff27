"""Named truths about a configuration and its log, which rules speak of.

Importing this package fills the registry: a new fact is one function in one of these modules.
"""

from advisor.facts import (
    check_tables,
    checked_words,
    compatibility,
    coverage_facts,
    default_process_limit,
    lines,
    main_cf_parameters,
    old_tls,
    overload_facts,
    postscreen,
    relay,
    removed_restrictions,
    renamed_parameters,
    restriction_classes,
    services,
    set_parameters,
    smuggling,
    timeouts,
    trusted_networks,
    undefined_names,
    upgrade,
    written_values,
)

__all__ = [
    "check_tables",
    "checked_words",
    "compatibility",
    "coverage_facts",
    "default_process_limit",
    "lines",
    "main_cf_parameters",
    "old_tls",
    "overload_facts",
    "postscreen",
    "relay",
    "removed_restrictions",
    "renamed_parameters",
    "restriction_classes",
    "services",
    "set_parameters",
    "smuggling",
    "timeouts",
    "trusted_networks",
    "undefined_names",
    "upgrade",
    "written_values",
]
