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
        list[str], typer.Argument(
            metavar="LOG",
            help="Mail logs, also .gz, or - for standard input; and what --output-format json wrote of logs.",
        )
    ],
    since: SinceOption = "",
    until: UntilOption = "",
    output_format: FormatOption = TextOrJson.TEXT,
    details: Annotated[
        bool, typer.Option("--details", help="Everything: all programs, clients, destinations, messages.")
    ] = False,
    no_sessions: Annotated[
        bool,
        typer.Option(
            "--no-sessions", help="JSON without the single sessions and messages: small, but no cause is found in it."
        ),
    ] = False,
    color: ColorOption = Color.AUTO,
) -> None:
    """Sum up mail logs. Sessions, lost connections, busy processes, deliveries and their delays."""
    from advisor.capacity.log_summary import summarize
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.inputs.metrics import read_metrics

    asked = asked_time(since, until)
    with reading(logs) as progress:
        found = read_metrics(logs, asked=asked, progress=progress)
    summary = summarize(found)
    if output_format is TextOrJson.JSON:
        from advisor.report.metrics_json import metrics_as_json
        from advisor.report.metrics_writing import state_of

        sys.stdout.write(metrics_as_json(summary, state_of(found, sessions=not no_sessions)))
    else:
        from advisor.report.metrics_text import write_metrics

        write_metrics(summary, console_for(color), details=details)
