"""Several instances of Postfix in one run: each is judged on its own, with the lines of the log it wrote."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from advisor.app import advise
from advisor.errors import NothingLogged
from advisor.found import Found, Settle, as_asked, find, nothing_judged, tree_at
from advisor.inputs.instances import further_instances, log_names
from advisor.inputs.neighbours import shared_with
from advisor.inputs.read import STDIN, folder_of
from advisor.logs.source import LogText, Progress, Source, unheard
from advisor.logs.wanted import Wanted
from advisor.report.model import Report, Reports
from advisor.request import Request
from advisor.standard_input import standard_input


def advise_all(
    request: Request,
    others: Sequence[str] = (),
    progress: Progress = unheard,
    settle: Settle = as_asked,
) -> Reports:
    """The reports on the request's configuration, on `others`, and on all instances that those name. A folder
    without a main.cf stands for all configurations below it. `settle` makes the request for one of them what
    its own policy asks for.

    What cannot be judged beside others is told in `not_judged`. Raises AdvisorError where nothing can be
    judged, and for what concerns all, such as a log that cannot be read.
    """
    trees = [tree_at(request, path) for path in (request.path, *others)]
    found, not_judged = find(request, trees, settle)
    if not found:
        raise nothing_judged(not_judged)
    searched = [tree.folder for tree in trees if tree.folder]
    placed = list(_with_patches_together(found, searched))
    if len(placed) > 1:
        return Reports(tuple(_judged(placed, progress)), not_judged)
    alone, folder = placed[0]
    report = advise(alone.request, progress)
    folder = folder if alone.request.below else ""
    return Reports((_told(alone, report, folder),), not_judged)


def _with_patches_together(found: Sequence[Found], searched: Sequence[Path]) -> Iterator[tuple[Found, str]]:
    """Each with the folder from which the one patch of all names its files: it holds all of them, and those
    that were searched.
    """
    folders = [folder_of(each.request.path).absolute() for each in found if _has_folder(each)]
    folders += [folder.absolute() for folder in searched]
    common = Path(os.path.commonpath(folders)) if folders else Path()
    for each in _noting_shared_names(found):
        if not _has_folder(each):
            yield each, ""
            continue
        below = folder_of(each.request.path).absolute().relative_to(common)
        request = replace(each.request, below=str(below) if below.parts else "")
        yield replace(each, request=request), str(common)


def _has_folder(found: Found) -> bool:
    return found.instance is not None and not found.instance.given.is_far


def _noting_shared_names(found: Sequence[Found]) -> Iterator[Found]:
    """Each with what it shares with another of its machine and must not."""
    for each in found:
        machine = _machine(each)
        others = {
            other.request.path: other.instance
            for other in found
            if other is not each and other.instance and _machine(other) == machine
        }
        shared = shared_with(each.instance, others, has_log=bool(each.request.logs)) if each.instance else ()
        yield replace(each, notes=(*each.notes, *shared))


def _machine(found: Found) -> str:
    """The primary instance tells which instances are neighbours."""
    return found.request.primary or str(folder_of(found.request.path))


def _told(found: Found, report: Report, patch_folder: str) -> Report:
    """The report with what is known of the instance among others, and from before."""
    mended = replace(report.mended, recovered=found.recovered) if report.mended else None
    return replace(report, notes=_notes(found, report), patch_folder=patch_folder, mended=mended)


def _notes(found: Found, report: Report) -> tuple[str, ...]:
    """What is said of the instance. What is brought from another host comes without its neighbours."""
    if not report.instance.given.is_far:
        return (*report.notes, *found.notes)
    named = [each.named for each in further_instances(report.instance, Path(), is_own=False)]
    more = f"main.cf names more of Postfix's instances, to be brought one by one: {', '.join(named)}"
    return (*report.notes, *found.notes, *([more] if named else []))


def _judged(found: Iterable[tuple[Found, str]], progress: Progress) -> list[Report]:
    """Each with its own lines; an instance that the log does not know is judged without it."""
    reports: list[Report] = []
    unlogged: list[NothingLogged] = []
    texts: dict[str, Source] = {}
    for each, patch_folder in found:
        request = _with_own_lines(each, texts)
        try:
            report = advise(request, progress)
        except NothingLogged as error:
            unlogged.append(error)
            report = advise(_without_log(request))
            report = replace(report, log_hint="the log that was given has no line of this instance")
        reports.append(_told(each, report, patch_folder))
    if len(unlogged) == len(reports):
        raise unlogged[0]
    return reports


def _with_own_lines(found: Found, texts: dict[str, Source]) -> Request:
    """The request for the lines of this instance; what can be read once is kept in `texts`.

    Of a document that was made of a log no part can be chosen.
    """
    request = found.request
    if not (request.logs or request.metrics or request.journal):
        return request
    from advisor.inputs.metrics import is_metrics_file  # noqa: PLC0415 - numpy is for a log alone

    logs = tuple(_again(source, texts) for source in request.logs)
    named = (each for each in logs if isinstance(each, str))
    is_document = bool(request.metrics) or any(is_metrics_file(each) for each in named)
    if is_document or request.wanted.instances or found.instance is None:
        return replace(request, logs=logs)
    return replace(request, logs=logs, wanted=Wanted(request.wanted.hosts, log_names(found.instance)))


def _again(source: Source, texts: dict[str, Source]) -> Source:
    if not isinstance(source, str) or not (source == STDIN or _is_pipe(Path(source))):
        return source
    if source not in texts:
        data = standard_input().read() if source == STDIN else Path(source).read_bytes()
        texts[source] = LogText("standard input" if source == STDIN else source, data, datetime.now(UTC))
    return texts[source]


def _is_pipe(path: Path) -> bool:
    try:
        return path.is_fifo()
    except OSError:
        return False


def _without_log(request: Request) -> Request:
    empty = Request()
    return replace(
        request, logs=(), metrics=(), journal=False, wanted=empty.wanted, asked_time=empty.asked_time
    )
