"""Findings of a rule that say the same of one line for several services become one finding.

A line of main.cf counts for every service without an `-o` of its own, and is mended once. What a log says is
measured of each service, and stays apart.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from advisor.engine.changes import Fix
from advisor.engine.verdicts import Finding
from advisor.facts.registry import Source


def one_for_each_line(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, each line's once; where they differ in weight, the most severe one speaks for all."""
    alike: list[list[Finding]] = []
    for finding in findings:
        same = next((each for each in alike if _say_the_same(each[0], finding)), None)
        if same is None:
            alike.append([finding])
        else:
            same.append(finding)
    return tuple(map(_together, alike))


def _say_the_same(one: Finding, other: Finding) -> bool:
    return (
        None not in (one.service, other.service)
        and one.where == other.where
        and not any(each.source is Source.LOG for each in (*one.evidence, *other.evidence))
        and _nameless(one) == _nameless(other)
    )


def _nameless(finding: Finding) -> tuple[object, ...]:
    """What the finding says and asks for, without the name of its service."""
    key = finding.service or ""
    fixes = tuple(
        replace(
            fix,
            title=fix.title.replace(key, ""),
            changes=tuple(_for_anybody(change, key) for change in fix.changes),
        )
        for fix in finding.fixes
    )
    return finding.message.replace(key, ""), finding.expected_effect.replace(key, ""), fixes


def _for_anybody(change: Any, key: str) -> object:
    return replace(change, service="") if getattr(change, "service", None) == key else change


def _together(findings: Sequence[Finding]) -> Finding:
    speaker = max(findings, key=lambda each: (each.severity.rank, each.confidence.rank))
    others = [each for each in findings if each is not speaker]
    if not others:
        return speaker
    also = tuple(each.service for each in others if each.service is not None)
    return replace(
        speaker,
        message=f"{speaker.message} The same holds for {', '.join(also)}.",
        fixes=tuple(_for_all(speaker.service or "", also, fixes) for fixes in _alternatives(speaker, others)),
        also=also,
    )


def _alternatives(speaker: Finding, others: Sequence[Finding]) -> list[tuple[Fix, ...]]:
    """For each fix of the speaker, it and those of the others that are the same."""
    return list(zip(*(each.fixes for each in (speaker, *others)), strict=True))


def _for_all(key: str, also: Sequence[str], fixes: Sequence[Fix]) -> Fix:
    changes = dict.fromkeys(change for fix in fixes for change in fix.changes)
    return replace(
        fixes[0], title=fixes[0].title.replace(key, ", ".join((key, *also))), changes=tuple(changes)
    )
