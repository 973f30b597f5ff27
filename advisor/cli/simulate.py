"""`advisor simulate`: the sessions of a log under other settings."""

from typing import Annotated

import typer

from advisor.cli.options import (
    Color,
    ColorOption,
    FolderArgument,
    FormatOption,
    HostOption,
    InstanceOption,
    JobsOption,
    JournalOption,
    LogOption,
    MetricsOption,
    ServiceOption,
    SinceOption,
    TextOrJson,
    UntilOption,
    VersionOption,
    console_for,
    jobs_for,
    write_document,
)


def simulate(
    path: FolderArgument = "/etc/postfix",
    log: LogOption = None,
    metrics: MetricsOption = None,
    journal: JournalOption = False,
    since: SinceOption = "",
    until: UntilOption = "",
    host: HostOption = None,
    instance: InstanceOption = None,
    jobs: JobsOption = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A value to try: smtpd_timeout=60s for all services, smtp/inet/smtpd_timeout=60s or "
            "smtp/inet/process_limit=200 for one. May be repeated: all are tried together.",
        ),
    ] = None,
    plan: Annotated[
        bool,
        typer.Option(
            "--plan",
            help="Try what `advisor check --diff` would change. Without --set, --plan and --sweep, that and "
            "each remedy alone.",
        ),
    ] = False,
    sweep: Annotated[
        str,
        typer.Option(
            metavar="NAME=FIRST..LAST",
            help="Draw the curve of a limit: smtp/inet/process_limit=50..400, smtpd_timeout=10s..5m.",
        ),
    ] = "",
    service: ServiceOption = "",
    patience: Annotated[
        str,
        typer.Option(metavar="TIME", help="How long a client waits for the banner before it leaves."),
    ] = "5m",
    postfix_version: VersionOption = "",
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """Replay a log under other settings: who would have waited, and what each remedy would have done.

    A prediction with an interval, made of the sessions that were logged. Nothing is written or run.
    """
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.errors import UsageError
    from advisor.logs.wanted import Wanted
    from advisor.request import Request as Checked
    from advisor.settings.values import BadValue, parse_seconds
    from advisor.simulate import Request
    from advisor.simulate import simulate as simulated

    waits = parse_seconds(patience)
    if isinstance(waits, BadValue):
        raise UsageError(str(waits), where="--patience", cure="write 30s or 5m")
    checked = Checked(
        path,
        tuple(log or ()),
        postfix_version,
        asked_time=asked_time(since, until),
        journal=journal,
        wanted=Wanted.of(host or (), instance or ()),
        jobs=jobs_for(jobs),
        metrics=tuple(metrics or ()),
    )
    request = Request(checked, tuple(settings or ()), plan, service, sweep, float(waits))
    with reading(log or ()) as progress:
        report = simulated(request, progress)
    if output_format is TextOrJson.JSON:
        from advisor.report.simulate_json import simulation_as_json

        write_document(simulation_as_json(report))
    else:
        from advisor.report.simulate_text import write_simulation

        write_simulation(report, console_for(color))
