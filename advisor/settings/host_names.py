"""The names of the machine that every program of Postfix checks when it starts.

Knowledge: mail_params_init() in src/global/mail_params.c, src/util/valid_hostname.c; tried with
Postfix 3.7.11.
"""

import re
from typing import Final

from advisor.settings.values import LIST_SEPARATORS, BadValue

# The parameters with one name, and nothing beside it.
CHECKED_NAMES: Final = ("myhostname", "mydomain", "myorigin")
_LABEL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?", re.ASCII)
_LONGEST: Final = 255


def refused_name(parameter: str, text: str) -> BadValue | None:
    """What is wrong with the value of such a parameter; None for a good one, and for any other parameter.

    An empty one is too short, which is said elsewhere. myorigin may be a file.
    """
    if not text or parameter not in CHECKED_NAMES:
        return None
    if parameter == "myorigin":
        is_one = not any(separator in text for separator in LIST_SEPARATORS)
        return None if is_one else BadValue(text, "one name")
    if is_host_name(text):
        return None
    return BadValue(text, "a host name: letters, digits, '-' and '_' between dots, such as mail.example.com")


def is_host_name(text: str) -> bool:
    """Whether it is a name such as mail.example.com: no address, no dot at its end, and not numbers alone."""
    is_all_numbers = text.replace(".", "").isdecimal()
    return len(text) <= _LONGEST and not is_all_numbers and all(map(_LABEL.fullmatch, text.split(".")))
