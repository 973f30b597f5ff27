"""`service/type/field` on the command line of postconf(1).

Knowledge: src/postconf/postconf_match.c.
"""

from typing import Final

import msgspec

ANY: Final = "*"


class Pattern(msgspec.Struct, frozen=True):
    """Each part is matched as it stands, or is `*`; `last`, the third, is a field or parameter."""

    service: str
    type: str = ANY
    last: str = ANY

    def matches(self, name: str, kind: str) -> bool:
        """Whether a service of that name and type is meant."""
        return self.service in (ANY, name) and self.type in (ANY, kind)


def parse_pattern(text: str, most_parts: int) -> Pattern | None:
    """The pattern; None where postconf(1) refuses it: a `*` stands for a whole part only."""
    parts = [part for part in text.split("/") if part]
    is_refused = text.startswith("/") or not 1 <= len(parts) <= most_parts
    if is_refused or any(ANY in part and part != ANY for part in parts):
        return None
    return Pattern(*parts)
