"""How much of each part of a message body checks look at.

Knowledge: postconf(5), src/cleanup/cleanup_message.c.
"""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.settings.values import BadValue, parse_number

_NAME = "body_checks_size_limit"


@fact(unit="bytes")
def body_checks_size(case: Case) -> int:
    """How many bytes of each part body checks look at; 0 without body checks."""
    value = case.instance.setting(_NAME).number()
    has_checks = any(
        case.instance.setting("body_checks", place).normal for place in (None, *case.instance.services)
    )
    return value if has_checks and not isinstance(value, BadValue) else 0


@fact(unit="bytes")
def default_body_checks_size(case: Case) -> int:
    """The release's own body_checks_size_limit."""
    parameter = case.instance.setting(_NAME).parameter
    value = parse_number((parameter and parameter.default(case.instance.release)) or "")
    return 0 if isinstance(value, BadValue) else value
