"""Under which name the server speaks, and whether mail for its domains can come to it.

Knowledge: BASIC_CONFIGURATION_README, postconf(5) myhostname, smtp_helo_name and inet_interfaces.
"""

from advisor.facts.case import Case
from advisor.facts.domain_lists import domain_list
from advisor.facts.profile import lists_of_domains
from advisor.facts.registry import fact
from advisor.facts.services import smtp_services
from advisor.missing import Missing

_HELO = "smtp_helo_name"
# Domains that the Internet does not know: RFC 6761 and RFC 6762, and what installers fill in.
_UNKNOWN_OUTSIDE = ("localdomain", "localhost", "local", "invalid", "test", "lan", "internal")
_FOREIGN_MAIL = ("relay_domains", "virtual_mailbox_domains", "virtual_alias_domains")


@fact()
def name_unknown_outside(case: Case) -> str | Missing:
    """The name with which smtp(8) greets other servers, where the Internet cannot know it; empty if it can,
    or if mail goes to a relay host or nowhere.
    """
    instance = case.instance
    if not _sends_itself(case):
        return ""
    setting = instance.setting(_HELO)
    if not setting.known:
        return Missing(
            "the host's name, which main.cf leaves to the system",
            "set myhostname, or give a bundle of advisor collect",
        )
    name = setting.normal.rstrip(".").lower()
    is_literal = name.startswith("[")
    is_unknown = "." not in name or name.rpartition(".")[2] in _UNKNOWN_OUTSIDE
    return setting.normal if is_unknown and not is_literal else ""


@fact()
def unreachable_domains(case: Case) -> tuple[str, ...]:
    """The lists of domains written down to receive mail for, where no SMTP server can be reached."""
    instance = case.instance
    if instance.master_cf is None or smtp_services(case):
        return ()
    local = set(domain_list(instance, "mydestination").names)
    return tuple(
        name
        for name in lists_of_domains(instance, None)
        if name in _FOREIGN_MAIL
        # By default it holds the tables of virtual_alias_maps, which may rewrite one's own addresses alone.
        and not instance.setting(name).is_default
        and not local.issuperset(domain_list(instance, name).names)
    )


def _sends_itself(case: Case) -> bool:
    """Whether mail goes to the servers of its recipients."""
    instance = case.instance
    transport = instance.setting("default_transport").normal.partition(":")[0]
    service = instance.service(f"{transport}/unix")
    sends = transport == "smtp" if service is None else service.command == "smtp"
    return sends and not instance.setting("relayhost").normal
