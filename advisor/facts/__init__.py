"""Named truths about a configuration and its log, which rules speak of.

Importing this package fills the registry: a new fact is one function in one of its modules.
"""

from importlib import import_module
from pkgutil import iter_modules

# What measures a log has no fact of its own, but numpy: it is imported when there is a log.
_MEASURES = frozenset(
    """
    clientele cover failures fullness held limit_in_force measure measure_deliveries observe
    observe_deliveries observe_queue pool waits
    """.split()
)

for _module in iter_modules(__path__):
    if _module.name not in _MEASURES:
        import_module(f"{__name__}.{_module.name}")
