"""What is known of the machine beside its configuration files: what was given, and nothing guessed."""

from collections.abc import Mapping

import msgspec

from advisor.settings.profile import Profile
from advisor.settings.release import Release


class Host(msgspec.Struct, frozen=True):
    """Each is None where nobody told.

    `defaults`: what `postconf -d` prints, by parameter, for the build that is installed there. `table_types`:
    what `postconf -m` prints. `memory` in bytes; `processors` and `open_files` (the hard limit of a process)
    are counts; `somaxconn` is the kernel's cap on a listen queue; `name` is what `uname -n` prints. `today`:
    the release that runs there, which need not be the one that the configuration is judged by. `profiles`:
    the kinds of machine it is, empty where nobody told.
    """

    defaults: Mapping[str, str] | None = None
    table_types: frozenset[str] | None = None
    memory: int | None = None
    processors: int | None = None
    open_files: int | None = None
    somaxconn: int | None = None
    name: str | None = None
    today: Release | None = None
    profiles: frozenset[Profile] = frozenset()
