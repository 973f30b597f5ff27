"""`advisor check`: a configuration and its log -> findings, and the patch."""

import os
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from advisor.cli.check_outcome import FailOn, OutputFormat, end, write
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
        bool | None,
        typer.Option(
            "--pedantic/--no-pedantic",
            help="Ask also the rules that are a matter of taste; they never fail.",
            show_default=False,
        ),
    ] = None,
    rules_dir: RulesDirOption = None,
    config: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="The advisor.toml to use. Default: ADVISOR_CONFIG, else the one that is found beside PATH, "
            "in the folders above up to the repository's, in ~/.config/advisor or in /etc/advisor.",
        ),
    ] = "",
    isolated: Annotated[bool, typer.Option("--isolated", help="Use no advisor.toml.")] = False,
    min_severity: Annotated[
        MinSeverity | None,
        typer.Option(help="Show findings from this severity on. All of them count. Default: info."),
    ] = None,
    min_confidence: Annotated[
        MinConfidence | None,
        typer.Option(help="Show findings from this confidence on. All of them count. Default: low."),
    ] = None,
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
    fail_on: Annotated[
        FailOn | None, typer.Option(help="Exit with 1 from this severity on. Default: low.")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="As --fail-on never: findings change no exit code.")
    ] = False,
    anonymize: AnonymizeOption = False,
    anonymize_key: AnonymizeKeyOption = "",
    color: ColorOption = Color.AUTO,
) -> None:
    """Check a configuration, with its mail log if there is one. Nothing is written, and nothing is run but
    journalctl for --journal.
    """
    from advisor.app import Request
    from advisor.cli.anonymous import pseudonyms
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.inputs.read import DEFAULT_PATH
    from advisor.instances import run_all
    from advisor.logs.wanted import Wanted
    from advisor.policy.choices import Choices
    from advisor.policy.find import Search
    from advisor.policy.settle import settler

    paths = path or [DEFAULT_PATH]
    request = Request(
        paths[0],
        tuple(log or ()),
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
    )
    choices = Choices.of(
        select=select and words(select),
        extend_select=extend_select and words(extend_select),
        ignore=ignore and words(ignore),
        pedantic=pedantic,
        min_severity=min_severity,
        min_confidence=min_confidence,
        fail_on=FailOn.NEVER if exit_zero else fail_on,
        profile=profile and words(profile),
        postfix_version=postfix_version or None,
        memory=memory or None,
        rules_dir=rules_dir and list(map(str, rules_dir)),
    )
    settle = settler(choices, Search.of(config, os.environ, isolated=isolated), datetime.now(UTC).date())
    with reading(log or ()) as progress:
        reports = run_all(request, paths[1:], progress, settle)
    hidden = pseudonyms([each.metrics for each in reports.reports], anonymize_key, wanted=anonymize)
    write(reports, output_format, color, diff=diff, hidden=hidden)
    end(reports)
