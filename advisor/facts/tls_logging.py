"""How much TLS writes into the log. Knowledge: postconf(5) smtpd_tls_loglevel, TLS_README."""

from collections.abc import Iterator

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.wanted import Assign, Wanted
from advisor.facts.written import key_of, written_places
from advisor.settings.service import Service
from advisor.settings.values import BadValue

_LEVELS = ("smtpd_tls_loglevel", "smtp_tls_loglevel", "lmtp_tls_loglevel")


@fact()
def noisy_tls_logs(case: Case, least: int) -> tuple[str, ...]:
    """The settings of a TLS log level of `least` or more, as they are written."""
    return tuple(
        f"{name} = {level}" + (f" ({place.key})" if place else "")
        for name, place, level in _written(case)
        if level >= least
    )


@fact()
def tls_logs_quieted(case: Case) -> tuple[Wanted, ...]:
    """What brings all of them to 1, one line for each session."""
    return tuple(Assign(name, "1", key_of(place)) for name, place, level in _written(case) if level > 1)


def _written(case: Case) -> Iterator[tuple[str, Service | None, int]]:
    for name in _LEVELS:
        for place in written_places(case.instance, name):
            level = case.instance.setting(name, place).number()
            if not isinstance(level, BadValue):
                yield name, place, level
