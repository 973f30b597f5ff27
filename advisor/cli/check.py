"""`advisor check`: a configuration and its log -> findings, and the patch."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.exits import Exit
from advisor.cli.options import (
    AnonymizeKeyOption,
    AnonymizeOption,
    Color,
    ColorOption,
    HostOption,
    InstanceOption,
    JobsOption,
    JournalOption,
    ProfileOption,
    RulesDirOption,
    SinceOption,
    UntilOption,
    VersionOption,
    console_for,
    jobs_for,
    words,
    write_document,
)

if TYPE_CHECKING:
    from rich.console import Console

    from advisor.app import Request
    from advisor.engine.selection import Selection
    from advisor.report.model import Report, Reports
    from advisor.report.pseudonyms import Pseudonyms


class OutputFormat(StrEnum):
    """How the report is written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"


class FailOn(StrEnum):
    """The least severity that makes the exit code 1."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NEVER = "never"


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


_GRAVEST_FIRST = (Exit.WRONG_INPUT, Exit.NOTHING_TO_CHECK, Exit.FINDINGS, Exit.CLEAN)
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
    log: Annotated[
        list[str] | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="A mail log, also .gz, .bz2, .xz or .zst, a folder of them, or - for standard input. May be "
            "repeated.",
        ),
    ] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option(
            "--metrics",
            metavar="FILE",
            help="What `advisor metrics --output-format json` wrote. May be repeated, also beside --log.",
        ),
    ] = None,
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
    """Check a configuration, with its mail log if there is one. Nothing is written, and nothing is run but
    journalctl for --journal.
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
    )
    reports = _reports(request, paths[1:], log or (), min_severity, min_confidence)
    hidden = pseudonyms([each.metrics for each in reports.reports], anonymize_key, wanted=anonymize)
    _write(reports, output_format, color, diff=diff, hidden=hidden)
    _exit(reports, fail_on)


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


def _write(
    reports: "Reports", form: OutputFormat, color: Color, *, diff: bool, hidden: "Pseudonyms | None"
) -> None:
    if form is OutputFormat.JSON:
        from advisor.cli.anonymous import hidden_json
        from advisor.report.json import write_json

        text = write_json(reports)
        write_document(text if hidden is None else hidden_json(text, hidden))
        return
    console = console_for(color, to_stderr=diff)
    for number, report in enumerate(reports.reports):
        if number:
            console.print()
        _write_text(report, form, console, hidden)
    if diff:
        sys.stdout.flush()
        for report in reports.reports:
            patch = report.patch if hidden is None else hidden.text(report.patch)
            sys.stdout.buffer.write(patch.encode("utf-8", "surrogateescape"))


def _write_text(
    report: "Report", form: OutputFormat, console: "Console", hidden: "Pseudonyms | None"
) -> None:
    from advisor.cli.anonymous import write_hidden
    from advisor.report.concise import write_concise
    from advisor.report.full import write_full

    write = partial(write_concise if form is OutputFormat.CONCISE else write_full, report)
    if hidden is None:
        write(console)
    else:
        write_hidden(write, hidden, console)


def _exit(reports: "Reports", fail_on: FailOn) -> None:
    """Ends with the gravest of the codes: what could not be judged at all is worse than any finding."""
    from advisor.engine.wording import visible

    for each in reports.not_judged:
        sys.stderr.write(visible(f"advisor: {each.path}: {each.problem}; {each.cure}") + "\n")
    codes = {_code(report, fail_on) for report in reports.reports}
    codes |= {Exit(each.exit_code) for each in reports.not_judged}
    worst = next(code for code in _GRAVEST_FIRST if code in codes)
    if worst is not Exit.CLEAN:
        raise typer.Exit(worst)


def _code(report: "Report", fail_on: FailOn) -> Exit:
    from advisor.engine.verdicts import Severity
    from advisor.engine.wording import visible

    for line in report.unexplained:
        sys.stderr.write(visible(f"{line.span}: Postfix refuses this: {line.problem}; {line.cure}") + "\n")
    if report.refused:
        return Exit.WRONG_INPUT
    if fail_on is not FailOn.NEVER and report.reaches(Severity(fail_on.value)):
        return Exit.FINDINGS
    return Exit.CLEAN
