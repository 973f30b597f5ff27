"""Since which release postconf(1) warns of what. Knowledge: its source in the releases since 2.6."""

from typing import Final

from advisor.settings.release import Release

UNUSED: Final = Release(2, 9)
UNDEFINED: Final = Release(2, 10)
READ_ONLY: Final = Release(2, 10)
OVERRIDING: Final = Release(2, 11)
DEPRECATED: Final = Release(3, 9)  # of names that were given up before, it knows nothing
NUL: Final = Release(3, 9)
