"""Where the advisor.toml of a configuration is: beside it or above, else the user's, else the system's."""

import os
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import Final

import msgspec

from advisor.errors import PolicyError, UsageError

NAME: Final = "advisor.toml"
VARIABLE: Final = "ADVISOR_CONFIG"
SYSTEM: Final = Path("/etc/advisor") / NAME


class Whose(Enum):
    """Who wrote a policy: only what the user or the system's administrator wrote may name rules."""

    CONFIGURATION = auto()  # it came with the configuration
    NAMED = auto()  # on the command line, or in the environment
    USER = auto()
    SYSTEM = auto()

    @property
    def may_name_rules(self) -> bool:
        """Whether it may say `rules-dir`."""
        return self in (Whose.USER, Whose.SYSTEM)


class Found(msgspec.Struct, frozen=True):
    """A file that is there."""

    path: Path
    whose: Whose


class Search(msgspec.Struct, frozen=True):
    """Where to look: in the file `config` alone, if it is named, nowhere if `isolated`. `user` is the user's
    own file, None where nobody can tell.
    """

    config: str = ""
    isolated: bool = False
    user: Path | None = None
    system: Path = SYSTEM

    @classmethod
    def of(
        cls, config: str, environment: Mapping[str, str], *, isolated: bool, system: Path = SYSTEM
    ) -> "Search":
        """The search as the options and the environment ask for it. Raises UsageError for both options."""
        if config and isolated:
            raise UsageError(
                "--isolated reads no advisor.toml, and --config names one", cure="leave one of them out"
            )
        return cls(config or environment.get(VARIABLE, ""), isolated, user_file(environment), system)

    def find(self, folder: Path | None) -> Found | None:
        """The file for the configuration in `folder`, None where there is none; without a folder only those
        of the user and of the system are looked for.

        Raises PolicyError for one beside the configuration that leads out of its repository.
        """
        if self.isolated:
            return None
        if self.config:
            return Found(Path(self.config), Whose.NAMED)
        beside = _above(folder) if folder is not None else None
        if beside is not None:
            return Found(beside, Whose.CONFIGURATION)
        for path, whose in ((self.user, Whose.USER), (self.system, Whose.SYSTEM)):
            if path is not None and os.path.lexists(path):
                return Found(path, whose)
        return None


def user_file(environment: Mapping[str, str]) -> Path | None:
    """The user's own file, by the XDG Base Directory Specification: what is no whole path does not count."""
    folder = environment.get("XDG_CONFIG_HOME", "")
    if not folder.startswith("/"):
        home = environment.get("HOME", "")
        if not home.startswith("/"):
            return None
        folder = f"{home}/.config"
    return Path(folder) / "advisor" / NAME


def _above(folder: Path) -> Path | None:
    """The nearest file in the folder and in those around it, up to the root of the repository; it is named
    from here if the folder is.

    Without a repository only the folder itself counts: who may write somewhere above, as all may in /tmp, has
    no say here.
    """
    real = Path(os.path.realpath(folder))
    folders = [real, *real.parents]
    roots = (number for number, each in enumerate(folders) if os.path.lexists(each / ".git"))
    inside = folders[: next(roots, 0) + 1]
    path = next((path for each in inside for path in _in(each, inside[-1])), None)
    return path if path is None or folder.is_absolute() else Path(os.path.relpath(path))


def _in(folder: Path, root: Path) -> Iterator[Path]:
    path = folder / NAME
    if not os.path.lexists(path):
        return
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(root):
        raise PolicyError(
            f"links to {target}, outside of {root}",
            where=str(path),
            cure=f"put a file there, or name that one: --config {target}",
        )
    yield path
