"""The report as Markdown for a comment on a pull request, or the summary of a job: short, and nothing in it
but text.

What comes from a configuration can make no link, mention, image, table or fence.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from advisor.engine.verdicts import Severity
from advisor.engine.wording import visible
from advisor.report.documentation import page_of
from advisor.report.located import Located, located
from advisor.report.model import Report, Reports
from advisor.report.problems import UNDECIDED, problems

# GitHub takes no comment above 65,536 characters, and GitLab cuts long ones.
_ROOM_FOR_ROWS, _ROOM_FOR_PATCH, _ROOM_FOR_NOTES = 30_000, 20_000, 10_000
_MESSAGE = 600
_MARKS = re.compile(r"[\\`*\[\]<>|~$&^@#!]|(?<!\w)_|_(?!\w)|:(?=//)|(?<=www)\.")
# GitHub and GitLab look for these in what Markdown has left. A blank of no width behind takes their power.
_CALLS = "@#!~$&"
_TICKS = re.compile("`+")


def write_markdown(reports: Reports) -> str:
    """The reports as one piece of Markdown, with a newline behind it."""
    found = located(reports)
    parts = [f"### advisor: {_headline(reports, found)}\n"]
    if found:
        parts.append("".join(_within(_rows(found), _ROOM_FOR_ROWS)))
    if patch := "".join(report.patch for report in reports.reports):
        parts.append(_folded(patch))
    if notes := "".join(_within(_notes(reports), _ROOM_FOR_NOTES)):
        parts.append(notes)
    return "\n".join(parts)


def _headline(reports: Reports, found: Sequence[Located]) -> str:
    if not reports.reports:
        return "nothing was judged"
    counts = Counter(each.finding.severity for each in found)
    by_severity = ", ".join(f"{counts[each]} {each.value}" for each in reversed(Severity) if counts[each])
    total = f"{len(found)} finding{'s' * (len(found) != 1)}: {by_severity}" if found else "no finding"
    failing = [report.gate for report in reports.reports for _ in report.failing]
    if not failing:
        return total
    gates = " or ".join(gate.value for gate in Severity if gate in failing)
    return f"{total}; {len(failing)} at or above the gate ({gates})"


def _rows(found: Sequence[Located]) -> Iterator[str]:
    yield "| | rule | place | |\n|---|---|---|---|\n"
    for each in found:
        finding = each.finding
        message = " ".join(finding.message.split())
        short = message if len(message) <= _MESSAGE else f"{message[: _MESSAGE - 1]}…"
        place = _code(f"{each.place.file}:{each.place.line}")
        rule = _rule(each.report, finding.rule)
        yield f"| {finding.severity.value} | {rule} | {place} | {_plain(short)} |\n"


def _rule(report: Report, name: str) -> str:
    page = page_of(report.rule(name))
    return f"[{name}]({page})" if page and not set(page) & set("()<> |") else name


def _folded(patch: str) -> str:
    """The patch, folded away, in a fence that is longer than any row of marks in it."""
    if len(patch) > _ROOM_FOR_PATCH:
        return f"The patch has {patch.count(chr(10))} lines: `advisor check --diff` prints it.\n"
    text = "".join(f"{visible(line)}\n" for line in patch.removesuffix("\n").split("\n"))
    fence = "`" * max(3, 1 + max((len(each) for each in _TICKS.findall(text)), default=0))
    summary = "The patch, which <code>advisor check --diff</code> prints"
    return f"<details><summary>{summary}</summary>\n\n{fence}diff\n{text}{fence}\n\n</details>\n"


def _notes(reports: Reports) -> Iterator[str]:
    for each in (told for told in problems(reports) if told.kind != UNDECIDED):
        yield f"- {_plain(each.text if len(each.text) <= _MESSAGE else f'{each.text[: _MESSAGE - 1]}…')}\n"
    if undecided := sum(len(report.unknown) for report in reports.reports):
        needing = sum(len(report.without_log) for report in reports.reports)
        yield f"- {undecided} undecided, {needing} of them for lack of a log\n"


def _within(lines: Iterator[str], room: int) -> Iterator[str]:
    """The lines for which there is room, and how many are left out."""
    left_out = 0
    for line in lines:
        room -= len(line)
        if room >= 0:
            yield line
        else:
            left_out += 1
    if left_out:
        yield f"\nand {left_out} more\n"


def _plain(text: str) -> str:
    """Text in which no mark of Markdown's, no mention and no address is left."""
    return _MARKS.sub(_spelled, visible(text))


def _spelled(found: re.Match[str]) -> str:
    mark = found[0]
    return f"&#{ord(mark)};" + "&#8203;" * (mark in _CALLS)


def _code(text: str) -> str:
    """A span of code within a table's cell; text that could end either is no code."""
    return _plain(text) if set(text) & set("`|\\") else f"`{visible(text)}`"
