"""What is wrong with the words of a restriction list, as smtpd(8) takes it.

smtpd answers "451 4.3.5 Server configuration error" to every client that comes so far as a word it does not
know. Which list a restriction may stand in is no matter of right and wrong, but for a table without a name:
data lists have no default. Knowledge: generic_checks(), is_map_command(), smtpd_check_parse() and
policy_client_register() in src/smtpd/smtpd_check.c.
"""

from collections.abc import Iterator

from advisor.facts.braced_options import POLICY_OPTIONS, endpoint_place, option_flaws
from advisor.facts.flaw import Flaw
from advisor.facts.word_checks import meant_word, table_flaws
from advisor.settings.instance import Instance
from advisor.settings.values import item_places
from advisor.settings.vocabulary import vocabulary

_REFUSED = (
    'smtpd answers every client that comes so far in the list with "451 4.3.5 Server configuration error".'
)
_POLICY = "check_policy_service"
# smtpd(8) has no check_…_access of its own for a bare table in these.
_NO_DEFAULT = ("smtpd_data_restrictions", "smtpd_end_of_data_restrictions")
_TRANSPORTS = ("inet", "unix", "local")


def restriction_flaws(instance: Instance, name: str, text: str, own: frozenset[str]) -> Iterator[Flaw]:
    """The flaws in a restriction list, class or not. `own` are the words that the site defines."""
    words = vocabulary().restrictions
    known = words.names(instance.release)
    places = iter(item_places(text))
    behind_reference = False
    for begin, end in places:
        word = text[begin:end]
        lower = word.lower()
        was_reference, behind_reference = behind_reference, "$" in word
        if behind_reference or word in own:
            continue
        if lower in words.tables() and lower in known:
            yield from _argument(instance, text, (begin, end), next(places, None))
        elif lower == _POLICY:
            yield from _policy(text, (begin, end), next(places, None))
        elif lower in words.domains() and lower in known:
            if next(places, None) is None:
                yield Flaw(begin, end, f"followed by a domain: {word} is the last word", "It does nothing.")
        elif lower == "sleep":
            next(places, None)
        elif ":" in word:
            if name in _NO_DEFAULT:
                yield Flaw(
                    begin, end, "a restriction: write check_client_access or another one before it", _REFUSED
                )
            yield from table_flaws(instance, word, begin)
        elif lower not in known and not was_reference:
            yield Flaw(
                begin,
                end,
                f"a restriction that Postfix {instance.release} knows",
                _REFUSED,
                meant_word(lower, known),
            )


def _argument(
    instance: Instance, text: str, name: tuple[int, int], place: tuple[int, int] | None
) -> Iterator[Flaw]:
    """The flaws of what stands behind a restriction that asks a table."""
    restriction = text[slice(*name)]
    if place is None:
        yield Flaw(*name, f"followed by a table, type:name: {restriction} is the last word", _REFUSED)
        return
    argument = text[slice(*place)]
    if "$" in argument:
        return
    if ":" not in argument:
        yield Flaw(*place, f"a lookup table, type:name, as {restriction} wants it", _REFUSED)
    elif not argument.startswith("{"):
        yield from table_flaws(instance, argument, place[0])


def _policy(text: str, name: tuple[int, int], place: tuple[int, int] | None) -> Iterator[Flaw]:
    """The flaws of what stands behind check_policy_service."""
    if place is None:
        yield Flaw(*name, f"followed by a service, transport:endpoint: {_POLICY} is the last word", _REFUSED)
        return
    begin, end = endpoint_place(text, *place)
    service = text[begin:end]
    transport, _, endpoint = service.partition(":")
    if "$" not in service and (transport not in _TRANSPORTS or not endpoint):
        yield Flaw(begin, end, "a policy service, written inet:host:port or unix:path")
    yield from option_flaws(text, place, POLICY_OPTIONS)
