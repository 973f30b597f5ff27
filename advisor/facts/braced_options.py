"""An endpoint with options, `{ inet:host:port, timeout=10s }`: where the endpoint stands, and bad options.

A program that reads such an element when it starts takes no blanks around the `=`, unless the option has
braces of its own, and no option that it does not know. Tried with Postfix 3.7.11. Knowledge: milter_new() in
src/milter/milter.c, policy_client_register() in src/smtpd/smtpd_check.c, src/global/attr_override.c.
"""

from collections.abc import Iterator

from advisor.facts.flaw import Flaw
from advisor.settings.values import item_places

MILTER_OPTIONS = ("command_timeout", "connect_timeout", "content_timeout", "default_action", "protocol")
POLICY_OPTIONS = (
    "default_action",
    "max_idle",
    "max_ttl",
    "policy_context",
    "request_limit",
    "retry_delay",
    "timeout",
    "try_limit",
)


def endpoint_place(text: str, begin: int, end: int) -> tuple[int, int]:
    """Where the endpoint stands in the element from `begin` to `end`: in braces it is the first word."""
    return next(iter(_parts(text, begin, end)), (begin, end))


def option_flaws(text: str, place: tuple[int, int], known: tuple[str, ...]) -> Iterator[Flaw]:
    """The first option, if any, with which the program would not start."""
    for begin, end in _parts(text, *place)[1:]:
        option = text[begin:end]
        if "$" in option:
            continue
        name, equals, _ = option.strip("{}").partition("=")
        if not equals or not name.strip() or (name != name.strip() and not option.startswith("{")):
            yield Flaw(begin, end, "an option, written name=value without blanks")
            return
        if name.strip() not in known:
            yield Flaw(begin, end, f"an option: they are {', '.join(known)}")
            return


def _parts(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    word = text[begin:end]
    if not word.startswith("{"):
        return [(begin, end)]
    inner = item_places(word[1:].removesuffix("}"))
    return [(begin + 1 + first, begin + 1 + last) for first, last in inner]
