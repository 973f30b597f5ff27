"""What a report on header and body checks is made of."""

import msgspec

from advisor.logs.content import ContentLog
from advisor.patterns.cost import TableCost
from advisor.patterns.hits import TableHits
from advisor.patterns.review import Review
from advisor.patterns.sample import LineKind, Sample
from advisor.settings.instance import Instance
from advisor.syntax.source import SourceFile

BUILT_IN = "built-in sample"
_HOUR, _MINUTE = 3600.0, 60.0
_STOCK_LIMIT = 51200
# The checks that a parameter is for (header_checks(5)).
KINDS = {
    "header_checks": LineKind.HEADER,
    "mime_header_checks": LineKind.MIME_HEADER,
    "nested_header_checks": LineKind.NESTED_HEADER,
    "body_checks": LineKind.BODY,
    "milter_header_checks": LineKind.HEADER,
    "smtp_header_checks": LineKind.HEADER,
    "smtp_mime_header_checks": LineKind.MIME_HEADER,
    "smtp_nested_header_checks": LineKind.NESTED_HEADER,
    "smtp_body_checks": LineKind.BODY,
}


class Reviewed(msgspec.Struct, frozen=True):
    """One table: the parameters that name it, its lines in a message at the mean, and its review.
    `hits` are None without a log; `not_measured` says why there is no review.
    """

    parameters: tuple[str, ...]
    name: str
    source: SourceFile | None
    lines_per_message: float
    review: Review | None
    hits: TableHits | None
    not_measured: str = ""

    @property
    def is_of_body(self) -> bool:
        """Whether it looks at lines of bodies."""
        return any(KINDS[name] is LineKind.BODY for name in self.parameters)


class ChecksReport(msgspec.Struct, frozen=True):
    """What was found of all tables, and the patch for those whose new text is proven; "" for none."""

    instance: Instance
    sample: Sample
    log: ContentLog | None
    tables: tuple[Reviewed, ...]
    patch: str

    @property
    def body_limit(self) -> int:
        """body_checks_size_limit in bytes, 0 for none."""
        return body_limit_of(self.instance)

    def message_seconds(self, table: Reviewed, cost: TableCost, size: int | None = None) -> float:
        """Seconds of a processor for a message with a body of `size` bytes, or for one of the sample."""
        if size is None or not table.is_of_body:
            return cost.seconds * table.lines_per_message
        seen = min(size, self.body_limit) if self.body_limit else size
        return cost.message(seen)

    def cores(self, table: Reviewed, cost: TableCost) -> float | None:
        """Processors that the table keeps busy in the log's busiest hour; None without a log that tells."""
        if self.log is None or not self.log.messages:
            return None
        size = round(self.log.mean_size) if self.log.mean_size else None
        span = (self.log.ends or 0.0) - (self.log.begins or 0.0)
        hour = min(_HOUR, max(span, _MINUTE))  # a log may be shorter than an hour
        return self.log.busiest_hour / hour * self.message_seconds(table, cost, size)


def body_limit_of(instance: Instance) -> int:
    """body_checks_size_limit in bytes, 0 for none."""
    value = instance.setting("body_checks_size_limit").number()
    return value if isinstance(value, int) else _STOCK_LIMIT
