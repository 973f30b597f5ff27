"""Queueing formulas for a pool of processes, each serving one client at a time.

`load` is the offered load in erlangs: arrivals a second times mean service time in seconds (Little's law).
Erlang's formulas assume Poisson arrivals; C assumes exponential service times as well, and SMTP sessions have
a heavier tail, which is what the headroom of the rules is for.
"""

from math import exp


def erlang_b(servers: int, load: float) -> float:
    """The share of arrivals that find all `servers` busy when nobody waits (0 to 1)."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """The share of arrivals that must wait for one of `servers` (0 to 1); 1 when the load exceeds them."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(servers, load)
    return blocked / (1 - (load / servers) * (1 - blocked))


def share_waiting_longer(servers: int, load: float, service_time: float, wait: float) -> float:
    """The share of arrivals that wait longer than `wait` seconds; `service_time` in seconds is the mean."""
    if load >= servers:
        return 1.0
    if service_time <= 0:
        return 0.0
    return erlang_c(servers, load) * exp(-(servers - load) * wait / service_time)


def servers_needed(load: float, service_time: float, wait: float, share: float) -> int:
    """The fewest servers with at most `share` of arrivals waiting longer than `wait` seconds."""
    servers = int(load) + 1
    while share_waiting_longer(servers, load, service_time, wait) > share:
        servers += 1
    return servers
