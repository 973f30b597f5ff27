"""The restrictions of a list as they are written: which words belong together, and who reads the list.

Knowledge: generic_checks() in src/smtpd/smtpd_check.c, which takes a word behind some restrictions as theirs.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from advisor.facts.removed_restrictions import written_restriction_lists
from advisor.facts.restrictions import takes_argument
from advisor.facts.wanted import Element
from advisor.facts.written import key_of, text_of_list
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Default
from advisor.settings.values import BadValue, split_items
from advisor.syntax.source import Span

_WARN = "warn_if_reject"
_CLASSES = "smtpd_restriction_classes"


class WrittenRestriction(msgspec.Struct, frozen=True):
    """One restriction: `element` is all its words as written, with warn_if_reject before it. `name` is in
    lower case, and `_WARN` for one that stands alone at the end.
    """

    element: str
    name: str
    argument: str
    only_warns: bool


class WrittenRestrictions(msgspec.Struct, frozen=True):
    """A restriction list in main.cf (`place` is None) or behind a service's `-o`; no class is unfolded."""

    parameter: str
    place: Service | None
    span: Span
    restrictions: tuple[WrittenRestriction, ...]

    @property
    def key(self) -> str | None:
        """The service's key; None for main.cf."""
        return key_of(self.place)


def restrictions_read(instance: Instance) -> Iterator[WrittenRestrictions]:
    """The restriction lists that an SMTP server of master.cf reads; without master.cf, all."""
    for parameter, span, place in written_restriction_lists(instance):
        if place is None and instance.master_cf is not None and not _is_read(instance, parameter):
            continue
        words = split_items(text_of_list(instance, parameter, place))
        yield WrittenRestrictions(parameter, place, span, tuple(grouped(words)))


def grouped(words: tuple[str, ...]) -> Iterator[WrittenRestriction]:
    """The restrictions that the words make."""
    rest = iter(words)
    warns: list[str] = []
    for word in rest:
        name = word.lower()
        if name == _WARN:
            warns.append(word)
            continue
        argument = next(rest, "") if takes_argument(name) else ""
        element = " ".join([*warns, word, *([argument] if argument else [])])
        yield WrittenRestriction(element, name, argument, bool(warns))
        warns.clear()
    if warns:
        yield WrittenRestriction(" ".join(warns), _WARN, "", only_warns=True)


def without(parameter: str, key: str | None, words: Sequence[str], first: int, last: int) -> Element | None:
    """The change that takes the words from `first` on, and before `last`, out of a list, and no others like
    them: what stands before them tells them apart. None where nothing does.
    """
    # What tells a part apart tells a longer one apart, too.
    more = bisect_left(
        range(first + 1), x=True, key=lambda more: stands_once(words, words[first - more : last])
    )
    if more > first:
        return None
    kept = " ".join(words[first - more : first])
    return Element(parameter, " ".join(words[first - more : last]), (kept,) if kept else (), key)


def stands_once(words: Sequence[str], part: Sequence[str]) -> bool:
    """Whether the part, which is not empty, stands among the words, one after another, in one place only."""
    text, wanted = (" ".join(("", *each, "")) for each in (words, part))
    place = text.find(wanted)
    return place >= 0 and text.find(wanted, place + 1) < 0


def servers_reading(instance: Instance, parameter: str) -> tuple[Service, ...]:
    """The SMTP servers for which main.cf's value of a parameter counts."""
    origin = instance.setting(parameter).origin
    if isinstance(origin, Default):
        return ()
    return tuple(
        each
        for each in instance.services
        if each.is_smtp_server and instance.setting(parameter, each).origin == origin
    )


def _is_read(instance: Instance, parameter: str) -> bool:
    classes = instance.setting(_CLASSES).items()
    own = instance.setting(parameter).parameter is None
    if own or (not isinstance(classes, BadValue) and parameter in classes):
        return any(each.is_smtp_server for each in instance.services)
    return bool(servers_reading(instance, parameter))
