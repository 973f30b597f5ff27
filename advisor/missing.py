"""What is not known, and how to make it known: an answer, not an error."""

import msgspec


class Missing(msgspec.Struct, frozen=True):
    """Why something is not known, and how to make it known. `no_log`: because no log was given at all."""

    what: str
    how_to_get_it: str
    no_log: bool = False
