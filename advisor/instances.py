"""Several instances of Postfix in one run: those that are named, and those that their main.cf names.

Each is judged on its own, with the lines of the log that it wrote.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import msgspec
from msgspec.structs import replace

from advisor.app import Request, run
from advisor.errors import AdvisorError, InputError, NothingLogged, NothingToCheck, SettingsError
from advisor.inputs.archive import is_archive
from advisor.inputs.instances import Further, further_instances, is_enabled, log_names
from advisor.inputs.neighbours import shared_with
from advisor.inputs.read import STDIN, Named, folder_of, read_inputs
from advisor.inputs.unrendered import must_be_rendered
from advisor.logs.source import LogText, Progress, Source, unheard
from advisor.logs.wanted import Wanted
from advisor.report.model import NotJudged, Report, Reports
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST
from advisor.standard_input import standard_input

_NOT_READ = (InputError, NothingToCheck, SettingsError)


class _Found(msgspec.Struct, frozen=True):
    """An instance to judge. `instance` is None for text that can be read once; `notes` go to its report."""

    request: Request
    instance: Instance | None = None
    notes: tuple[str, ...] = ()


def run_all(
    request: Request,
    others: Sequence[str] = (),
    progress: Progress = unheard,
    settle: Callable[[Request], Request] = lambda request: request,
) -> Reports:
    """The reports on the request's configuration, on `others`, and on all instances that those name. `settle`
    makes the request for one of them what its own policy asks for.

    What cannot be judged beside others is told in `not_judged`. Raises AdvisorError where nothing can be
    judged, and for what concerns all, such as a log that cannot be read.
    """
    found: list[_Found] = []
    not_judged: list[NotJudged] = []
    for path in (request.path, *others):
        try:
            own = _look(settle(replace(request, path=path)))
        except _NOT_READ as error:
            if not others:
                raise
            not_judged.append(_not_judged(path, error))
            continue
        for each in (own, *_named_by(own, settle, not_judged)):
            if not any(_is_same(each, known) for known in found):
                found.append(each)
    if not found:
        first = not_judged[0]
        raise InputError(first.problem, where=first.path, cure=first.cure)
    if len(found) == 1:
        report = run(found[0].request, progress)
        return Reports((replace(report, notes=_notes(found[0], report)),), tuple(not_judged))
    return Reports(tuple(_judged(_with_patches_together(found), progress)), tuple(not_judged))


def _look(request: Request) -> _Found:
    """The configuration before it is judged: what it names, and whether it can be judged at all."""
    if request.postconf_n or request.master or request.path == STDIN:
        return _Found(request)
    named = Named(request.path, primary=request.primary)
    instance = read_inputs(named).instance(NEWEST, ASSUMED)
    must_be_rendered(instance)
    return _Found(request, instance)


def _named_by(
    primary: _Found, settle: Callable[[Request], Request], not_judged: list[NotJudged]
) -> Iterator[_Found]:
    """The instances that a main.cf names; those that are missing on their own machine are not judged."""
    instance, path = primary.instance, primary.request.path
    if instance is None or is_archive(Path(path)):
        return
    is_own = read_inputs(Named(path)).is_own
    for each in further_instances(instance, folder_of(path).absolute(), is_own=is_own):
        if each.folder is None:
            not_judged.append(_missing(each, "is no whole path", "write the whole path of the folder"))
            continue
        request = replace(primary.request, path=str(each.folder), primary=str(folder_of(path)))
        try:
            found = _look(settle(request))
        except _NOT_READ as error:
            is_given = is_own or os.path.lexists(each.folder)  # of a copy, the others may be elsewhere
            cure = error.cure if is_given else f"give it too: advisor check {quote(path)} FOLDER"
            not_judged.append(_missing(each, error.message, cure, error.exit_code if is_given else 0))
            continue
        notes: tuple[str, ...] = (f"an instance that {each.place} names",)
        if found.instance is not None and not is_enabled(found.instance):
            notes += ("multi_instance_enable = no: 'postmulti -p start' only checks it",)
        yield replace(found, notes=notes)


def _missing(each: Further, problem: str, cure: str, exit_code: int = InputError.exit_code) -> NotJudged:
    return NotJudged(each.named, f"{problem}, and {each.place} names it as an instance", cure, exit_code)


def _not_judged(path: str, error: AdvisorError) -> NotJudged:
    where = f"{error.where}: " if error.where not in ("", path) else ""
    return NotJudged(path, f"{where}{error.message}", error.cure, error.exit_code)


def _is_same(one: _Found, other: _Found) -> bool:
    left, right = (Path(each.request.path).absolute() for each in (one, other))
    try:
        return _main(left).samefile(_main(right))
    except OSError:
        return left == right


def _main(path: Path) -> Path:
    return path / "main.cf" if path.is_dir() else path


def _with_patches_together(found: Sequence[_Found]) -> Iterator[tuple[_Found, str]]:
    """Each with the folder from which the one patch of all names its files."""
    folders = [folder_of(each.request.path).absolute() for each in found if _has_folder(each)]
    common = Path(os.path.commonpath(folders)) if folders else Path()
    for each in _noting_shared_names(found):
        if not _has_folder(each):
            yield each, ""
            continue
        below = folder_of(each.request.path).absolute().relative_to(common)
        request = replace(each.request, below=str(below) if below.parts else "")
        yield replace(each, request=request), str(common)


def _has_folder(found: _Found) -> bool:
    return found.instance is not None and not found.instance.given.is_far


def _noting_shared_names(found: Sequence[_Found]) -> Iterator[_Found]:
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


def _machine(found: _Found) -> str:
    """The primary instance tells which instances are neighbours."""
    return found.request.primary or str(folder_of(found.request.path))


def _notes(found: _Found, report: Report) -> tuple[str, ...]:
    """What is said of the instance. What is brought from another host comes without its neighbours."""
    if not report.instance.given.is_far:
        return (*report.notes, *found.notes)
    named = [each.named for each in further_instances(report.instance, Path(), is_own=False)]
    more = f"main.cf names more of Postfix's instances, to be brought one by one: {', '.join(named)}"
    return (*report.notes, *found.notes, *([more] if named else []))


def _judged(found: Iterable[tuple[_Found, str]], progress: Progress) -> list[Report]:
    """Each with its own lines; an instance that the log does not know is judged without it."""
    reports: list[Report] = []
    unlogged: list[NothingLogged] = []
    texts: dict[str, Source] = {}
    for each, patch_folder in found:
        request = _with_own_lines(each, texts)
        try:
            report = run(request, progress)
        except NothingLogged as error:
            unlogged.append(error)
            report = run(_without_log(request))
            report = replace(report, log_hint="the log that was given has no line of this instance")
        reports.append(replace(report, notes=_notes(each, report), patch_folder=patch_folder))
    if len(unlogged) == len(reports):
        raise unlogged[0]
    return reports


def _with_own_lines(found: _Found, texts: dict[str, Source]) -> Request:
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
