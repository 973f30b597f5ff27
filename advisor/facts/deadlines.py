"""The time limit for a whole request of a client, in place of one for each byte of it.

Knowledge: postconf(5); smtpd_per_record_deadline came with 2.9, smtpd_per_request_deadline and
smtpd_min_data_rate in its place with 3.7.
"""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.settings.service import Service

_NEW, _OLD = "smtpd_per_request_deadline", "smtpd_per_record_deadline"


@fact()
def deadline_name(case: Case) -> str:
    """The parameter that this release has for the time limit of a whole request."""
    return _NEW if case.instance.setting(_NEW).exists else _OLD


@fact()
def has_deadline(case: Case, service: Service) -> bool:
    """Whether smtpd_timeout holds for a whole request at all times, and not only under stress."""
    return case.instance.setting(deadline_name(case), service).boolean() is True
