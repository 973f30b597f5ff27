"""`advisor ignores`: what somebody decided to live with, and until when."""

from advisor.cli.asked import Asked, asking
from advisor.cli.options import Color, ColorOption, FormatOption, TextOrJson, console_for, write_document


@asking
def ignores(
    asked: Asked, output_format: FormatOption = TextOrJson.TEXT, color: ColorOption = Color.AUTO
) -> None:
    """List what is ignored: where, which rules, until when, why, and what it hides now."""
    from advisor.cli.check_outcome import end_of_reading
    from advisor.report.ignores import ignores_as_json, write_ignores

    reports = asked.reports()
    if output_format is TextOrJson.JSON:
        write_document(ignores_as_json(reports))
    else:
        write_ignores(reports, console_for(color))
    end_of_reading(reports)
