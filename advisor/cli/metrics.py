"""`advisor metrics`: what a log says, without a configuration."""

import sys
from typing import Annotated

import typer

from advisor.cli.options import (
    Color,
    ColorOption,
    FormatOption,
    SinceOption,
    TextOrJson,
    UntilOption,
    console_for,
)


def metrics(
    logs: Annotated[
        list[str], typer.Argument(metavar="LOG", help="Mail logs, also .gz, or - for standard input.")
    ],
    since: SinceOption = "",
    until: UntilOption = "",
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """Sum up mail logs. Sessions, lost connections, busy processes, deliveries and their delays."""
    from advisor.capacity.log_summary import summarize
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.logs.sources import read_logs
    from advisor.report.metrics import metrics_as_json, write_metrics

    asked = asked_time(since, until)
    with reading(logs) as progress:
        summary = summarize(read_logs(logs, asked=asked, progress=progress))
    if output_format is TextOrJson.JSON:
        sys.stdout.write(metrics_as_json(summary))
    else:
        write_metrics(summary, console_for(color))
