"""`advisor show`: what is in force, where it comes from, and what it shadows."""

from typing import Annotated

import typer

from advisor.cli.options import (
    Color,
    ColorOption,
    FormatOption,
    TextOrJson,
    VersionOption,
    console_for,
    write_document,
)


def show(
    parameters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PARAM...",
            help="Names, or patterns such as 'smtpd_tls_*'. Without any: all that are set.",
        ),
    ] = None,
    service: Annotated[
        str,
        typer.Option(metavar="NAME", help="What a service sees: smtp/inet, or smtp for each of that name."),
    ] = "",
    config_dir: Annotated[
        str, typer.Option(metavar="DIR", help="The folder with main.cf and master.cf, or a main.cf.")
    ] = "/etc/postfix",
    postfix_version: VersionOption = "",
    output_format: FormatOption = TextOrJson.TEXT,
    color: ColorOption = Color.AUTO,
) -> None:
    """Show what is in force, and where it is set. Also under stress, and for each service that differs."""
    from advisor.app import read_instance
    from advisor.report.show import show_settings
    from advisor.report.show_json import settings_as_json
    from advisor.settings.listing import listed

    instance = read_instance(config_dir, postfix_version)
    entries = listed(instance, parameters or (), service)
    if output_format is TextOrJson.JSON:
        write_document(settings_as_json(instance, entries))
    else:
        show_settings(entries, console_for(color))
