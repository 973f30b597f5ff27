"""`advisor rehearse`: a change tried on a private Postfix, under the load of the log."""

import sys
from pathlib import Path
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
    ServiceOption,
    SinceOption,
    TextOrJson,
    UntilOption,
    VersionOption,
    console_for,
    jobs_for,
    write_document,
)


def rehearse(
    path: FolderArgument = "/etc/postfix",
    log: Annotated[
        list[str] | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help="A mail log, also .gz, .bz2, .xz or .zst, a folder of them, or - for standard input. May be "
            "repeated. Default: mail.log beside main.cf, if there is one.",
        ),
    ] = None,
    journal: JournalOption = False,
    since: SinceOption = "",
    until: UntilOption = "",
    host: HostOption = None,
    instance: InstanceOption = None,
    jobs: JobsOption = 0,
    plan: Annotated[
        bool, typer.Option("--plan", help="Try what `advisor check --diff` would change: the default.")
    ] = False,
    patch: Annotated[
        Path | None,
        typer.Option(
            "--patch", metavar="FILE", help="Try this unified diff instead. It is applied in memory only."
        ),
    ] = None,
    service: ServiceOption = "",
    seconds: Annotated[
        int, typer.Option(metavar="N", min=10, max=600, help="How long each side is played at most.")
    ] = 40,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean", help="Only end what an earlier rehearsal left; each rehearsal begins with it."
        ),
    ] = False,
    postfix_version: VersionOption = "",
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """Try a change on a private Postfix: the load of the log, before and after, side by side.

    Needs root, an installed Postfix and namespaces. The private Postfix reaches neither the host's mail
    system nor the net, and nothing of it remains.
    """
    from advisor.cli.progress import reading
    from advisor.cli.times import asked_time
    from advisor.errors import UsageError
    from advisor.logs.wanted import Wanted
    from advisor.rehearsal.left_over import clean as clean_up
    from advisor.rehearse import Request, read_patch
    from advisor.rehearse import rehearse as rehearsed
    from advisor.request import Request as Checked

    if clean:
        found = clean_up()
        sys.stdout.write(
            f"ended {found} processes of earlier rehearsals\n" if found else "nothing was left\n"
        )
        return
    if plan and patch is not None:
        raise UsageError("--plan and --patch are two changes", cure="leave one of them out")
    beside = (Path(path) if Path(path).is_dir() else Path(path).parent) / "mail.log"
    logs = tuple(log or ((str(beside),) if not journal and beside.is_file() else ()))
    checked = Checked(
        path,
        logs,
        postfix_version,
        asked_time=asked_time(since, until),
        journal=journal,
        wanted=Wanted.of(host or (), instance or ()),
        jobs=jobs_for(jobs),
    )
    text = read_patch(patch) if patch else None
    request = Request(checked, text, str(patch or ""), service, float(seconds))
    with reading(logs) as progress:
        report = rehearsed(request, progress, _tell)
    if output_format is TextOrJson.JSON:
        from advisor.report.rehearse_json import rehearsal_as_json

        write_document(rehearsal_as_json(report))
    else:
        from advisor.report.rehearse_text import write_rehearsal

        write_rehearsal(report, console_for(color))


def _tell(side: str, seconds: float) -> None:
    """Whoever waits at a terminal is told for what."""
    if sys.stderr.isatty():
        sys.stderr.write(f"plays {side}, {seconds:.0f} s\n")
