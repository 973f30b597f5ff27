"""Hits of a log given back to the rules that made them: by what they said, then by the line they acted on.

A log has at most 200 bytes of a line, and `?` for bytes that cannot be printed, so a pattern may not match
what was logged; then the words that a rule logs decide, if no other rule has them. Knowledge:
cleanup_act_log() and cleanup_act() in src/cleanup/cleanup_message.c.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from advisor.logs.content import ContentLog, Hit
from advisor.patterns.decisions import decide
from advisor.patterns.worker import run_patterns
from advisor.syntax.pattern_table import PatternTable, Rule

# The word of a rule, and the one that its hit is logged with; DUNNO and OK log nothing.
_LOGGED = {
    "REJECT": "reject",
    "WARN": "warning",
    "DISCARD": "discard",
    "HOLD": "hold",
    "FILTER": "filter",
    "PREPEND": "prepend",
    "REDIRECT": "redirect",
    "REPLACE": "replace",
    "STRIP": "strip",
    "INFO": "info",
    "BCC": "bcc",
}
_STATUS = 3


class RuleHits(msgspec.Struct, frozen=True):
    """How often a rule hit, and when last, in seconds since the epoch; None without a time."""

    count: int
    last: float | None


class TableHits(msgspec.Struct, frozen=True):
    """Hits by the line of the rule. `elsewhere` of them no rule of this table could have made, `unclear` are
    those that several could have made and that no pattern decides, and `maybe` these rules; `unlogged` are
    the rules whose hits no log shows.
    """

    by_line: dict[int, RuleHits]
    elsewhere: int
    unclear: int
    maybe: frozenset[int]
    unlogged: frozenset[int]


def hits_of(table: PatternTable, log: ContentLog, kinds: Collection[str], tries: int) -> TableHits:
    """The hits of a table that looks at lines of these kinds (LineKind).

    Where several rules say the same, the patterns decide, as far as `tries` of them on lines go.
    """
    # A log calls the headers of MIME parts and attached messages headers like others.
    logged = {"body" if kind == "body" else "header" for kind in kinds}
    by_words = _by_words(table)
    found: dict[int, list[Hit]] = {}
    several: list[Hit] = []
    elsewhere = 0
    for hit in (hit for hit in log.hits if hit.kind in logged):
        candidates = _candidates(hit, by_words)
        if len(candidates) == 1:
            found.setdefault(candidates[0], []).append(hit)
        elif candidates:
            several.append(hit)
        else:
            elsewhere += log.hits[hit]
    several.sort(key=lambda hit: -log.hits[hit])
    decided = _decided(table, several[: tries // max(1, len(table.patterns))])
    unclear, maybe = 0, set[int]()
    for hit in several:
        line = decided.get(hit, 0)
        if line in _candidates(hit, by_words):
            found.setdefault(line, []).append(hit)
        else:
            unclear += log.hits[hit]
            maybe.update(_candidates(hit, by_words))
    return TableHits(
        {line: _counted(hits, log) for line, hits in found.items()},
        elsewhere,
        unclear,
        frozenset(maybe - found.keys()),
        frozenset(rule.line for rule in table.rules if rule.action not in _LOGGED),
    )


def _decided(table: PatternTable, hits: Sequence[Hit]) -> dict[Hit, int]:
    """The line of the rule that decides what was logged of each hit; 0 where none does."""
    if not hits:
        return {}
    lines = [hit.content.encode("utf-8", "surrogateescape") for hit in hits]
    rule_of = decide(table, run_patterns(table.patterns, table.type, lines), len(lines)).rule_of
    return dict(zip(hits, rule_of, strict=True))


def _counted(hits: Sequence[Hit], log: ContentLog) -> RuleHits:
    times = [log.last[hit] for hit in hits if hit in log.last]
    return RuleHits(sum(log.hits[hit] for hit in hits), max(times, default=None))


def _by_words(table: PatternTable) -> Mapping[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for rule in table.rules:
        if action := _LOGGED.get(rule.action):
            found.setdefault((action, _words(rule)), []).append(rule.line)
    return found


def _candidates(hit: Hit, by_words: Mapping[tuple[str, str], list[int]]) -> list[int]:
    """The rules whose words these are, or, behind a line of smtp(8), may be; else those whose words vary."""
    parts = hit.text.split(": ")
    tails = (": ".join(parts[start:]) for start in range(len(parts)))
    found = next((rules for tail in tails if (rules := by_words.get((hit.action, tail)))), [])
    return found or by_words.get((hit.action, ""), [])


def _words(rule: Rule) -> str:
    """What the rule says behind its action, as the log has it: without a status code; empty if it varies."""
    words = rule.text.split(None, 1)[1].strip() if len(rule.text.split(None, 1)) > 1 else ""
    if "$" in words or rule.action in ("PREPEND", "REPLACE", "FILTER", "REDIRECT", "BCC"):
        return ""
    first, _, rest = words.partition(" ")
    return rest.strip() if first.count(".") == _STATUS - 1 and first.replace(".", "").isdigit() else words
