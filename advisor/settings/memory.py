"""An amount of memory as people write it: `4G`, `512 MiB`."""

import re

from advisor.errors import UsageError

AMOUNT = re.compile(r"(\d{1,16}(?:\.\d{1,6})?)\s*([kKmMgGtT]?)(?:[iI]?[bB])?", re.ASCII)
# Memory comes in powers of two, whatever the letters say.
_FACTORS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
# Less is no machine for a mail server but a number whose unit was forgotten; more is a slip of the pen.
_LEAST, _MOST = 16 << 20, 1 << 50


def parse_memory(text: str, where: str = "") -> int:
    """The bytes of an amount such as `4G`, `512M`, `1.5 GiB` or a plain number. Raises UsageError,
    which names the option `where`.
    """
    cure = "write it as 4G or 512M"
    match = AMOUNT.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{text!r} is no amount of memory", where=where, cure=cure)
    amount = int(float(match[1]) * _FACTORS[match[2].lower()])
    if amount < _LEAST:
        raise UsageError(
            f"{text!r} is less memory than a mail server has", where=where, cure=f"{cure}, with its unit"
        )
    if amount > _MOST:
        raise UsageError(f"{text!r} is more memory than any machine has", where=where, cure=cure)
    return amount
