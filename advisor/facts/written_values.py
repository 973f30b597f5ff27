"""The values in main.cf and behind `-o`, and those that no program of Postfix takes.

A daemon that meets such a value dies when it starts, and master(8) starts it again, and again. postconf(1)
and `postfix check` take any value. Knowledge: src/global/mail_conf_int.c, mail_conf_long.c, mail_conf_time.c,
mail_conf_bool.c, mail_conf_str.c and mail_params.c; src/util/mac_expand.c; policy_client_register() in
src/smtpd/smtpd_check.c and milter_new() in src/milter/milter.c for a service in braces.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from advisor.facts.case import Case
from advisor.facts.corrections import corrected, is_right
from advisor.facts.daemons import whole_options
from advisor.facts.registry import collection
from advisor.settings.catalogue import Kind, Parameter
from advisor.settings.host_names import refused_name
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import Setting
from advisor.settings.shared_parameters import SHARED_PARAMETERS
from advisor.settings.values import BadValue, split_items
from advisor.syntax.main_cf import without_comment
from advisor.syntax.source import Span

# Lists whose elements in braces a daemon takes apart when it starts.
_LISTS_WITH_BRACES = ("_restrictions", "_milters")


class WrittenValue(msgspec.Struct, frozen=True):
    """The value that counts in main.cf (`key` is None) or among the options of the service `key`.

    `expected` is what Postfix wants instead, empty if it takes the value; `correction` is what must have been
    meant, empty where that is not plain. `is_shared`: every program of Postfix reads it; else `readers` are
    the daemons in master.cf that do. `is_read` is False where no program can be concerned.
    """

    name: str
    key: str | None
    text: str
    span: Span
    expected: str = ""
    correction: str = ""
    readers: tuple[str, ...] = ()
    is_shared: bool = False
    is_read: bool = True


@collection(element=WrittenValue, variable="written", locate=lambda written: written.span)
def written_values(case: Case) -> tuple[WrittenValue, ...]:
    """The values in main.cf and behind `-o` in master.cf, without those that a later line replaces."""
    return tuple(_values(case.instance))


class _Place(msgspec.Struct, frozen=True):
    """Where a value stands: the text, and the settings in which it is in force."""

    text: str
    span: Span
    service: Service | None


def _values(instance: Instance) -> Iterator[WrittenValue]:
    lines = {line.name: line for line in instance.main_cf.assignments}
    for line in lines.values():
        yield _value(instance, line.name, _Place(line.value, line.value_span, None))
    for service in instance.services:
        master = instance.master_cf
        for override in {each.name: each for each in whole_options(service)}.values():
            if master is not None:
                span = master.source.span(override.value_start, override.value_end)
                yield _value(instance, override.name, _Place(override.value, span, service))


def _value(instance: Instance, name: str, place: _Place) -> WrittenValue:
    key = place.service.key if place.service else None
    general = instance.setting(name, place.service)
    parameter = general.parameter
    sound = WrittenValue(name, key, place.text, place.span)
    if parameter is None or parameter.read_only or not parameter.exists_in(instance.release):
        return sound
    reading = tuple(_reading(instance, general, parameter, place))
    is_shared = name in SHARED_PARAMETERS and place.service is None
    settings = [instance.setting(name, service) for service in reading]
    if not settings or is_shared:
        settings.append(general)
    in_force = {id(each): each for each in settings}.values()  # most services share one
    bad = next((found for setting in in_force if (found := _bad(setting)) is not None), None)
    if bad is None or _is_only_commented(general, place.text):
        return sound
    return replace(
        sound,
        expected=bad.expected,
        correction=corrected(general, place.text),
        readers=tuple(sorted({service.command for service in reading})),
        is_shared=is_shared,
        is_read=bool(reading) or is_shared or not parameter.daemons or instance.master_cf is None,
    )


def _reading(instance: Instance, general: Setting, parameter: Parameter, place: _Place) -> Iterator[Service]:
    """The services whose program reads the value at that place."""
    for service in (place.service,) if place.service else instance.services:
        reads = general.name in SHARED_PARAMETERS or service.command in parameter.daemons
        if reads and (
            general.name not in service.entry.overridden
            or instance.setting(general.name, service).origin == general.origin
        ):
            yield service


def _bad(setting: Setting) -> BadValue | None:
    """What a program that reads the setting finds wrong, in normal operation or under stress."""
    if setting.problem is not None:
        return setting.problem
    if not setting.known or setting.parameter is None:
        return None
    read = {
        Kind.TIME: setting.seconds,
        Kind.INT: setting.number,
        Kind.LONG: setting.number,
        Kind.BOOL: setting.boolean,
    }.get(setting.parameter.kind(setting.release))
    if read is None:
        return _bad_string(setting, setting.parameter)
    return next(
        (found for stress in (False, True) if isinstance(found := read(stress=stress), BadValue)), None
    )


def _bad_string(setting: Setting, parameter: Parameter) -> BadValue | None:
    # A default that is too short belongs to a program that is not used without a value.
    if parameter.kind(setting.release) is Kind.RAW or setting.text == parameter.default(setting.release):
        return None
    least = parameter.minimum_length or 0
    for text in (setting.normal, setting.stress):
        if len(text.encode("utf-8", "surrogateescape")) < least:
            return BadValue(text, f"a text of {least} or more characters")
        if refused := refused_name(setting.name, text):
            return refused
        if setting.name.endswith(_LISTS_WITH_BRACES) and _is_open(split_items(text)[-1:]):
            return BadValue(text, "a list whose braces are closed: a '}' is missing")
    return None


def _is_open(last: tuple[str, ...]) -> bool:
    return any(item.startswith("{") and item.count("{") > item.count("}") for item in last)


def _is_only_commented(setting: Setting, text: str) -> bool:
    """Whether only the comment behind the value is wrong with it: that is misread-line's to say."""
    bare = without_comment(text)
    return bare != text and setting.problem is None and is_right(setting, bare)
