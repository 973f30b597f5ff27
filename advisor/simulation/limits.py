"""A service of a configuration -> the limits that its sessions are replayed against.

Knowledge: postconf(5) smtpd_timeout, smtpd_client_connection_count_limit, max_use, max_idle; STRESS_README.
"""

from advisor.capacity.replay import Limits
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue


def limits_of(instance: Instance, service: Service) -> Limits | Missing:
    """The limits of an SMTP server, in normal times and under stress; Missing where Postfix refuses one."""
    timeout = instance.setting("smtpd_timeout", service)
    numbers = (
        timeout.seconds(),
        timeout.seconds(stress=True),
        instance.setting("smtpd_client_connection_count_limit", service).number(),
        instance.setting("max_use", service).number(),
        instance.setting("max_idle", service).seconds(),
    )
    bad = next((each for each in numbers if isinstance(each, BadValue)), None)
    if bad is not None:
        return Missing(str(bad), "correct it")
    normal, stress, clients, uses, idle = (each for each in numbers if not isinstance(each, BadValue))
    return Limits(
        service.process_limit, normal, stress if service.is_stressable else normal, clients, uses, idle
    )
