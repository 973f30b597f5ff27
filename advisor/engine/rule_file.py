"""The form of a rule file: its keys and their types, and the words for a file that strays from them.

What the expressions and names in it mean is the loader's business.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from advisor.engine.changes import Applicability, Requires
from advisor.engine.rules import ChangeKind, Expected
from advisor.engine.suggest import did_you_mean
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


_MESSAGE = re.compile(r"(?P<what>.*?)(?: - at (?:key in )?`\$(?P<path>[^`]*)`)?", re.DOTALL)
_TOML_PLACE = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_OTHER_TABLE = re.compile(r"^\[(?!\[example\]\]|example\.)", re.MULTILINE)
_WORDS = {"str": "a string", "int": "a whole number", "float": "a number", "bool": "true or false"} | {
    "array": "a list",
    "object": "a table",
}


def read(path: Path, *, examples: bool = True) -> RuleFile:
    """The file at `path`, its examples only if they are asked for: they are the longest part.

    Raises InputError if it is unreadable, RuleError if it does not have the form.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(error, str(path)) from error
    try:
        text = data.decode()
        table = tomllib.loads(text if examples else _before_examples(text))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RuleError("not UTF-8", where=f"{path}:{line}", cure="save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, str(error)) from error
    except RecursionError as error:
        raise RuleError("nested too deeply", where=str(path), cure="a rule needs no nested values") from error
    try:
        return msgspec.convert(table, RuleFile)
    except msgspec.ValidationError as error:
        raise _form_error(path, str(error)) from error


def _before_examples(text: str) -> str:
    """The text without its examples, if nothing stands behind them."""
    head, _, tail = text.partition("\n[[example]]\n")
    return text if _OTHER_TABLE.search(tail) else f"{head}\n"


def _syntax_error(path: Path, message: str) -> RuleError:
    place = _TOML_PLACE.search(message)
    where = str(path)
    if place and place[1]:
        where = f"{path}:{place[1]}:{place[2]}"
    elif place:
        message = f"the file ends too early: {message}"
    return RuleError(
        f"not TOML: {_TOML_PLACE.sub('', message)}", where=where, cure="correct the file's syntax there"
    )


def _form_error(path: Path, message: str) -> RuleError:
    """What msgspec says, in an administrator's words."""
    found = _MESSAGE.fullmatch(message)
    what, steps = (found["what"], found["path"] or "") if found else (message, "")
    # `.fix[0].applicability`: TOML's tables count from 1 for people.
    key = re.sub(r"\[(\d+)\]", lambda index: f" {int(index[1]) + 1}", steps).replace(".", " ").split()
    where = f"{path}: {' '.join(key)}" if key else str(path)
    quoted = re.findall(r"`([^`]*)`|'([^']*)'", what)
    words = [first or second for first, second in quoted]
    if "unknown field" in what:
        return RuleError(f"there is no key {words[0]}", where=where, cure=did_you_mean(words[0], _keys(key)))
    if "missing required field" in what:
        return RuleError(f"the key {words[0]} is missing", where=where, cure=f"add {words[0]} = …")
    if "Invalid enum value" in what:
        return RuleError(
            f"{words[0]} is no {key[-1]}", where=where, cure=did_you_mean(words[0], _values(key))
        )
    if what.startswith("Expected") and len(words) > 1:
        wanted = " or ".join(_WORDS.get(each, each) for each in words[0].split(" | ") if each != "null")
        return RuleError(
            f"this is {_WORDS.get(words[1], words[1])}", where=where, cure=f"it must be {wanted}"
        )
    return RuleError(what, where=where, cure="correct the value")


def _owner(key: list[str]) -> type[_Table]:
    """The table a path leads into: `fix 1 applicability` stands in FixTable."""
    tables: dict[str, type[_Table]] = {
        "fix": FixTable,
        "example": ExampleTable,
        "severity_levels": SeverityLevelTable,
        "confidence_levels": ConfidenceLevelTable,
    }
    return tables.get(key[0], RuleFile) if key else RuleFile


def _keys(key: list[str]) -> tuple[str, ...]:
    return _owner(key).__struct_fields__


def _values(key: list[str]) -> list[str]:
    kind = get_type_hints(_owner(key))[key[-1]]
    enumeration = next((each for each in get_args(kind) if each is not type(None)), kind)
    return [member.value for member in enumeration]
