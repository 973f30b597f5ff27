"""The configurations that one run judges: those that are named, those below a folder, and those they name."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import Final

import msgspec
from msgspec.structs import replace

from advisor.errors import AdvisorError, InputError, NothingToCheck, PolicyError, SettingsError, UsageError
from advisor.inputs.archive import is_archive
from advisor.inputs.instances import Further, further_instances, is_enabled
from advisor.inputs.read import STDIN, Named, folder_of, read_inputs
from advisor.inputs.tree import LEADS_OUT, Tree, is_tree, must_be_postfix, search
from advisor.inputs.unrendered import must_be_rendered
from advisor.report.model import NotJudged
from advisor.request import Request
from advisor.settings.files import main_cf_at
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST
from advisor.writing.journal import INTERRUPTED, has_journal
from advisor.writing.recovery import recover

_NOT_READ = (InputError, NothingToCheck, PolicyError, SettingsError)
_GRAVEST_FIRST: Final = (InputError.exit_code, NothingToCheck.exit_code, 0)


class Found(msgspec.Struct, frozen=True):
    """An instance to judge. `instance` is None for text that can be read once; `notes` go to its report, and
    what was done first about an interrupted run of --fix is `recovered`.
    """

    request: Request
    instance: Instance | None = None
    notes: tuple[str, ...] = ()
    recovered: str = ""


# The request for one configuration -> the same as its own policy makes it.
Settle = Callable[[Request], Request]


def as_asked(request: Request) -> Request:
    """The request as it is: no policy counts."""
    return request


def tree_at(request: Request, path: str) -> Tree:
    """What a path names: itself, or all that is below it."""
    is_text = request.postconf_n or request.master or path == STDIN
    return search(Path(path)) if not is_text and is_tree(Path(path)) else Tree((path,))


def find(
    request: Request, trees: Sequence[Tree], settle: Settle = as_asked
) -> tuple[tuple[Found, ...], tuple[NotJudged, ...]]:
    """The configurations of the trees and all instances that those name, each once and with its request
    settled; and what is not judged.

    Raises the AdvisorError of a configuration that was named alone and cannot be judged.
    """
    found: dict[object, Found] = {}
    not_judged: list[NotJudged] = []
    for tree in trees:
        not_judged += tree.passed_over
        own = list(_looked_at(request, tree, settle, not_judged, is_alone=len(trees) == 1))
        if tree.folder and not own:
            not_judged.append(_nothing_in(tree.folder))
        for each in own:
            for one in (each, *_named_by(each, tree, settle, not_judged)):
                found.setdefault(_identity(one), one)
    return tuple(found.values()), tuple(not_judged)


def _looked_at(
    request: Request, tree: Tree, settle: Settle, not_judged: list[NotJudged], *, is_alone: bool
) -> Iterator[Found]:
    """The configurations of a tree that can be judged."""
    for path in tree.configurations:
        try:
            own = _look(settle(replace(request, path=path)))
            if tree.folder and own.instance:
                must_be_postfix(own.instance)
            yield own
        except _NOT_READ as error:
            if is_alone and not tree.folder:
                raise
            not_judged.append(_not_judged(path, error, is_found=tree.folder is not None))


def _nothing_in(folder: Path) -> NotJudged:
    cure = "name the folder that 'postconf config_directory' shows"
    return NotJudged(str(folder), "no main.cf in this folder, nor below it", cure, NothingToCheck.exit_code)


def nothing_judged(not_judged: Sequence[NotJudged]) -> AdvisorError:
    """What is said where nothing is left to judge: the gravest reason, and an example of the others."""
    gravest = min(not_judged, key=lambda each: _GRAVEST_FIRST.index(each.exit_code))
    rest = [each for each in not_judged if each is not gravest]
    more = f"; and {len(rest) - 1} more" if len(rest) > 1 else ""
    example = f" ({rest[0].path}: {rest[0].problem}{more})" if rest else ""
    kind = InputError if gravest.exit_code == InputError.exit_code else NothingToCheck
    return kind(f"{gravest.problem}{example}", where=gravest.path, cure=gravest.cure)


def _look(request: Request) -> Found:
    """The configuration before it is judged: what it names, and whether it can be judged at all. Where it is
    to be fixed, an interrupted run is finished first.
    """
    recovered = _recovered(request)
    if request.postconf_n or request.master or request.path == STDIN:
        return Found(request)
    named = Named(request.path, primary=request.primary)
    instance = read_inputs(named).instance(NEWEST, ASSUMED)
    must_be_rendered(instance)
    return Found(request, instance, _unfinished(request), recovered)


def _unfinished(request: Request) -> tuple[str, ...]:
    return (INTERRUPTED,) if has_journal(folder_of(request.path)) else ()


def _recovered(request: Request) -> str:
    """What was done about an interrupted run of --fix, if this is one. Raises UsageError where nothing can be
    fixed.
    """
    if request.fixes is None:
        return ""
    if request.postconf_n or request.path == STDIN or is_archive(Path(request.path)):
        raise UsageError(
            "--fix writes files, and these are not here",
            where=request.postconf_n or request.path,
            cure="leave it out: the report ends with the commands for the host",
        )
    return recover(folder_of(request.path))


def _named_by(primary: Found, tree: Tree, settle: Settle, not_judged: list[NotJudged]) -> Iterator[Found]:
    """The instances that a main.cf names; those that are missing on their own machine are not judged."""
    instance, path = primary.instance, primary.request.path
    if instance is None or is_archive(Path(path)):
        return
    is_own = read_inputs(Named(path)).is_own
    for each in further_instances(instance, folder_of(path).absolute(), is_own=is_own):
        if each.folder is None:
            not_judged.append(_missing(each, "is no whole path", "write the whole path of the folder"))
            continue
        if not is_own and not tree.may_lead_to(each.folder):
            not_judged.append(_missing(each, LEADS_OUT, "name it too"))
            continue
        request = replace(primary.request, path=str(each.folder), primary=str(folder_of(path)))
        try:
            found = _look(settle(request))
        except _NOT_READ as error:
            is_given = is_own or os.path.lexists(each.folder)  # of a copy, the others may be elsewhere
            cure = error.cure if is_given else f"give it too: advisor check {quote(path)} FOLDER"
            not_judged.append(_missing(each, error.message, cure, error.exit_code if is_given else 0))
            continue
        notes = (*found.notes, f"an instance that {each.place} names")
        if found.instance is not None and not is_enabled(found.instance):
            notes += ("multi_instance_enable = no: 'postmulti -p start' only checks it",)
        yield replace(found, notes=notes)


def _missing(each: Further, problem: str, cure: str, exit_code: int = InputError.exit_code) -> NotJudged:
    return NotJudged(each.named, f"{problem}, and {each.place} names it as an instance", cure, exit_code)


def _not_judged(path: str, error: AdvisorError, *, is_found: bool) -> NotJudged:
    """Why it is not judged. A template that nobody named, but that was found, is as it should be."""
    where = f"{error.where}: " if error.where not in ("", path) else ""
    code = 0 if is_found and isinstance(error, NothingToCheck) else error.exit_code
    return NotJudged(path, f"{where}{error.message}", error.cure, code)


def _identity(found: Found) -> object:
    """What is the same for two names of one configuration."""
    path = Path(found.request.path).absolute()
    try:
        status = main_cf_at(path).stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino
