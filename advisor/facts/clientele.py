"""What single clients of a service did: how fast they come, how often they fail to log in, and whether one
address stands for all of them.
"""

from collections.abc import Callable

import numpy as np

from advisor.facts.load import Clientele
from advisor.facts.pool import Busy, Pool, quantile
from advisor.logs.classes import CLASSES, STAGES, SessionClass
from advisor.logs.tables import Rows

# anvil(8) counts in units of anvil_rate_time_unit; a minute is the default.
_UNIT_SECONDS = 60
_MOST = 0.999
_AUTH_FAILED = CLASSES.index(SessionClass.AUTH_FAILED)
_HANGUP = CLASSES.index(SessionClass.HANGUP)
_AT_AUTH = STAGES.index("AUTH")


def clientele_of(pool: Pool, exempt: Callable[[str], bool]) -> Clientele:
    """What the clients did in the whole log; rates without those to which no limit applies."""
    busy, kind = pool.busy, pool.busy.column("kind")
    failed = (kind == _AUTH_FAILED) | ((kind == _HANGUP) & (busy.column("stage") == _AT_AUTH))
    address, share = _most_common(pool)
    own = busy.where(busy.client == _place(pool, address))
    own_kind = own.column("kind")
    strange = np.mean(own_kind != CLASSES.index(SessionClass.PRODUCTIVE)) if len(own) else 0.0
    good = [code for code in np.unique(pool.good.client).tolist() if not exempt(pool.addresses[code])]
    regular = busy.where(np.isin(busy.client, good))
    return Clientele(
        failed_logins=int(np.sum(failed)),
        users=int(np.sum(busy.column("sasl"))),
        logins_per_minute=_busiest(busy.where(busy.column("sasl")), None),
        connections_per_minute=_busiest(regular, None),
        messages_per_minute=_busiest(regular, regular.column("messages")),
        address=address,
        address_share=share,
        address_fails=float(strange),
    )


def _busiest(sessions: Busy, weights: Rows | None) -> int:
    """The most sessions, or what the weights add up to, that one client has in a minute, but for one in a
    thousand of such minutes.
    """
    if not len(sessions):
        return 0
    minute = (sessions.start // _UNIT_SECONDS).astype(np.int64)
    _, inverse = np.unique(np.column_stack((sessions.client, minute)), axis=0, return_inverse=True)
    return int(quantile(np.bincount(inverse.reshape(-1), weights), _MOST))


def _most_common(pool: Pool) -> tuple[str, float]:
    counts = np.bincount(pool.busy.client, minlength=len(pool.addresses))
    if not len(counts):
        return "", 0.0
    place = int(np.argmax(counts))
    return pool.addresses[place], float(counts[place]) / len(pool.busy)


def _place(pool: Pool, address: str) -> int:
    return pool.addresses.index(address) if address in pool.addresses else -1
