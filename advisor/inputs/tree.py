"""A folder that is no configuration itself -> the configurations below it, as a repository holds them.

The folder may be a stranger's: no link is followed out of it, and the search has an end.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from advisor.errors import InputError, NothingToCheck
from advisor.report.model import NotJudged
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance

MAIN: Final = "main.cf"
_BOTH: Final = (MAIN, "master.cf")
# What the usual programs that fill in templates call them: Ansible, Salt, Puppet, Chef, Go, Consul, autoconf.
_TEMPLATES: Final = frozenset(
    f"{MAIN}.{ending}"
    for ending in "j2 jinja jinja2 erb epp tmpl tpl template in ctmpl gotmpl mustache m4 envsubst".split()
)
_TEMPLATE: Final = ("is a template by its name, and not what Postfix reads", "check what is made of it")
LEADS_OUT: Final = "is a link that leads out of what is searched"
_LOOK: Final = "run it as a user who may read it, or name the folders to check"
# Where no configuration of the repository's own stands: ruff's list, without the places of build products.
_NOT_SEARCHED: Final = frozenset(
    ".bzr .cache .direnv .eggs .git .git-rewrite .hg .jj .mypy_cache .nox .pants.d .pytest_cache .ruff_cache "
    ".svn .terraform .tox .venv .vscode __pycache__ __pypackages__ node_modules site-packages venv".split()
)
# The folders of a large repository are some ten thousand.
_MOST_FOLDERS: Final = 100_000


class Tree(msgspec.Struct, frozen=True):
    """The folders with a main.cf, in the order of their names, and what was passed over: with exit code 0
    where that is as it should be. `folder` was searched, None where a configuration was named.
    """

    configurations: tuple[str, ...]
    folder: Path | None = None
    passed_over: tuple[NotJudged, ...] = ()

    def may_lead_to(self, folder: Path) -> bool:
        """Whether a configuration of the tree may name the folder: links lead nowhere else."""
        return self.folder is None or _is_searched(
            Path(os.path.realpath(folder)), Path(os.path.realpath(self.folder))
        )


def is_tree(path: Path) -> bool:
    """Whether it is a folder to be searched: one that has no main.cf itself."""
    try:
        return path.is_dir() and not (path / MAIN).exists()
    except OSError:
        return False


def search(folder: Path, most: int = _MOST_FOLDERS) -> Tree:
    """The configurations below a folder. Raises no error: what cannot be read is passed over, with a word."""
    configurations: list[str] = []
    passed_over: list[NotJudged] = []
    for each in _seen(folder, most):
        if isinstance(each, NotJudged):
            passed_over.append(each)
        else:
            configurations.append(each)
    return Tree(tuple(configurations), folder, tuple(passed_over))


def must_be_postfix(instance: Instance) -> None:
    """Raises NothingToCheck for a main.cf that is another program's, such as that of Veritas Cluster Server:
    no line of it sets a parameter of Postfix, and no master.cf stands beside it. An empty one is Postfix's.
    """
    main = instance.main_cf
    if instance.master_cf is not None or not (main.assignments or any(main.junk)):
        return
    if not any(catalogue().parameter(line.name) for line in main.assignments):
        raise NothingToCheck(
            "sets no parameter of Postfix, so it is taken for another program's",
            where=main.source.name,
            cure="if it is Postfix's, name it",
        )


def _seen(top: Path, most: int) -> Iterator[str | NotJudged]:
    root = Path(os.path.realpath(top))
    folders = [top]
    for _ in range(most):
        if not folders:
            return
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                found = {entry.name: entry for entry in entries}
            below = [
                name
                for name, entry in found.items()
                if name not in _NOT_SEARCHED and entry.is_dir(follow_symlinks=False)
            ]
        except OSError as error:
            yield _unread(str(folder), f"cannot be read: {error.strerror}", _LOOK)
            continue
        folders += [folder / name for name in sorted(below, reverse=True)]
        yield from _at(folder, found, root)
    if folders:
        rest = f"has more than {most:,} folders: {folders[-1]} and what follows was not searched"
        yield _unread(str(top), rest, "name the folders to check")


def _unread(path: str, problem: str, cure: str) -> NotJudged:
    """What may hide a configuration: a gate must not be passed for that."""
    return NotJudged(path, problem, cure, InputError.exit_code)


def _at(folder: Path, found: dict[str, os.DirEntry[str]], root: Path) -> Iterator[str | NotJudged]:
    """What is told of one folder."""
    for name in sorted(_TEMPLATES & found.keys()):
        yield NotJudged(str(folder / name), *_TEMPLATE, exit_code=0)
    if MAIN not in found or found[MAIN].is_dir(follow_symlinks=False):
        return
    for name in _BOTH:
        if name in found and (problem := _problem(folder / name, root)):
            cure = "put a file in its place, or name the folder itself"
            yield _unread(str(folder / name), problem, cure)
            return
    yield str(folder)


def _problem(path: Path, root: Path) -> str:
    """Why the file is not read; empty where it is one that belongs to the tree."""
    try:
        if not path.is_file():
            return "is no regular file"
        if path.is_symlink() and not _is_searched(Path(os.path.realpath(path)), root):
            return LEADS_OUT
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return ""


def _is_searched(file: Path, root: Path) -> bool:
    """Whether it is in a folder that is searched: .git/config may hold a secret of the machine."""
    return file.is_relative_to(root) and not _NOT_SEARCHED.intersection(file.relative_to(root).parts)
