"""Named truths about a configuration and its log, which rules speak of.

Importing this package fills the registry: a new fact is one function in one of its modules.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
