from pathlib import Path

import pytest

from advisor.errors import InputError
from advisor.resources import resource_folder


def package_at(folder: Path) -> Path:
    package = folder / "advisor"
    package.mkdir()
    return package


def test_this_checkout_has_both() -> None:
    root = Path(__file__).parents[1]
    assert resource_folder("rules") == root / "rules"
    assert resource_folder("templates") == root / "templates"


def test_installed_folder_is_inside_the_package(tmp_path: Path) -> None:
    package = package_at(tmp_path)
    (package / "rules").mkdir()
    assert resource_folder("rules", package) == package / "rules"


def test_inside_wins_over_beside(tmp_path: Path) -> None:
    package = package_at(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "rules").mkdir()
    (package / "rules").mkdir()
    assert resource_folder("rules", package) == package / "rules"


def test_a_strangers_folder_in_site_packages_is_not_ours(tmp_path: Path) -> None:
    package = package_at(tmp_path)
    (tmp_path / "templates").mkdir()
    with pytest.raises(InputError, match="install postfix-advisor again"):
        resource_folder("templates", package)


def test_neither_is_said_plainly(tmp_path: Path) -> None:
    package = package_at(tmp_path)
    with pytest.raises(InputError, match="advisor's own rules are missing"):
        resource_folder("rules", package)
