"""Where rules/ and templates/ are: inside an installed package, or beside the package in a checkout."""

from pathlib import Path
from typing import Literal

from advisor.errors import InputError

_PACKAGE = Path(__file__).parent


def resource_folder(name: Literal["rules", "templates"], package: Path = _PACKAGE) -> Path:
    """The folder `name` that belongs to the advisor package at `package`.

    A wheel carries it as advisor/NAME (see force-include in pyproject.toml); in a checkout it stands beside
    advisor/. The inner one comes first, so that an installed advisor never picks up a stranger's folder in
    site-packages. Raises InputError where neither is.
    """
    inside, beside = package / name, package.parent / name
    if inside.is_dir():
        return inside
    # Only a checkout has pyproject.toml there; site-packages may hold anybody's "templates".
    if beside.is_dir() and (package.parent / "pyproject.toml").is_file():
        return beside
    raise InputError(
        f"advisor's own {name} are missing: neither {inside} nor {beside} of a checkout is there",
        cure="install postfix-advisor again",
    )
