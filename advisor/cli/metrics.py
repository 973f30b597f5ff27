"""`advisor metrics`: what a log says, without a configuration."""

from typing import Annotated

import typer

from advisor.cli.options import (
    AnonymizeKeyOption,
    AnonymizeOption,
    Color,
    ColorOption,
    FormatOption,
    HostOption,
    InstanceOption,
    JobsOption,
    JournalOption,
    SinceOption,
    TextOrJson,
    UntilOption,
    console_for,
    jobs_for,
    write_document,
)


def metrics(
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOG...",
            help="Mail logs, also .gz, .bz2, .xz or .zst, folders of them, or - for standard input; and what "
            "--output-format json wrote of logs.",
            show_default=False,
        ),
    ] = None,
    journal: JournalOption = False,
    since: SinceOption = "",
    until: UntilOption = "",
    host: HostOption = None,
    instance: InstanceOption = None,
    jobs: JobsOption = 0,
    output_format: FormatOption = TextOrJson.TEXT,
    details: Annotated[
        bool, typer.Option("--details", help="Everything: all programs, clients, destinations, messages.")
    ] = False,
    no_sessions: Annotated[
        bool,
        typer.Option(
            "--no-sessions",
            help="JSON without the single sessions and messages: small, but no cause is found in it.",
        ),
    ] = False,
    anonymize: AnonymizeOption = False,
    anonymize_key: AnonymizeKeyOption = "",
    color: ColorOption = Color.AUTO,
) -> None:
    """Sum up mail logs. Sessions, lost connections, busy processes, deliveries and their delays."""
    from advisor.cli.anonymous import pseudonyms
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.inputs.metrics import read_metrics
    from advisor.logs.source import sources_of
    from advisor.logs.wanted import Wanted

    with reading(logs or ()) as progress:
        found = read_metrics(
            sources_of(logs or (), journal=journal),
            asked=asked_time(since, until),
            wanted=Wanted.of(host or (), instance or ()),
            jobs=jobs_for(jobs),
            progress=progress,
        )
    hidden = pseudonyms([found], anonymize_key, wanted=anonymize)
    if output_format is TextOrJson.JSON:
        from advisor.report.metrics_json import metrics_as_json

        write_document(metrics_as_json(found, sessions=not no_sessions, hidden=hidden))
    else:
        from advisor.capacity.log_summary import summarize
        from advisor.report.metrics_text import write_metrics

        write_metrics(summarize(found, levels=False), console_for(color), details=details, hidden=hidden)
