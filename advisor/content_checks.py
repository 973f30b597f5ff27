"""The second use case: the header and body checks of a configuration, pattern by pattern.

It measures: patterns run in a process of their own, and postmap where it is. So it is no part of `check`,
which only reads.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from advisor.app import read_instance
from advisor.engine.changes import SetParameter
from advisor.errors import NothingToCheck
from advisor.logs.content import ContentLog, read_content_log
from advisor.logs.source import Source
from advisor.patterns.corpus import corpus
from advisor.patterns.hits import TableHits, hits_of
from advisor.patterns.review import review_table
from advisor.patterns.sample import LineKind, Sample, make_sample, read_sample
from advisor.patterns.trial import Limits
from advisor.plan.diff import FilePatch, unified_diff
from advisor.plan.edits import apply_changes
from advisor.plan.text_edits import CannotEdit
from advisor.report.checks_model import BUILT_IN, KINDS, ChecksReport, Reviewed, body_limit_of
from advisor.settings.instance import Instance
from advisor.settings.values import BadValue
from advisor.syntax.pattern_table import Rule, TableType, parse_pattern_table

_MEASURED = (TableType.REGEXP, TableType.PCRE)


class Request(msgspec.Struct, frozen=True):
    """Which configuration, with which logs and which messages. `drop_never_hit`: rules without a hit in the
    log may go too; `tables`: only those with this path, all if empty; `to_pcre`: a regexp: table may change.
    """

    path: str
    logs: tuple[Source, ...] = ()
    sample: tuple[Path, ...] = ()
    postfix_version: str = ""
    drop_never_hit: bool = False
    to_pcre: bool = True
    limits: Limits = msgspec.field(default_factory=Limits)


def review_checks(request: Request) -> ChecksReport:
    """The report on all header and body checks. Raises AdvisorError for what has to be mended first."""
    instance = read_instance(request.path, request.postfix_version)
    named = _named_tables(instance)
    if not named:
        raise NothingToCheck(
            "no header_checks, body_checks or their like are set",
            where=instance.name,
            cure="name the configuration of a server that has some",
        )
    limit = body_limit_of(instance)
    sample = read_sample(request.sample, limit) if request.sample else make_sample(BUILT_IN, corpus(), limit)
    log = read_content_log(request.logs) if request.logs else None
    tables = tuple(
        _reviewed(request, instance, name, parameters, sample, log) for name, parameters in named.items()
    )
    return ChecksReport(instance, sample, log, tables, unified_diff(_patches(instance, tables)))


def _named_tables(instance: Instance) -> dict[str, tuple[str, ...]]:
    """The tables by name, `regexp:/path`, and the parameters that name them, anywhere."""
    found: dict[str, list[str]] = {}
    for parameter in KINDS:
        for service in (None, *instance.services):
            items = instance.setting(parameter, service).items()
            for item in () if isinstance(items, BadValue) else items:
                owners = found.setdefault(item, [])
                if parameter not in owners:
                    owners.append(parameter)
    return {name: tuple(parameters) for name, parameters in found.items()}


def _reviewed(
    request: Request,
    instance: Instance,
    name: str,
    parameters: tuple[str, ...],
    sample: Sample,
    log: ContentLog | None,
) -> Reviewed:
    kind, _, path = name.partition(":")
    kinds = {KINDS[parameter] for parameter in parameters}
    lines = tuple(line for each in LineKind if each in kinds for line in sample.lines[each])
    per_message = len(lines) / max(1, sample.messages)
    source = instance.table(path)
    if kind not in _MEASURED or source is None:
        why = "its type is no list of patterns" if kind not in _MEASURED else f"{path} was not given"
        return Reviewed(parameters, name, source, per_message, None, None, why)
    table = parse_pattern_table(source, TableType(kind))
    hits = hits_of(table, log, kinds, request.limits.tries) if log else None
    review = review_table(
        table,
        lines,
        of_body=LineKind.BODY in kinds,
        drop=_never_hit(table.rules, hits) if request.drop_never_hit else {},
        to_pcre=(request.to_pcre and instance.host.table_types is None)
        or "pcre" in (instance.host.table_types or ()),
        limits=request.limits,
    )
    return Reviewed(parameters, name, source, per_message, review, hits)


def _never_hit(rules: Sequence[Rule], hits: TableHits | None) -> dict[int, str]:
    if hits is None:
        return {}
    hit_or_unknown = hits.by_line.keys() | hits.unlogged | hits.maybe
    return {rule.line: "no hit in the log" for rule in rules if rule.line not in hit_or_unknown}


def _patches(instance: Instance, tables: Sequence[Reviewed]) -> list[FilePatch]:
    """The table files whose new text is proven, and main.cf where a type changes."""
    patches = []
    renamed: dict[str, str] = {}
    for each in tables:
        proposal = each.review.proposal if each.review else None
        if each.source is None or proposal is None or not proposal.proof.holds:
            continue
        patches.append(
            FilePatch(_relative(instance, each.source.name), each.source.text, proposal.table.render())
        )
        kind, _, path = each.name.partition(":")
        if proposal.table.type.value != kind:
            renamed[each.name] = f"{proposal.table.type.value}:{path}"
    behind = instance
    for parameter in dict.fromkeys(name for each in tables for name in each.parameters):
        text = instance.setting(parameter).text
        new = text
        for old, name in renamed.items():
            new = re.sub(rf"(?<![\w:]){re.escape(old)}(?![^\s,])", name, new)
        if new != text and any(line.name == parameter for line in instance.main_cf.assignments):
            changed = apply_changes(behind, [SetParameter(parameter, new)])
            behind = behind if isinstance(changed, CannotEdit) else changed
    before, after = instance.main_cf.source, behind.main_cf.source
    if before.text != after.text:
        patches.append(FilePatch(_relative(instance, before.name), before.text, after.text))
    return patches


def _relative(instance: Instance, name: str) -> str:
    folder = Path(instance.main_cf.source.name).parent
    path = Path(name)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path).lstrip("/")
