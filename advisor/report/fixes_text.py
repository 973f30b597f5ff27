"""What --fix wrote, and what it left and why: some lines in front of the report on the new text."""

from pathlib import PurePath

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from advisor.engine.changes import Requires
from advisor.engine.wording import visible
from advisor.report.layout import labelled
from advisor.report.model import Fixed, Mended, Report

# What the most demanding of some fixes needs, that first.
_IN_FORCE = {
    Requires.RESTART: "after 'postfix stop' and 'postfix start'",
    Requires.RELOAD: "after 'postfix reload'",
    Requires.NOTHING: "at once: Postfix need not read it again",
}


def write_fixes(report: Report, console: Console) -> None:
    """Prints what was done for a report on what is left; nothing where nobody asked for it."""
    mended = report.mended
    if mended is None:
        return
    rows = labelled()
    if mended.recovered:
        rows.add_row(Text("before", "dim"), Text(visible(mended.recovered)))
    for each in mended.fixed:
        rows.add_row(Text("fixed", "dim"), _fixed(each))
    for reason, rules in _left(report).items():
        rows.add_row(Text("left", "dim"), Text(visible(f"{', '.join(rules)}: {reason}")))
    if mended.fixed:
        needed = {each.fix.requires for each in mended.fixed}
        release = f"Postfix {report.instance.release} ({visible(report.instance.release_source)})"
        rows.add_row(Text("for", "dim"), Text(release))
        rows.add_row(
            Text("in force", "dim"), Text(next(_IN_FORCE[each] for each in _IN_FORCE if each in needed))
        )
    head = Text.assemble((visible(report.instance.name), "bold"), f": {_written(mended)}")
    console.print(head, soft_wrap=True)
    if rows.row_count:
        console.print(Padding(rows, (0, 0, 0, 2)))
    console.print()


def _written(mended: Mended) -> str:
    files = " and ".join(visible(PurePath(each.path).name) for each in mended.rewrites)
    return f"{files} written" if files else "nothing written"


def _fixed(fixed: Fixed) -> Text:
    files = ", ".join(PurePath(each).name for each in fixed.files)
    return Text.assemble(
        (visible(fixed.fix.title), "bold"),
        visible(f"  ({fixed.finding.rule}; {files}; {fixed.fix.applicability.value})"),
    )


def _left(report: Report) -> dict[str, list[str]]:
    """The reasons why something is left, with the rules that want it."""
    found: dict[str, list[str]] = {}
    for each in report.not_fixed:
        rules = found.setdefault(each.reason, [])
        if each.rule not in rules:
            rules.append(each.rule)
    return found
