"""Where logs come from: files, folders, archives, standard input, the journal.

Several files are put into the order of their first stamps, whatever their names say.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from advisor.errors import InputError, NothingLogged, UsageError
from advisor.logs.blocks import LogFile, log_in_memory, piped_log
from advisor.logs.ends import end_of
from advisor.logs.metrics import Metrics
from advisor.logs.order import files_named, in_order
from advisor.logs.reading import read_files
from advisor.logs.source import STDIN, Journal, LogText, Progress, Source, sources_of, unheard
from advisor.logs.time_window import AskedTime, LogEnd
from advisor.logs.twice import told_twice
from advisor.logs.wanted import EVERYTHING, Wanted

__all__ = ["STDIN", "Journal", "LogText", "Progress", "Source", "read_logs", "sources_of", "unheard"]

_ALL_TIME = AskedTime()


def read_logs(
    sources: Sequence[Source],
    *,
    asked: AskedTime = _ALL_TIME,
    wanted: Wanted = EVERYTHING,
    jobs: int = 1,
    progress: Progress = unheard,
) -> Metrics:
    """The metrics of all the sources together, of the time, the hosts and the instances that were asked for;
    `jobs` is how many processes may read.

    What breaks off is read up to there, and said in `breaks`. Raises InputError when a file cannot be read,
    NothingLogged when none holds a line of Postfix, UsageError for a time that counts back from the end of a
    pipe.
    """
    if not sources:
        raise UsageError("no log is named", cure="name the log that Postfix writes, or say --journal")
    if asked.needs_end:
        _refuse_pipes(sources)
    files, left_out = in_order(list(files_of(sources, asked)))
    window = None
    if asked != _ALL_TIME:
        window = asked.window(_end(files, sources) if asked.needs_end else None)
    total = Metrics()
    for metrics in read_files(files, window, wanted, jobs, progress):
        total.merge(metrics)
        total.settle()
    total.breaks += left_out + told_twice(files)
    if total.postfix_lines == 0:
        raise _nothing(total, sources)
    return total


def files_of(sources: Sequence[Source], asked: AskedTime = _ALL_TIME) -> Iterator[LogFile]:
    """The files that the sources mean."""
    for source in sources:
        match source:
            case LogText(name, data, modified):
                yield log_in_memory(name, data, modified)
            case Journal():
                from advisor.logs.journalctl import journal  # noqa: PLC0415 - what runs a program

                yield journal(asked.since_epoch(datetime.now(UTC).timestamp()))
            case str() if source == STDIN:
                yield piped_log()
            case str():
                yield from files_named(source)


def _refuse_pipes(sources: Sequence[Source]) -> None:
    if any(isinstance(each, str) and (each == STDIN or Path(each).is_fifo()) for each in sources):
        raise UsageError(
            "a time that counts back from the log's end needs a file: a pipe can be read once",
            where="--since, --until",
            cure="give an absolute time such as 2026-11-23T04:00",
        )


def _nothing(total: Metrics, sources: Sequence[Source]) -> InputError | NothingLogged:
    if total.breaks and not total.lines:
        first = total.breaks[0]
        return InputError(first.text, where=first.origin, cure="copy it again, or unpack it by hand")
    outside = f", {total.outside} of them outside of what was asked for" if total.outside else ""
    return NothingLogged(
        f"no line of Postfix among {total.lines.total()} lines{outside}",
        where=", ".join(map(str, sources)),
        cure="ask for another time, host or instance"
        if outside
        else "name the log that Postfix writes, often /var/log/mail.log or /var/log/maillog",
    )


def _end(files: Sequence[LogFile], sources: Sequence[Source]) -> LogEnd:
    """The last line's time. A plain file is not read for that, an archive has to be unpacked."""
    ends = [end for end in map(end_of, files) if end is not None]
    if not ends:
        raise InputError(
            "the last lines have no time stamp, so that --since or --until cannot count back from them",
            where=", ".join(map(str, sources)),
            cure="give an absolute time such as 2026-11-23T04:00",
        )
    return max(ends, key=lambda end: end.time)
