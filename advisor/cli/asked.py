"""What a command judges, and by which rules: the options of all commands that judge a configuration."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.completion import selected_rules
from advisor.cli.options import (
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
    from advisor.engine.changes import Applicability
    from advisor.engine.selection import Selection
    from advisor.report.model import Reports


@dataclass(frozen=True)
class Asked:
    """The request for the first of the configurations that are named, and the paths of the others."""

    request: "Request"
    others: tuple[str, ...]

    def beside(self, baseline: Path | None) -> "Asked":
        """The same, without the findings that a baseline knows. Raises InputError for what is none."""
        from msgspec.structs import replace as changed

        from advisor.baseline import read_baseline

        return replace(
            self, request=changed(self.request, baseline=read_baseline(baseline) if baseline else None)
        )

    def fixing(self, fixes: "Applicability | None") -> "Asked":
        """The same, with the fixes made that are as safe as that; None: none are."""
        from msgspec.structs import replace as changed

        return replace(self, request=changed(self.request, fixes=fixes))

    def reports(self) -> "Reports":
        """The reports on all of them. Raises AdvisorError for what an administrator has to mend first."""
        from advisor.cli.progress import reading
        from advisor.instances import advise_all

        with reading([each for each in self.request.logs if isinstance(each, str)]) as progress:
            return advise_all(self.request, self.others, progress)


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of `asked` before its own; it is given what they ask for."""
    shared = list(signature(asked).parameters.values())
    own = list(signature(command).parameters.values())[1:]

    @wraps(command)
    def run(**given: object) -> None:
        mine = {each.name: given.pop(each.name) for each in own}
        command(asked(**given), **mine)  # type: ignore[arg-type]

    # What typer reads to know the options.
    run.__signature__ = Signature([*shared, *own])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*shared, *own)}
    return run


_RULES = "names or categories of rules, or all, with commas between. May be repeated."
_SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="RULES", autocompletion=selected_rules, help=f"Ask only these: {_RULES}"
    ),
]
_ExtendOption = Annotated[
    list[str] | None,
    typer.Option(
        "--extend-select", metavar="RULES", autocompletion=selected_rules, help="Ask these as well."
    ),
]
_IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="RULES",
        autocompletion=selected_rules,
        help="Do not ask these. The more exact word wins: a name beats a category.",
    ),
]


def asked(
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="The folder with main.cf and master.cf, one of the two, what `advisor collect` brought, "
            "or - for the output of postconf -n. The instances that its multi_instance_directories names are "
            "checked too. Default: /etc/postfix.",
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
) -> Asked:
    """What the options ask for."""
    from advisor.app import Request
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
    return Asked(request, tuple(paths[1:]))


def _selection(
    select: list[str] | None, extend_select: list[str] | None, ignore: list[str] | None, *, pedantic: bool
) -> "Selection":
    from advisor.engine.selection import ALL, Selection
    from advisor.errors import UsageError

    chosen = (ALL,) if select is None else words(select)
    if not chosen:
        raise UsageError("names no rule", where="--select", cure="leave it out, to ask all")
    return Selection(chosen, words(extend_select), words(ignore), pedantic)
