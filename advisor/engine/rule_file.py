"""The form of a rule file: its keys and their types, and the words for a file that strays from them.

What the expressions and names in it mean is the loader's business.
"""

import re
from pathlib import Path
from typing import Any

import msgspec

from advisor.engine.changes import Applicability, Requires
from advisor.engine.rules import ChangeKind, Expected
from advisor.engine.toml_form import FormError, convert, in_words, parse
from advisor.engine.verdicts import Confidence, Severity
from advisor.errors import RuleError, unreadable
from advisor.facts.registry import Source


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class SeverityLevelTable(_Table, frozen=True):
    """`{ when = "…", severity = "…" }`."""

    when: str
    severity: Severity


class ConfidenceLevelTable(_Table, frozen=True):
    """`{ when = "…", confidence = "…" }`."""

    when: str
    confidence: Confidence


class FixTable(_Table, frozen=True):
    """`[[fix]]`, `[[against]]`. `parameter` and `new_name` are literals, with `_from` behind them they are
    expressions; `parameter_from` may give a list.

    `changes` is an expression for what belongs to the change; a change `together` has nothing else.
    """

    title: str
    applicability: Applicability
    change: ChangeKind
    requires: Requires = Requires.RELOAD
    parameter: str | None = None
    parameter_from: str | None = None
    field: str | None = None
    new_name: str | None = None
    new_name_from: str | None = None
    value: str | None = None
    changes: str | None = None
    only_if: str | None = None
    for_service: bool | None = None
    untested: str = ""


class ExampleTable(_Table, frozen=True):
    """`[[example]]`."""

    verdict: Expected
    main_cf: str = ""
    master_cf: str | None = None
    log: str | None = None
    load: tuple[dict[str, Any], ...] = ()
    tables: dict[str, str] = {}
    table_types: tuple[str, ...] | None = None
    memory: str | None = None
    somaxconn: int | None = None
    postfix_version: str | None = None
    from_version: str | None = None
    options: dict[str, str | int | float | bool] = {}
    severity: Severity | None = None
    after_main_cf: str | None = None
    after_master_cf: str | None = None


class RuleFile(_Table, frozen=True):
    """The whole file."""

    name: str
    category: str
    summary: str
    severity: Severity
    confidence: Confidence
    for_each: str
    when: str
    message: str
    why: str
    postfix: str = ""
    catalogue: str = ""
    parameter: str = ""
    let: dict[str, str] = {}
    needs: dict[str, Any] = {}
    severity_levels: tuple[SeverityLevelTable, ...] = ()
    confidence_levels: tuple[ConfidenceLevelTable, ...] = ()
    risk: str = ""
    effect: str = ""
    no_change: str = ""
    references: tuple[str, ...] = ()
    ignorable: bool = True
    doubts: Source | None = None
    pedantic: bool = False
    options: dict[str, str | int | float | bool] = {}
    fix: tuple[FixTable, ...] = ()
    against: tuple[FixTable, ...] = ()
    example: tuple[ExampleTable, ...] = ()


_OTHER_TABLE = re.compile(rb"^\[(?!\[example\]\]|example\.)", re.MULTILINE)


def read(path: Path, *, examples: bool = True) -> RuleFile:
    """The file at `path`, its examples only if they are asked for: they are the longest part.

    Raises InputError if it is unreadable, RuleError if it does not have the form.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(error, str(path)) from error
    try:
        return convert(parse(data if examples else _before_examples(data)), RuleFile)
    except FormError as error:
        raise RuleError(error.message, where=_place(path, error), cure=error.cure) from error


def _before_examples(data: bytes) -> bytes:
    """The text without its examples, if nothing stands behind them."""
    head, _, tail = data.partition(b"\n[[example]]\n")
    return data if _OTHER_TABLE.search(tail) else head + b"\n"


def _place(path: Path, error: FormError) -> str:
    if error.steps:
        return f"{path}: {in_words(error.steps)}"
    return ":".join(map(str, (path, *error.place)))
