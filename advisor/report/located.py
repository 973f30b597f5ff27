"""The findings of a run as other programs want them: in one list, each on a line that the file has."""

import posixpath
from collections.abc import Iterator

import msgspec

from advisor.engine.suppression import Suppression
from advisor.engine.verdicts import Finding
from advisor.report.model import Report, Reports
from advisor.settings.instance import Instance
from advisor.syntax.source import Span


class Located(msgspec.Struct, frozen=True):
    """A finding of `report`. `place` has the path as seen from the run's root; `suppression` says what hides
    the finding, None where it counts.
    """

    report: Report
    finding: Finding
    place: Span
    fingerprint: str
    suppression: Suppression | None = None


def located(reports: Reports) -> tuple[Located, ...]:
    """The findings of all reports that are shown, the most severe and most certain first."""
    return _in_order(each for report in reports.reports for each in _of(report, reports.root))


def located_suppressed(reports: Reports) -> tuple[Located, ...]:
    """The findings that are suppressed and would be shown otherwise, in the same order."""
    return _in_order(each for report in reports.reports for each in _suppressed_of(report, reports.root))


def place_of(instance: Instance, span: Span, root: str) -> Span:
    """The place for other programs: an end of a file that has no line of its own is at the last line."""
    last = next((_lines(text) for name, text in _texts(instance) if name == span.file), span.end_line)
    path = path_from(root, span.file)
    if span.line > last:
        return Span(path, last, 1, last, 1)
    return Span(path, span.line, span.column, span.end_line, span.end_column)


def path_from(root: str, path: str) -> str:
    """The path as it is seen from the folder `root` where it is below that, else the whole path."""
    whole = posixpath.normpath(posixpath.join(root, path))
    if not root:
        return whole
    return whole.removeprefix(f"{root.rstrip('/')}/") if whole != root else "."


def _in_order(found: Iterator[Located]) -> tuple[Located, ...]:
    return tuple(
        sorted(
            found,
            key=lambda each: (
                -each.finding.severity.rank,
                -each.finding.confidence.rank,
                each.place,
                each.finding.rule,
                each.finding.service or "",
            ),
        )
    )


def _of(report: Report, root: str) -> Iterator[Located]:
    names = report.fingerprints()
    for finding in report.shown:
        yield Located(report, finding, place_of(report.instance, finding.where, root), names[finding])


def _suppressed_of(report: Report, root: str) -> Iterator[Located]:
    names = report.fingerprints()
    for each in report.suppressed:
        finding = each.finding
        if report.floor.admits(finding):
            place = place_of(report.instance, finding.where, root)
            yield Located(report, finding, place, names[finding], each.suppression)


def _texts(instance: Instance) -> Iterator[tuple[str, str]]:
    for tree in (instance.main_cf, instance.master_cf):
        if tree is not None:
            yield tree.source.name, tree.source.text


def _lines(text: str) -> int:
    """How many lines an editor numbers up to the last character; an empty file has one."""
    return max(1, text.count("\n") + (not text.endswith("\n")))
