"""The words of values that Postfix takes for one of a few, and those that it refuses or does not heed."""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.daemons import whole_options
from advisor.facts.flaw import Flaw
from advisor.facts.registry import collection
from advisor.facts.removed_restrictions import is_restriction_list
from advisor.facts.restriction_checks import restriction_flaws
from advisor.facts.word_checks import flaws, is_better_unset, is_checked
from advisor.settings.catalogue import Kind
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.shared_parameters import SHARED_PARAMETERS
from advisor.settings.values import BadValue
from advisor.settings.vocabulary import vocabulary
from advisor.syntax.main_cf import Assignment, without_comment
from advisor.syntax.master_cf import Override
from advisor.syntax.source import Span
from advisor.syntax.value_places import place_in_assignment, place_in_override


class CheckedWord(msgspec.Struct, frozen=True):
    """A wrong word in the value of main.cf (`key` is None) or of an option of the service `key`, or a whole
    value without one: then `expected` and all that follows is empty.

    `expected` is what Postfix wants in its place. `does` says what the word does; empty: `readers`, the
    programs of master.cf that read it, do not start; `is_shared`: none does. `meant` is the word that was
    meant, and `wanted` the value with all of them in it; both are empty where that is not plain, and then
    `is_better_unset` says whether the default is the right value.
    """

    name: str
    key: str | None
    text: str
    span: Span
    expected: str = ""
    does: str = ""
    readers: tuple[str, ...] = ()
    is_shared: bool = False
    meant: str = ""
    wanted: str = ""
    is_better_unset: bool = False


@collection(element=CheckedWord, variable="word", locate=lambda word: word.span)
def checked_words(case: Case) -> tuple[CheckedWord, ...]:
    """The words in main.cf and behind `-o` that Postfix refuses or does not heed, and the values without."""
    return tuple(_checked(case.instance))


class _Value(msgspec.Struct, frozen=True):
    """A written value, `node` of main.cf or of the service's options."""

    name: str
    text: str
    service: Service | None
    node: Assignment | Override


def _checked(instance: Instance) -> Iterator[CheckedWord]:
    for value in _values(instance):
        readers = _readers(instance, value)
        if readers is None or not _is_heeded(instance, value):
            continue
        # What stands behind a `#` is another finding.
        text = without_comment(value.text)
        found = tuple(_flaws(instance, value, text))
        wanted = _corrected(text, found) if text == value.text else ""
        key = value.service.key if value.service else None
        if not found:
            yield CheckedWord(value.name, key, text, _span(instance, value, Flaw(0, len(text), "")))
        for flaw in found:
            yield CheckedWord(
                value.name,
                key,
                text[flaw.begin : flaw.end],
                _span(instance, value, flaw),
                flaw.expected,
                flaw.does,
                readers,
                value.name in SHARED_PARAMETERS and value.service is None,
                flaw.meant,
                wanted,
                not wanted and is_better_unset(value.name),
            )


def _values(instance: Instance) -> Iterator[_Value]:
    for line in {line.name: line for line in instance.main_cf.assignments}.values():
        yield _Value(line.name, line.raw_value, None, line)
    for service in instance.services:
        for option in {each.name: each for each in whole_options(service)}.values():
            yield _Value(option.name, option.value, service, option)


def _readers(instance: Instance, value: _Value) -> tuple[str, ...] | None:
    """The programs of master.cf that read that very value; None where there are none."""
    general = instance.setting(value.name, value.service)
    parameter = general.parameter
    is_class = parameter is None
    if parameter is not None and (
        parameter.kind(instance.release) not in (Kind.STRING, Kind.RAW)
        or not parameter.exists_in(instance.release)
    ):
        return None
    if not is_checked(value.name) and not is_restriction_list(instance, value.name, value.service):
        return None
    if instance.master_cf is None:
        return ()
    daemons = parameter.daemons if parameter is not None else ("smtpd",)
    if set(daemons) == {"master"}:  # which reads main.cf, and has no entry of its own
        return ("master",) if value.service is None else None
    is_shared = value.name in SHARED_PARAMETERS
    places = (value.service,) if value.service else instance.services
    commands = {
        service.command
        for service in places
        if (is_shared or service.command in daemons)
        and (is_class or instance.setting(value.name, service).origin == general.origin)
    }
    return tuple(sorted(commands)) if commands else None


def _is_heeded(instance: Instance, value: _Value) -> bool:
    """Whether the parameters beside it let the value count."""
    group = vocabulary().group(value.name)
    if group is None:
        return True
    if group.only_if and instance.setting(group.only_if, value.service).boolean() is not True:
        return False
    return not group.unless or instance.setting(group.unless, value.service).is_default


def _flaws(instance: Instance, value: _Value, text: str) -> Iterator[Flaw]:
    if is_restriction_list(instance, value.name, value.service):
        classes = instance.setting("smtpd_restriction_classes", value.service).items()
        own = {line.name for line in instance.main_cf.assignments}
        yield from restriction_flaws(
            instance, value.name, text, frozenset(own.union(() if isinstance(classes, BadValue) else classes))
        )
        return
    yield from flaws(instance, value.name, text)


def _corrected(text: str, found: tuple[Flaw, ...]) -> str:
    """The value with the words that were meant; empty where one of them is not known."""
    if not text.isprintable() or not all(flaw.meant for flaw in found):
        return ""
    for flaw in reversed(found):
        text = text[: flaw.begin] + flaw.meant + text[flaw.end :]
    return text


def _span(instance: Instance, value: _Value, flaw: Flaw) -> Span:
    if isinstance(value.node, Assignment):
        return place_in_assignment(instance.main_cf.source, value.node, flaw.begin, flaw.end)
    assert value.service is not None  # noqa: S101 - an option belongs to a service
    assert instance.master_cf is not None  # noqa: S101 - which stands in master.cf
    entry = value.service.entry
    return place_in_override(instance.master_cf.source, entry, value.node, flaw.begin, flaw.end)
