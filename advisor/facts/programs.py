"""What the log shows of Postfix's programs: which end before they have done anything, and what they say.

master(8) waits a minute before it starts a program anew that ended so: "bad command startup -- throttling"
(master_spawn.c, service_throttle_time). The reason is what the program itself logged last.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.observed import Observed
from advisor.facts.registry import Source, collection, fact, known, observed
from advisor.missing import Missing
from advisor.syntax.source import Span

_EXIT = "process-end"
_FATAL = "fatal"
_TROUBLE = "table-trouble"


class Program(msgspec.Struct, frozen=True):
    """A program that master.cf runs, at the place of its first service; `services` has the keys of all."""

    name: str
    span: Span
    services: tuple[str, ...]


@collection(element=Program, variable="program", locate=lambda program: program.span)
def daemon_programs(case: Case) -> tuple[Program, ...]:
    """The programs that master.cf runs."""
    services = case.instance.services
    return tuple(
        Program(name, next(each.span for each in services if each.command == name), _keys(case, name))
        for name in dict.fromkeys(each.command for each in services)
    )


@observed(unit="processes")
def failed_processes(case: Case, program: Program) -> int | Missing:
    """How many processes of a program ended with an error or were killed."""
    ends = _log(case).details.keys.get(_EXIT, {})
    return sum(count for (path, *_), count in ends.items() if path.rpartition("/")[2] == program.name)


@observed()
def last_words(case: Case, program: Program) -> str | Missing:
    """The first fatal error that a program logged; empty where the log has none."""
    lines = _log(case).details.lines.get((_FATAL, program.name), ())
    return lines[0] if lines else ""


@observed()
def table_complaints(case: Case) -> tuple[str, ...] | Missing:
    """The first complaint about a table of each program that has one, with the program's name."""
    lines = _log(case).details.lines
    return tuple(
        f"{program}: {texts[0]}" for (message, program), texts in lines.items() if message == _TROUBLE
    )


@observed()
def stale_tables(case: Case) -> tuple[str, ...] | Missing:
    """The indexed files that are older than the texts they were made of."""
    return tuple(sorted(table for (table,) in _log(case).details.keys.get("stale-table", {})))


@fact(source=Source.LOG)
def database_is_full(case: Case) -> bool | Missing:
    """Whether a database server refused a connection since it had too many."""
    lines = _log(case).details.lines
    texts = [text for (message, _), each in lines.items() if message == _TROUBLE for text in each]
    return any(word in text.lower() for text in texts for word in ("too many", "connection slots"))


def _log(case: Case) -> Observed:
    return known(case.observed)


def _keys(case: Case, name: str) -> tuple[str, ...]:
    return tuple(each.key for each in case.instance.services if each.command == name)
