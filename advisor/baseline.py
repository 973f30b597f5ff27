"""The findings that were there when advisor came: known by their fingerprints, they do not count.

A baseline is for debts, and hides nothing that was added or changed since. What a rule with
`ignorable = false` finds is neither written nor hidden.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePath

import msgspec

from advisor.baseline_file import Entry, read_entries, write_entries
from advisor.engine.fingerprints import file_of, fingerprints
from advisor.engine.suppression import SuppressedBy, Suppression
from advisor.engine.verdicts import Broken, Finding, Unknown
from advisor.report.model import Report
from advisor.settings.instance import Instance


class Baseline(msgspec.Struct, frozen=True, dict=True):
    """The entries of a file. `name` is what the file is called, `folder` where it stands: the configurations
    are named from there.
    """

    name: str
    folder: Path
    entries: tuple[Entry, ...]

    def hidden(self, instance: Instance, findings: Sequence[Finding]) -> Mapping[Finding, Suppression]:
        """Those of the findings that it knows: a Suppressor."""
        known = {each.fingerprint for each in self._of(instance)}
        if not known:
            return {}
        why = Suppression(SuppressedBy.BASELINE, f"in {self.name}")
        named = fingerprints(instance, findings)
        return {finding: why for finding, fingerprint in named.items() if fingerprint in known}

    def notes(self, report: Report) -> tuple[str, ...]:
        """What is to be said of its entries: that they are no longer found, or count all the same.

        A rule that could not decide, or was not asked, says nothing of its entries.
        """
        found = set(report.fingerprints().values())
        decided = {
            each.rule.name: each.rule.ignorable
            for each in report.judgements
            if not isinstance(each.verdict, Unknown | Broken)
        }
        mine = [each for each in self._of(report.instance) if each.rule in decided]
        gone = sum(each.fingerprint not in found for each in mine)
        bound = [each for each in mine if each.fingerprint in found and not decided[each.rule]]
        notes: list[str] = []
        if gone:
            notes.append(f"{_entries(gone)} of {self.name} no longer found: write it anew")
        if bound:
            rules = ", ".join(sorted({each.rule for each in bound}))
            notes.append(f"{self.name} has findings of {rules}, which no baseline hides: they count")
        return tuple(notes)

    def _of(self, instance: Instance) -> tuple[Entry, ...]:
        return self._by_configuration.get(configuration_of(instance, self.folder), ())

    @cached_property
    def _by_configuration(self) -> Mapping[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {}
        for each in self.entries:
            found.setdefault(each.configuration, []).append(each)
        return {name: tuple(entries) for name, entries in found.items()}


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises InputError for what is none."""
    return Baseline(path.name, _real(path.parent), read_entries(path))


class Written(msgspec.Struct, frozen=True):
    """What went into a baseline, and how many findings of which rule did not, since nothing hides them."""

    entries: tuple[Entry, ...]
    left_out: Mapping[str, int]


def write_baseline(path: Path, reports: Sequence[Report]) -> Written:
    """Writes a baseline that knows all findings of the reports, in the place of an older one.

    Raises InputError where that cannot be done, or would overwrite what is no baseline.
    """
    made = baseline_of(reports, path.parent)
    write_entries(path, made.entries)
    return made


def baseline_of(reports: Sequence[Report], folder: Path) -> Written:
    """What a baseline in `folder` has to know, to know all findings of the reports."""
    entries: list[Entry] = []
    left_out: Counter[str] = Counter()
    for report in reports:
        named = report.fingerprints()
        configuration = configuration_of(report.instance, _real(folder))
        for finding in report.findings:
            if report.rule(finding.rule).ignorable:
                entries.append(_entry(configuration, report.instance, finding, named[finding]))
            else:
                left_out[finding.rule] += 1
    return Written(tuple(entries), left_out)


def configuration_of(instance: Instance, folder: Path) -> str:
    """What a baseline in `folder` calls the configuration: the way to it, the same wherever the two are moved
    together; for what was brought from another host, the name of the file.
    """
    if instance.given.is_far:
        return _text(PurePath(instance.given.name).name)
    own = _real(Path(instance.main_cf.source.name).parent)
    return _text(PurePath(os.path.relpath(own, folder)).as_posix())


def _entry(configuration: str, instance: Instance, finding: Finding, fingerprint: str) -> Entry:
    return Entry(
        configuration,
        _text(file_of(instance, finding)),
        finding.rule,
        finding.service,
        fingerprint,
        _text(finding.message.partition("\n")[0]),
    )


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def _text(text: str) -> str:
    """What JSON can hold: bytes that are no UTF-8 become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
