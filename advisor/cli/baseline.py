"""`advisor baseline`: the findings of today -> a file that hides them from `advisor check`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.asked import Asked, asking
from advisor.cli.check_outcome import end
from advisor.cli.options import write_document
from advisor.fail_on import FailOn

if TYPE_CHECKING:
    from advisor.baseline import Written

_STDOUT = Path("-")


@asking
def baseline(
    asked: Asked,
    output_file: Annotated[
        Path,
        typer.Option(
            "--output-file", "-o", metavar="FILE", help="The file to write, or - for standard output."
        ),
    ] = Path("advisor-baseline.json"),
) -> None:
    """Write down the present findings, for `advisor check --baseline FILE`: what is in it does not count.

    The same options as for check: what was not asked then is not in it.
    """
    from advisor.baseline import baseline_of, write_baseline
    from advisor.baseline_file import baseline_text

    reports = asked.saying(baseline="", fail_on=FailOn.NEVER).reports()
    if output_file == _STDOUT:
        made = baseline_of(reports.reports, Path())
        write_document(baseline_text(made.entries))
    else:
        made = write_baseline(output_file, reports.reports)
        _tell(made, output_file)
    for rule, count in sorted(made.left_out.items()):
        what = "1 finding is" if count == 1 else f"{count} findings are"
        sys.stderr.write(f"advisor: {rule}: {what} not in the baseline, since nothing hides this rule\n")
    end(reports)


def _tell(made: "Written", file: Path) -> None:
    from advisor.engine.wording import visible

    count = len(made.entries)
    what = "1 finding" if count == 1 else f"{count} findings"
    typer.echo(visible(f"{file}: {what}"))
