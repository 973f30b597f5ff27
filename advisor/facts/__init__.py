"""Named truths about a configuration and its log, which rules speak of.

Importing this package fills the registry: a new fact is one function in one of these modules.
"""

from advisor.facts import (
    coverage_facts,
    lines,
    main_cf_parameters,
    overload_facts,
    relay,
    restriction_classes,
    services,
    set_parameters,
    smuggling,
    undefined_names,
    written_values,
)

__all__ = [
    "coverage_facts",
    "lines",
    "main_cf_parameters",
    "overload_facts",
    "relay",
    "restriction_classes",
    "services",
    "set_parameters",
    "smuggling",
    "undefined_names",
    "written_values",
]
