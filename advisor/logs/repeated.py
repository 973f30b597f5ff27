"""`message repeated 3 times: [ TEXT]`, which rsyslog writes for equal lines of one process -> their counts.

rsyslog writes the first line as it is, and the number of those that followed (runtime/ratelimit.c). So the
text counts that many times more. What begins or ends a session, a message or a delivery is left out: a
process has one session at a time and an attempt one recipient, so no two such lines in a row are equal.
"""

from collections import Counter
from re import Match

from advisor.logs.capped import Capped
from advisor.logs.messages import Feeds, details, recognise
from advisor.logs.metrics import Metrics
from advisor.logs.numbers import whole

_ONCE = ("connect", "disconnect")


def count_repeated(metrics: Metrics, tag: str, program: str, match: Match[str], minute: int | None) -> None:
    """Counts what a line of the row `repeated` stands for; `minute` is that of the line, if it has one."""
    found = recognise(program, match["repeated"] or "")
    if found is None:
        return
    row, inner = found
    if row.feeds not in (Feeds.COUNTER, Feeds.SESSION) or row.name in _ONCE:
        return
    kind, times = (tag, row.name), whole(match["times"])
    metrics.counters[kind] += times
    if values := details(row, inner):
        metrics.details.setdefault(kind, Capped()).add(values, times)
    if row.series and minute is not None:
        metrics.series.setdefault(kind, Counter())[minute] += times
