"""What is wrong with the words of a value: words, TLS protocols, lookup tables, addresses and endpoints.

A word with a `$` is left alone: what it becomes need not be one word. Knowledge: settings/data/words.toml;
tls_proto_mask_lims() in src/tls/tls_misc.c; dict_open() in src/util/dict_open.c, maps_create() in
src/global/maps.c; milter8_connect() in src/milter/milter8.c; src/util/match_ops.c for networks.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv6Address

from advisor.facts.braced_options import MILTER_OPTIONS, endpoint_place, option_flaws
from advisor.facts.flaw import Flaw
from advisor.facts.main_cf_parameters import slips
from advisor.settings.instance import Instance
from advisor.settings.networks import network_entries
from advisor.settings.release import Release
from advisor.settings.tables import no_tables
from advisor.settings.values import LIST_SEPARATORS, item_places
from advisor.settings.vocabulary import WordGroup, vocabulary
from advisor.syntax.master_cf import SERVICE_TYPES

_NO_TLS = "Where TLS would be used, there is none with such a list."
_PROTOCOLS = re.compile(r"(?:smtpd|smtp|lmtp)_tls_(?:mandatory_)?protocols")
_PROTOCOL_NAMES = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_PROTOCOL_SEPARATORS = LIST_SEPARATORS + ":"
_BOUNDS_SINCE = Release(3, 6)
_MAPS = re.compile(r".*_(?:maps|checks)")
# They name tables that others may ask for; tls_server_sni_maps and these open none of them.
_NO_MAPS = frozenset({"proxy_read_maps", "proxy_write_maps"})
_DOMAIN_LISTS = frozenset(
    {"mydestination", "relay_domains", "virtual_alias_domains", "virtual_mailbox_domains"}
)
# mynetworks itself is mynetworks-too-wide's.
_NETWORK_LISTS = frozenset(
    """debug_peer_list permit_mx_backup_networks qmqpd_authorized_clients smtpd_authorized_verp_clients
    smtpd_authorized_xclient_hosts smtpd_authorized_xforward_hosts smtpd_client_event_limit_exceptions
    smtpd_sasl_exceptions_networks""".split()
)
_MILTERS = ("smtpd_milters", "non_smtpd_milters")
_ENDPOINT = re.compile(r"inet:(?:\[[^\]]*\]|[^:\[\]]+):[^:]+|(?:unix|local):.+", re.DOTALL)
_DEFERS = "Each lookup fails, and what asked for it is put off with a temporary error."
_UNREADABLE = "Postfix cannot read it, and cannot tell which other clients are on the list."

# More letters than that are not wrong by a slip of the hand.
_MOST_SLIPS = 3


def flaws(instance: Instance, name: str, text: str) -> Iterator[Flaw]:
    """What Postfix would refuse in the value of a parameter, or not heed."""
    if check := _check_for(name):
        yield from check(instance, text)


def is_checked(name: str) -> bool:
    """Whether anything is known of the words of that parameter."""
    return _check_for(name) is not None


_Check = Callable[[Instance, str], Iterator[Flaw]]


def _check_for(name: str) -> _Check | None:
    if group := vocabulary().group(name):
        return lambda instance, text: _words(group, instance.release, text)
    if _PROTOCOLS.fullmatch(name):
        return _protocols
    if _MAPS.fullmatch(name) and name not in _NO_MAPS:
        return _maps
    if name in _DOMAIN_LISTS:
        return _domains
    if name in _NETWORK_LISTS:
        return _networks
    if name == "master_service_disable":
        return _services
    return _milters if name in _MILTERS else None


def is_better_unset(name: str) -> bool:
    """Whether the default is the right value where nobody can tell what was meant: Postfix's choice of TLS
    protocols moves on with each release.
    """
    return _PROTOCOLS.fullmatch(name) is not None


def meant_word(word: str, choices: Iterable[str]) -> str:
    """The one of the choices that the word is a slip of: one letter of six at most; empty for none or two."""
    limit = min(max(1, len(word) // 6), _MOST_SLIPS) + 1
    near = (choice for choice in choices if abs(len(choice) - len(word)) < limit)
    counts = {choice: slips(word.lower(), choice, limit) for choice in near}
    least = min(counts.values(), default=limit)
    found = [choice for choice, count in counts.items() if count == least]
    return found[0] if least < limit and len(found) == 1 else ""


def _words(group: WordGroup, release: Release, text: str) -> Iterator[Flaw]:
    known = group.words(release)
    expected = f"one of {', '.join(known[:-1])} or {known[-1]}" if len(known) > 1 else known[0]
    # One word is compared as it is, with all that stands around it.
    places = ((0, len(text)),) if group.one else item_places(text)
    for begin, end in places:
        word = text[begin:end]
        heard = word.lower() if group.any_case else word
        if "$" in word or heard in known or (not word and group.may_be_empty):
            continue
        small = ", in small letters" * (word.lower() in known)
        yield Flaw(begin, end, expected + small, group.does, meant_word(word, known))


def _services(instance: Instance, text: str) -> Iterator[Flaw]:
    """Types, and services as name/type; what is neither fits no service (see enabled_services)."""
    del instance
    for begin, end in item_places(text):
        word = text[begin:end].lstrip("!")
        kind = word.replace(".", "/").rpartition("/")[2].lower()
        if "$" not in word and kind not in SERVICE_TYPES:
            yield Flaw(
                begin, end, "inet, unix, fifo or pass, or a service such as smtp/inet", "It does nothing."
            )


def _protocols(instance: Instance, text: str) -> Iterator[Flaw]:
    names = {name.lower() for name in _PROTOCOL_NAMES}
    bounds = instance.release >= _BOUNDS_SINCE
    for begin, end in item_places(text, _PROTOCOL_SEPARATORS):
        word = text[begin:end].lower()
        bare = word.removeprefix("!")
        if bounds and word.startswith((">=", "<=")):
            bare = word[2:]
            if not bare or re.fullmatch(r"(?:0x)?[0-9a-f]{4}", bare):
                continue
        if "$" not in word and bare not in names:
            expected = f"a TLS protocol such as TLSv1.2, !SSLv3{' or >=TLSv1.2' * bounds}"
            yield Flaw(begin, end, expected, _NO_TLS)


def _maps(instance: Instance, text: str) -> Iterator[Flaw]:
    for begin, end in item_places(text):
        word = text[begin:end]
        if ":" not in word and "$" not in word and not word.startswith("{"):
            yield Flaw(begin, end, "a lookup table, written type:name")
        yield from table_flaws(instance, word, begin)


def table_flaws(instance: Instance, word: str, begin: int) -> Iterator[Flaw]:
    """What is wrong with the type of a table, at that index; nothing for a word that is no table."""
    kind, colon, rest = word.partition(":")
    if kind == "proxy" and colon and ":" in rest:
        yield from table_flaws(instance, rest, begin + len("proxy:"))
        return
    if not colon or "$" in kind or "{" in kind:
        return
    told = instance.host.table_types
    known = told if told is not None else vocabulary().tables.types(instance.release)
    if kind not in known:
        where = "this Postfix" if told is not None else f"any Postfix {instance.release}"
        expected = f"a type of table that {where} has"
        yield Flaw(begin, begin + len(kind), expected, _DEFERS, meant_word(kind, known))


def _domains(instance: Instance, text: str) -> Iterator[Flaw]:
    for begin, end in item_places(text):
        word = text[begin:end]
        if not word.startswith(("/", "!", "[")):
            yield from table_flaws(instance, word, begin)


def _networks(instance: Instance, text: str) -> Iterator[Flaw]:
    for begin, end in item_places(text):
        word = text[begin:end]
        if "$" in word or word.startswith("/") or "{" in word:
            continue
        if _is_bare_ipv6(word):
            inner = word.replace("/", "]/", 1) if "/" in word else f"{word}]"
            yield Flaw(begin, end, "an IPv6 address in [brackets]", _UNREADABLE, f"[{inner}")
            continue
        for entry in network_entries((word,), no_tables):
            if entry.problem:
                yield Flaw(begin, end, f"a network: {entry.problem}", _UNREADABLE)
        if ":" in word and not word.startswith(("[", "!")):
            yield from table_flaws(instance, word, begin)


def _is_bare_ipv6(word: str) -> bool:
    try:
        IPv6Address(word.partition("/")[0])
    except ValueError:
        return False
    return True


def _milters(instance: Instance, text: str) -> Iterator[Flaw]:  # noqa: ARG001 - the same in every release
    for place in item_places(text):
        begin, end = endpoint_place(text, *place)
        endpoint = text[begin:end]
        if "$" not in endpoint and not _ENDPOINT.fullmatch(endpoint):
            does = "No milter is asked there: milter_default_action decides about each message."
            yield Flaw(begin, end, "a milter, written inet:host:port or unix:path", does)
        yield from option_flaws(text, place, MILTER_OPTIONS)
