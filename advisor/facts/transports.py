"""Services that deliver mail: transports, as the queue manager calls them."""

from advisor.settings.service import Service

_DELIVERY_AGENTS = frozenset({"smtp", "lmtp", "local", "virtual", "pipe"})


def is_delivery_agent(service: Service) -> bool:
    """Whether the queue manager hands mail to it."""
    return service.type == "unix" and service.command in _DELIVERY_AGENTS
