"""What is known of lists in the DNS: data/dns_lists.toml, with a source for each."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class ClosedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists that ended; `year` is 0 where it is not known, and `source` empty where none was found."""

    domains: tuple[str, ...]
    year: int
    says: str
    lists_all: bool = False
    source: str = ""


class SupersededList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists whose operator names another one. `instead` has the same data, empty where it has more;
    `parts_of` are the lists that hold it.
    """

    domains: tuple[str, ...]
    by: str
    parts_of: tuple[str, ...]
    source: str
    instead: str = ""


class Signals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lists that tell a refused question by an address too: `errors`, which all begin with `errors_begin`,
    with a text beside it, or none; `filter` admits listings alone.
    """

    domains: tuple[str, ...]
    filter: str
    errors: str
    errors_begin: str
    source: str
    text: str = ""


class Contained(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list that holds all of others, as long as the filter behind it is one of `filters`."""

    zone: str
    filters: tuple[str, ...]
    parts: tuple[str, ...]


class DnsLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is known."""

    closed: tuple[ClosedList, ...]
    superseded: tuple[SupersededList, ...]
    signals: tuple[Signals, ...]
    contained: tuple[Contained, ...]


def closed(zone: str) -> ClosedList | None:
    """What is known of a list's end."""
    return next((each for each in dns_lists().closed if _is_in(zone, each.domains)), None)


def superseded(zone: str) -> SupersededList | None:
    """What took a list's place."""
    return next((each for each in dns_lists().superseded if _is_in(zone, each.domains)), None)


def signals(zone: str) -> Signals | None:
    """How a list tells that a question was refused."""
    return next((each for each in dns_lists().signals if _is_in(zone, each.domains)), None)


@cache
def dns_lists() -> DnsLists:
    """The packaged table, read once."""
    text = files("advisor.facts").joinpath("data", "dns_lists.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), DnsLists)


def _is_in(zone: str, domains: tuple[str, ...]) -> bool:
    return any(zone == domain or zone.endswith(f".{domain}") for domain in domains)
