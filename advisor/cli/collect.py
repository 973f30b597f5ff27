"""`advisor collect`: the script that brings a configuration from a host without Python."""

from typing import Annotated

import typer

from advisor.cli.options import write_document


def collect(
    script: Annotated[
        bool, typer.Option("--script", help="Print the script; it needs sh, awk and tar on the other host.")
    ] = False,
    log_days: Annotated[
        int, typer.Option(min=0, max=9999, help="Let it take the mail log of the last days along.")
    ] = 0,
) -> None:
    """Print a shell script for a far host: advisor collect --script | ssh mx1 sudo sh >mx1.tar."""
    from advisor.collect import collect_script
    from advisor.errors import UsageError

    if not script:
        raise UsageError(
            "advisor itself goes to no other host",
            where="collect",
            cure="say advisor collect --script | ssh mx1 sudo sh >mx1.tar",
        )
    write_document(collect_script(log_days))
