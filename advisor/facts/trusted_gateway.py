"""Whether an address that stands for many clients may relay: the gateway of containers in mynetworks.

Knowledge: permit_mynetworks in src/smtpd/smtpd_check.c, match_list_match() in src/util/match_list.c: the
first element that matches decides, and `!` turns it round.
"""

from ipaddress import ip_address

from advisor.facts.case import Case
from advisor.facts.proxy_protocol import permits_mynetworks
from advisor.facts.registry import fact
from advisor.missing import Missing
from advisor.settings.networks import network_entries
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.settings.values import BadValue


@fact()
def lets_relay(case: Case, service: Service, address: str) -> bool | Missing:
    """Whether mynetworks, as it is written, lets a client with this address relay."""
    setting = case.instance.setting("mynetworks", service)
    items = setting.items()
    if not permits_mynetworks(case.instance, service):
        return False
    if isinstance(setting.origin, Default) or isinstance(items, BadValue):
        return _by_style(case.instance.setting("mynetworks_style", service).normal.lower())
    try:
        client = ip_address(address)
    except ValueError:
        return False
    for entry in network_entries(items, case.instance.table):
        if any(client in network for network in entry.networks if network.version == client.version):
            return not entry.excludes
    return False


def _by_style(style: str) -> bool | Missing:
    if style == "host":
        return False
    return Missing(
        f"mynetworks_style = {style} holds the networks of the host, which do not show here",
        "set mynetworks to the addresses that may relay",
    )
