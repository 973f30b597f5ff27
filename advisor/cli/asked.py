"""What a command judges, and by which rules: the options of all commands that judge a configuration."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from inspect import Signature, signature
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.completion import selected_rules
from advisor.cli.options import (
    ConfigOption,
    HostOption,
    InstanceOption,
    IsolatedOption,
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
    from advisor.engine.changes import Applicability
    from advisor.policy.choices import Choices
    from advisor.policy.find import Search
    from advisor.report.model import Reports
    from advisor.request import Request


@dataclass(frozen=True)
class Asked:
    """The request for the first of the configurations that are named, the paths of the others, what the
    options choose over an advisor.toml, and where that is looked for.
    """

    request: "Request"
    others: tuple[str, ...]
    choices: "Choices"
    search: "Search"

    def saying(self, **options: object) -> "Asked":
        """The same with further options of those that an advisor.toml may say; None is not said."""
        from advisor.policy.choices import Choices

        return replace(self, choices=Choices.of(**options).over(self.choices))

    def fixing(self, fixes: "Applicability | None") -> "Asked":
        """The same, with the fixes made that are as safe as that; None: none are."""
        from msgspec.structs import replace as changed

        return replace(self, request=changed(self.request, fixes=fixes))

    def reports(self) -> "Reports":
        """The reports on all of them. Raises AdvisorError for what an administrator has to mend first."""
        from advisor.cli.progress import reading
        from advisor.instances import advise_all
        from advisor.policy.settle import settler

        settle = settler(self.choices, self.search)
        with reading([each for each in self.request.logs if isinstance(each, str)]) as progress:
            return advise_all(self.request, self.others, progress, settle)


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
            "or - for the output of postconf -n. A folder without a main.cf stands for all configurations "
            "below it. The instances that multi_instance_directories names are checked too. Default: "
            "/etc/postfix.",
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
    no_ignores: Annotated[
        bool,
        typer.Option(
            "--no-ignores",
            help="Ignore comments, and [[ignore]] in advisor.toml, count for nothing.",
        ),
    ] = False,
    rules_dir: RulesDirOption = None,
    config: ConfigOption = "",
    isolated: IsolatedOption = False,
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
    from advisor.cli.times import asked_time
    from advisor.inputs.read import DEFAULT_PATH
    from advisor.logs.wanted import Wanted
    from advisor.policy.choices import Choices
    from advisor.policy.find import Search
    from advisor.request import Request

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
        with_ignores=not no_ignores,
    )
    choices = Choices.of(
        select=select and words(select),
        extend_select=extend_select and words(extend_select),
        ignore=ignore and words(ignore),
        pedantic=pedantic,
        profile=profile and words(profile),
        postfix_version=postfix_version or None,
        memory=memory or None,
        rules_dir=rules_dir and list(map(str, rules_dir)),
    )
    return Asked(request, tuple(paths[1:]), choices, Search.of(config, os.environ, isolated=isolated))
