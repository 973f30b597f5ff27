"""What smtpd(8) and cleanup(8) logged of policy services, milters and filters that failed.

Knowledge: src/util/attr_clnt.c, src/milter/milter8.c, src/smtpd/smtpd_proxy.c.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from advisor.facts.load import Failures
from advisor.logs.metrics import Metrics

# Messages by which smtpd says that something behind it failed.
_TROUBLE = ("policy-trouble", "milter-trouble", "proxy-trouble", "connect-failure", "fatal")
_REFUSALS = ("reject", "milter-reject", "proxy-reject")


def failures(metrics: Metrics, tag: str) -> Failures:
    """The failures behind the service that logs under `tag`. What cleanup(8) says of milters has no service's
    name; it is counted for each.
    """
    cleanup = program_of_instance(tag, "cleanup")
    return Failures(
        servers=_by_server(metrics, tag),
        milters=sum(metrics.counters.get((where, "milter-trouble"), 0) for where in {tag, cleanup}),
        all=sum(metrics.counters.get((tag, name), 0) for name in _TROUBLE)
        + metrics.counters.get((cleanup, "milter-trouble"), 0),
        temporary=_temporary(metrics, (tag, cleanup)),
    )


def program_of_instance(tag: str, program: str) -> str:
    """The tag of a program that logs under the instance's name, not under that of a service."""
    return f"{tag.partition('/')[0]}/{program}"


def _by_server(metrics: Metrics, tag: str) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for name in ("policy-trouble", "service-trouble"):
        details = metrics.details.get((tag, name))
        for (server, *_), count in (details.counts if details else {}).items():
            found[server] += count
    return found


def _temporary(metrics: Metrics, tags: Iterable[str]) -> float:
    """The share of replies that began with 4, of those that refused something."""
    codes: Counter[bool] = Counter()
    for tag in tags:
        for name in _REFUSALS:
            details = metrics.details.get((tag, name))
            for key, count in (details.counts if details else {}).items():
                code = next((word for word in key if len(word) == 3 and word.isdigit()), "")
                codes[code.startswith("4")] += count
    return codes[True] / codes.total() if codes else 0.0
