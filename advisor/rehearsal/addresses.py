"""From which addresses the clients of a scene come: one for each client of the log, so that limits apply."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, ip_network

import numpy as np

from advisor.capacity.replay import Demand
from advisor.rehearsal.scene import NETWORKS

_CLIENTS = int(IPv4Address("198.18.0.16"))
# Those to whom no limit applies, or whose address the log does not have.
_OTHERS = int(IPv4Address("198.19.0.16"))
_MANY = 65_000


def addresses_of(demand: Demand, networks: Sequence[str]) -> tuple[list[str], list[str]]:
    """The address of each session's client, and what to know of them. `networks`: elements of mynetworks."""
    notes = []
    # Who leaves at once may be without a number because the log does not have its address.
    exempt = (demand.client < 0) & (demand.is_good | (demand.work + demand.silence > 1))
    local = _own_address(networks)
    if exempt.any() and local is None:
        notes.append(
            f"{int(np.sum(exempt))} clients to which no limit applies come from addresses outside mynetworks"
        )
    found = []
    for place, code in enumerate(demand.client.tolist()):
        if code >= 0:
            found.append(str(IPv4Address(_CLIENTS + code % _MANY)))
        elif exempt[place] and local is not None:
            found.append(local)
        else:
            found.append(str(IPv4Address(_OTHERS + place % _MANY)))
    return found, notes


def _own_address(networks: Sequence[str]) -> str | None:
    """An address of the namespace that belongs to mynetworks, without those of the load's other clients."""
    for item in networks:
        try:
            network = ip_network(item, strict=False)
        except ValueError:
            continue
        for own in map(IPv4Interface, NETWORKS):
            if isinstance(network, IPv4Network) and network.overlaps(own.network):
                if own.ip in network:
                    return str(own.ip)
                return str(next(network.hosts(), network[0])) if network.subnet_of(own.network) else None
    return None
