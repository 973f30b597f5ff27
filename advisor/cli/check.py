"""`advisor check`: a configuration and its log -> findings, and the patch."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.check_outcome import FOR_PEOPLE, FailOn, OutputFormat, end, write
from advisor.cli.fixes import FixOption, UnsafeFixesOption, carry_out, widest
from advisor.cli.options import (
    AnonymizeKeyOption,
    AnonymizeOption,
    Color,
    ColorOption,
    HostOption,
    InstanceOption,
    JobsOption,
    JournalOption,
    LogOption,
    MetricsOption,
    ProfileOption,
    RulesDirOption,
    SinceOption,
    UntilOption,
    VersionOption,
    jobs_for,
    words,
)

if TYPE_CHECKING:
    from advisor.app import Request
    from advisor.engine.selection import Selection
    from advisor.report.model import Reports


class MinSeverity(StrEnum):
    """The least severity that is shown."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class MinConfidence(StrEnum):
    """The least confidence that is shown."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


_RULES = "names or categories of rules, or all, with commas between. May be repeated."
_SelectOption = Annotated[
    list[str] | None, typer.Option("--select", metavar="RULES", help=f"Ask only these: {_RULES}")
]
_ExtendOption = Annotated[
    list[str] | None, typer.Option("--extend-select", metavar="RULES", help="Ask these as well.")
]
_IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="RULES",
        help="Do not ask these. The more exact word wins: a name beats a category.",
    ),
]


def check(
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="The folder with main.cf and master.cf, a main.cf, what `advisor collect` brought, or - for "
            "the output of postconf -n. The instances that its multi_instance_directories names are checked "
            "too. Default: /etc/postfix.",
            show_default=False,
        ),
    ] = None,
    log: LogOption = None,
    metrics: MetricsOption = None,
    journal: JournalOption = False,
    since: SinceOption = "",
    until: UntilOption = "",
    host: HostOption = None,
    instance: InstanceOption = None,
    jobs: JobsOption = 0,
    postfix_version: VersionOption = "",
    from_version: Annotated[
        str,
        typer.Option(
            metavar="V",
            help="Today's release, where --postfix-version is tomorrow's: what the upgrade changes is shown. "
            "Default: what the host itself, or the log, says.",
        ),
    ] = "",
    memory: Annotated[
        str,
        typer.Option(metavar="SIZE", help="The machine's memory, such as 4G: what more processes may take."),
    ] = "",
    profile: ProfileOption = None,
    select: _SelectOption = None,
    extend_select: _ExtendOption = None,
    ignore: _IgnoreOption = None,
    pedantic: Annotated[
        bool,
        typer.Option("--pedantic", help="Ask also the rules that are a matter of taste; they never fail."),
    ] = False,
    rules_dir: RulesDirOption = None,
    min_severity: Annotated[
        MinSeverity, typer.Option(help="Show findings from this severity on. All of them count.")
    ] = MinSeverity.INFO,
    min_confidence: Annotated[
        MinConfidence, typer.Option(help="Show findings from this confidence on. All of them count.")
    ] = MinConfidence.LOW,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Print the patch on stdout, for patch -p1; the findings go to stderr."),
    ] = False,
    fix: FixOption = False,
    unsafe_fixes: UnsafeFixesOption = False,
    output_format: Annotated[
        OutputFormat, typer.Option(help="How the report is written.")
    ] = OutputFormat.FULL,
    postconf_n: Annotated[
        str,
        typer.Option(
            "--postconf-n", metavar="FILE", help="A file with the output of postconf -n, in place of PATH."
        ),
    ] = "",
    master: Annotated[
        str,
        typer.Option(metavar="FILE", help="The output of postconf -M that belongs to it, or a master.cf."),
    ] = "",
    defaults: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="The output of postconf -d there: its release and its own defaults."
        ),
    ] = "",
    table_types: Annotated[str, typer.Option(metavar="FILE", help="The output of postconf -m there.")] = "",
    fail_on: Annotated[FailOn, typer.Option(help="Exit with 1 from this severity on.")] = FailOn.LOW,
    anonymize: AnonymizeOption = False,
    anonymize_key: AnonymizeKeyOption = "",
    color: ColorOption = Color.AUTO,
) -> None:
    """Check a configuration, with its mail log if there is one. Nothing is written but for --fix, and nothing
    is run but journalctl for --journal.
    """
    from advisor.app import Request
    from advisor.cli.anonymous import pseudonyms
    from advisor.cli.times import asked_time
    from advisor.inputs.read import DEFAULT_PATH
    from advisor.logs.wanted import Wanted
    from advisor.settings.memory import parse_memory

    paths = path or [DEFAULT_PATH]
    request = Request(
        paths[0],
        tuple(log or ()),
        postfix_version,
        tuple(rules_dir or ()),
        selection=_selection(select, extend_select, ignore, pedantic=pedantic),
        memory=parse_memory(memory, "--memory") if memory else None,
        asked_time=asked_time(since, until),
        journal=journal,
        wanted=Wanted.of(host or (), instance or ()),
        jobs=jobs_for(jobs),
        postconf_n=postconf_n,
        master=master,
        defaults=defaults,
        table_types=table_types,
        from_version=from_version,
        metrics=tuple(metrics or ()),
        profiles=words(profile),
        fixes=widest(fix=fix, unsafe_fixes=unsafe_fixes, diff=diff),
    )
    reports = _reports(request, paths[1:], log or (), min_severity, min_confidence)
    hidden = pseudonyms([each.metrics for each in reports.reports], anonymize_key, wanted=anonymize)
    carry_out(reports, color, to_stderr=output_format not in FOR_PEOPLE, hidden=hidden)
    write(reports, output_format, color, diff=diff, hidden=hidden)
    end(reports, fail_on)


def _selection(
    select: list[str] | None, extend_select: list[str] | None, ignore: list[str] | None, *, pedantic: bool
) -> "Selection":
    from advisor.engine.selection import ALL, Selection
    from advisor.errors import UsageError

    chosen = (ALL,) if select is None else words(select)
    if not chosen:
        raise UsageError("names no rule", where="--select", cure="leave it out, to ask all")
    return Selection(chosen, words(extend_select), words(ignore), pedantic)


def _reports(
    request: "Request",
    others: Sequence[str],
    logs: Sequence[str],
    severity: MinSeverity,
    confidence: MinConfidence,
) -> "Reports":
    from msgspec.structs import replace

    from advisor.cli.progress import reading
    from advisor.engine.verdicts import Confidence, Severity
    from advisor.instances import run_all
    from advisor.report.model import Floor

    with reading(logs) as progress:
        found = run_all(request, others, progress)
    floor = Floor(Severity(severity.value), Confidence(confidence.value))
    return replace(found, reports=tuple(replace(each, floor=floor) for each in found.reports))
