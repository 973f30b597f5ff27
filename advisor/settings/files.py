"""Which files a configuration is made of."""

from pathlib import Path
from typing import Final

MAIN: Final = "main.cf"
MASTER: Final = "master.cf"


def main_cf_at(path: Path) -> Path:
    """The main.cf of the configuration that a path means: that in a folder, that beside a master.cf, or the
    file itself. It need not exist. Raises OSError where one may not look.
    """
    if path.is_dir():
        return path / MAIN
    return path.with_name(MAIN) if path.name == MASTER else path
