"""`advisor postconf`: what postconf(1) of a release would print, with no Postfix installed."""

from typing import Annotated, Any, Final

import typer

from advisor.cli.options import VersionOption

# Everything behind the first word that is no option of advisor's is for postconf(1) to read.
AS_POSTCONF_READS_THEM: Final[dict[str, Any]] = {
    "allow_interspersed_args": False,
    "help_option_names": ["--help"],
    "ignore_unknown_options": True,
}


def postconf(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="POSTCONF-ARGUMENTS...",
            help="What you would say to postconf: -c DIR, -n, -d, -x, -f, -h, -H, -C CLASS, -o NAME=VALUE, "
            "-M, -F, -P, and names.",
        ),
    ] = None,
    postfix_version: VersionOption = "",
    host_name: Annotated[
        str, typer.Option(metavar="NAME", help="What 'uname -n' prints there; else $myhostname stays.")
    ] = "",
    domain: Annotated[
        str, typer.Option(metavar="NAME", help="The default of mydomain there, if it is told.")
    ] = "",
    networks: Annotated[
        str, typer.Option(metavar="LIST", help="The default of mynetworks there, if it is told.")
    ] = "",
) -> None:
    """Print what postconf of any release would print, with no Postfix installed.

    Its words, warnings and exit status are those of postconf(1).
    """
    from advisor.cli.answer import Asked, answer

    answer(Asked(postfix_version, host_name, domain, networks), arguments or [])
