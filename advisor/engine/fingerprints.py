"""What names a finding from one run to the next, wherever its line has moved and however it is laid out.

A fingerprint hangs on the rule, the services, and the meaning of the line: the name and value of a setting,
without its blanks and line breaks. So another value is another finding, and a baseline hides no change.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath

from advisor.engine.verdicts import Finding
from advisor.settings.instance import Instance
from advisor.syntax.source import Span


def fingerprints(instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, str]:
    """For each finding 32 hexadecimal digits; those of one configuration differ from each other.

    Findings that nothing else tells apart are counted in the order of their places.
    """
    found: dict[Finding, str] = {}
    seen: dict[tuple[str, ...], int] = {}
    for finding in sorted(findings, key=lambda each: each.where):
        parts = tuple(_parts(instance, finding))
        seen[parts] = seen.get(parts, 0) + 1
        text = "\0".join((*parts, str(seen[parts])))
        found[finding] = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return found


def _parts(instance: Instance, finding: Finding) -> Iterator[str]:
    yield finding.rule
    yield PurePath(finding.where.file).name
    yield ",".join(service or "" for service in finding.services)
    yield _meaning(instance, finding.where)


def _meaning(instance: Instance, where: Span) -> str:
    """The smallest of the settings and entries around the place, in one form whatever its layout."""
    for line in instance.main_cf.assignments:
        if _holds(line.span, where):
            return f"{line.name} = {' '.join(line.value.split())}"
    for entry in instance.master_cf.entries if instance.master_cf else ():
        for option in entry.overrides:
            if _holds(option.span, where):
                return f"{entry.key} -o {option.name} = {' '.join(option.value.split())}"
        if _holds(entry.span, where):
            return f"{entry.key} {' '.join(entry.text.split())}"
    return ""


def _holds(outer: Span, inner: Span) -> bool:
    begin, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return outer.file == inner.file and begin <= (inner.line, inner.column) < end
