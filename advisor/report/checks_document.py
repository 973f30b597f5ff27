"""What `advisor checks` writes as JSON, version 1: docs/checks.schema.json is made of these types.

Times are seconds of a processor, sizes bytes, dates seconds since the epoch.
"""

from typing import Literal

import msgspec

from advisor.patterns.engines import Engine
from advisor.patterns.flaws import FlawKind
from advisor.syntax.pattern_table import TableType


class SampleItem(msgspec.Struct, frozen=True):
    """The mail that was measured on."""

    source: str
    messages: int
    size: int


class ContentLogItem(msgspec.Struct, frozen=True):
    """What the log says of all mail; a number is null where it does not tell."""

    begins: float | None
    ends: float | None
    messages: int
    busiest_hour: int
    mean_size: float | None


class CostItem(msgspec.Struct, frozen=True):
    """What a table costs for a `line`, and for messages of two sizes. `tries`: how many patterns a line is
    tried on, at the mean; `processors` are kept busy in the log's busiest hour, null without a log.
    """

    line: float
    tries: float
    source: str
    is_estimate: bool
    message_10kb: float
    message_1mb: float
    processors: float | None


class PatternItem(msgspec.Struct, frozen=True):
    """One rule of a table; `hits` in the log and the `last` of them are null without a log."""

    line: int
    pattern: str
    text: str
    seconds: float
    tries: int
    hits_in_sample: int
    hits: int | None
    last: float | None


class FlawItem(msgspec.Struct, frozen=True):
    """What is wrong with a rule; `other` is the line of another one that it is about, or null."""

    kind: FlawKind
    line: int
    text: str
    other: int | None


class BacktrackingItem(msgspec.Struct, frozen=True):
    """An `input` on which a pattern took long; `words` are those of an engine that gave up."""

    line: int
    input: str
    seconds: float
    words: str


class DifferenceItem(msgspec.Struct, frozen=True):
    """Where a pattern would mean something else to PCRE."""

    line: int
    text: str


class DroppedItem(msgspec.Struct, frozen=True):
    """A rule that the patch takes out."""

    line: int
    reason: str


class GuardItem(msgspec.Struct, frozen=True):
    """A condition that the patch puts around so many rules."""

    condition: str
    rules: int


class ChangedItem(msgspec.Struct, frozen=True):
    """A line that would get another reply: the patch is not printed."""

    input: str
    before: str
    after: str


class ProofItem(msgspec.Struct, frozen=True):
    """How the new table was held against the old one."""

    holds: bool
    sample_lines: int
    made_lines: int
    by_postmap: bool
    disagreements: int
    is_complete: bool
    changed: list[ChangedItem]


class ProposalItem(msgspec.Struct, frozen=True):
    """The table as the patch would have it."""

    type: TableType
    dropped: list[DroppedItem]
    guards: list[GuardItem]
    cost: CostItem
    proof: ProofItem


class MeasuredTable(msgspec.Struct, frozen=True, tag_field="state", tag="measured"):
    """A table that was measured. `invalid` are the engine's words by line, `unknown` the lines of patterns
    that are not understood, `base64` those of rules that decide lines of encoded text.
    """

    name: str
    parameters: list[str]
    engine: Engine
    lines: int
    lines_per_message: float
    cost: CostItem
    rules: list[PatternItem]
    flaws: list[FlawItem]
    invalid: dict[str, str]
    unknown: list[int]
    backtracking: list[BacktrackingItem]
    base64: list[int]
    differences: list[DifferenceItem]
    proposal: ProposalItem | None


class TableNotMeasured(msgspec.Struct, frozen=True, tag_field="state", tag="not-measured"):
    """A table that was not measured, and why."""

    name: str
    parameters: list[str]
    not_measured: str


class ChecksDocument(msgspec.Struct, frozen=True):
    """What `advisor checks --output-format json` writes. The log is null where none was given."""

    version: Literal[1]
    sample: SampleItem
    log: ContentLogItem | None
    tables: list[MeasuredTable | TableNotMeasured]
    patch: str
