"""What names a finding from one run to the next, wherever its line has moved and however it is laid out.

A fingerprint hangs on the rule, the services, and the meaning of the line: the name and value of a setting,
without its blanks and line breaks. So another value is another finding, and a baseline hides no change. What
was measured in a log is no part of it, nor is the message: the same trouble has other numbers each day.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath

from advisor.engine.verdicts import Finding
from advisor.settings.instance import Instance
from advisor.settings.tables import CONFIGURATION
from advisor.syntax.logical_lines import LogicalLine, logical_lines
from advisor.syntax.source import WHITE_SPACE, SourceFile, Span

_WORD = re.compile(f"[^{WHITE_SPACE}]+")


def fingerprints(instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, str]:
    """For each finding 32 hexadecimal digits; those of one configuration differ from each other.

    Findings that nothing else tells apart are counted in the order of their places. So `findings` are all
    that were found, also those that somebody decided to live with.
    """
    found: dict[Finding, str] = {}
    seen: dict[tuple[str, ...], int] = {}
    for finding in sorted(findings, key=lambda each: (each.where, each.message)):
        parts = tuple(_parts(instance, finding))
        seen[parts] = seen.get(parts, 0) + 1
        text = "\0".join((*parts, str(seen[parts])))
        found[finding] = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return found


def file_of(instance: Instance, finding: Finding) -> str:
    """The file that a finding stands in, as seen from the configuration's folder where it is below it."""
    file = PurePath(finding.where.file)
    folder = _folder(instance)
    return str(file.relative_to(folder) if file.is_relative_to(folder) else file)


def _folder(instance: Instance) -> PurePath:
    return PurePath(instance.main_cf.source.name).parent


def _parts(instance: Instance, finding: Finding) -> Iterator[str]:
    yield finding.rule
    yield file_of(instance, finding)
    yield ",".join(sorted(service or "" for service in finding.services))
    yield _meaning(instance, finding.where)


def _meaning(instance: Instance, where: Span) -> str:
    """The smallest of the settings, entries and lines around the place, in one form whatever its layout.

    Empty at the end of a file, where a setting would stand that nobody wrote: its rule names it.
    """
    for line in instance.main_cf.assignments:
        if _holds(line.span, where):
            return f"{line.name} = {_plain(line.raw_value)}"
    for entry in instance.master_cf.entries if instance.master_cf else ():
        for option in entry.overrides:
            if _holds(option.span, where):
                return f"{entry.key} -o {option.name} = {_plain(option.value)}"
    source = _source(instance, where.file)
    return _line(source, where) if source else ""


def _line(source: SourceFile, where: Span) -> str:
    """The logical line there, without what stands between its physical lines."""
    for line in logical_lines(source):
        if _holds(source.span(line.start, line.end), where):
            return _plain(line.text if isinstance(line, LogicalLine) else source.text[line.start : line.end])
    return ""


def _source(instance: Instance, file: str) -> SourceFile | None:
    """The file of that name: one of the two, or a table that stands where the configuration looks for it."""
    for tree in (instance.main_cf, instance.master_cf):
        if tree is not None and tree.source.name == file:
            return tree.source
    path, folder = PurePath(file), _folder(instance)
    named = [path, CONFIGURATION / path.relative_to(folder)] if path.is_relative_to(folder) else [path]
    tables = (instance.table(str(each)) for each in named)
    return next((table for table in tables if table is not None and table.name == file), None)


def _plain(text: str) -> str:
    """The words with one blank between them: what Postfix calls white space is layout, and nothing else."""
    return " ".join(_WORD.findall(text))


def _holds(outer: Span, inner: Span) -> bool:
    begin, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return outer.file == inner.file and begin <= (inner.line, inner.column) < end
