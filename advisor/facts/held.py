"""Who held the slot time while the pool was full, beside what the class of a session tells."""

import numpy as np

from advisor.facts.load import Held
from advisor.facts.pool import Busy, Pool
from advisor.logs.classes import CLASSES, STAGES, SessionClass

_AUTH_FAILED = CLASSES.index(SessionClass.AUTH_FAILED)
_REJECTED = CLASSES.index(SessionClass.REJECTED)
_HANGUP = CLASSES.index(SessionClass.HANGUP)
_AT_AUTH = STAGES.index("AUTH")


def held_by(pool: Pool, total: float, *, is_submission: bool) -> Held:
    """The parts of `total` slot seconds. A client with too many errors guessed passwords if AUTH was the last
    of them, else it tried addresses.
    """
    kind, stage = pool.busy.column("kind"), pool.busy.column("stage")
    hung_up_at_auth = (kind == _HANGUP) & (stage == _AT_AUTH)
    guessing = (kind == _AUTH_FAILED) | hung_up_at_auth
    refused = (kind == _REJECTED) | ((kind == _HANGUP) & ~hung_up_at_auth)
    users = pool.busy.column("sasl") & (not is_submission)

    def share(sessions: Busy) -> float:
        return pool.held(sessions) / total if total else 0.0

    return Held(*(share(pool.busy.where(which)) for which in (guessing, refused, np.asarray(users))))
