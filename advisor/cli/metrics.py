"""`advisor metrics`: what a log says, without a configuration."""

import sys
from typing import Annotated

import typer

from advisor.cli.options import (
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
)


def metrics(
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOG",
            help="Mail logs, also .gz, .bz2, .xz or .zst, folders of them, or - for standard input.",
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
    color: ColorOption = Color.AUTO,
) -> None:
    """Sum up mail logs. Sessions, lost connections, busy processes, deliveries and their delays."""
    from advisor.capacity.log_summary import summarize
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.logs.sources import read_logs, sources_of
    from advisor.logs.wanted import Wanted
    from advisor.report.metrics import metrics_as_json, write_metrics

    asked = asked_time(since, until)
    sources = sources_of(logs or (), journal=journal)
    wanted = Wanted.of(host or (), instance or ())
    with reading(logs or ()) as progress:
        summary = summarize(
            read_logs(sources, asked=asked, wanted=wanted, jobs=jobs_for(jobs), progress=progress)
        )
    if output_format is TextOrJson.JSON:
        sys.stdout.write(metrics_as_json(summary))
    else:
        write_metrics(summary, console_for(color))
