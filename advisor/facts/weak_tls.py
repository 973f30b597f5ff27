"""TLS protocols, ciphers and cipher lists that somebody wrote down, and that are worse than Postfix's own.

Opportunistic TLS (`may`, `dane`) uses X_tls_protocols and X_tls_ciphers, enforced TLS
X_tls_mandatory_protocols and X_tls_mandatory_ciphers. Knowledge: postconf(5), TLS_README, tls_protocol_mask()
in src/tls/tls_misc.c.
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.old_tls import security_level
from advisor.facts.registry import collection
from advisor.facts.wanted import Assign, Remove, Wanted
from advisor.facts.word_checks import flaws
from advisor.facts.written import key_of, written_places
from advisor.settings.catalogue import catalogue
from advisor.settings.expand import references
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.settings.setting import Setting
from advisor.syntax.source import Span

_PREFIXES = ("smtpd", "smtp", "lmtp")
_PROTOCOLS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_BY_NAME = {name.lower(): number for number, name in enumerate(_PROTOCOLS)}
_SSLV3_ON_THE_WIRE = 0x0300
_BROKEN = ("SSLv2", "SSLv3")
_GRADES = ("high", "medium", "low", "export", "null")
_WEAK_GRADES = ("export", "low", "null")
# Since then these two mean `medium`, and their lists are read by nobody (tls_cipher_grade_table).
_GRADES_THAT_WENT = ("export", "low")
_MEDIUM_FOR_THEM = Release(3, 8)
_NO_SSL = "!SSLv2, !SSLv3"
_NO_SSLV2 = Release(3, 6)

Place = Service | None


class WeakTls(msgspec.Struct, frozen=True):
    """All such lines. `broken` and `strict` say in words what is wrong: protocols or ciphers that protect
    nobody, and such as make others fall back to plain text. `lists` are cipher lists of one's own. `changes`
    go back to the defaults of the release.
    """

    span: Span
    names: tuple[str, ...]
    broken: tuple[str, ...]
    strict: tuple[str, ...]
    lists: tuple[str, ...]
    changes: tuple[Wanted, ...]


class _Line(msgspec.Struct, frozen=True):
    name: str
    place: Place
    broken: str = ""
    strict: str = ""
    own_list: str = ""


@collection(element=WeakTls, variable="weak", locate=lambda weak: weak.span)
def weak_tls_lines(case: Case) -> tuple[WeakTls, ...]:
    """The lines about TLS protocols and ciphers that are worse than the defaults, all together, and be it
    none.
    """
    instance = case.instance
    lines = [line for prefix in _PREFIXES for line in _of_prefix(instance, prefix)]
    if any(_levels(instance, prefix) for prefix in _PREFIXES):
        lines += _own_lists(instance)
    return (
        WeakTls(
            min(
                (case.place(line.name, line.place) for line in lines),
                default=instance.main_cf.source.end_span,
            ),
            tuple(dict.fromkeys(line.name for line in lines)),
            tuple(dict.fromkeys(line.broken for line in lines if line.broken)),
            tuple(dict.fromkeys(line.strict for line in lines if line.strict)),
            tuple(dict.fromkeys(line.own_list for line in lines if line.own_list)),
            tuple(_undone(instance, line) for line in lines),
        ),
    )


def permitted_protocols(text: str) -> tuple[str, ...]:
    """The protocols that a value of X_tls_protocols lets through; words that are no protocol do nothing."""
    included, excluded = set(), set()
    least, most = 0, len(_PROTOCOLS) - 1
    for word in _words(text):
        name = word.lstrip("!<>=")
        number = _number(name)
        if number is None:
            continue
        match word.removesuffix(name):
            case ">=":
                least = number
            case "<=":
                most = number
            case "!":
                excluded.add(number)
            case _:
                included.add(number)
    return tuple(
        name
        for number, name in enumerate(_PROTOCOLS)
        if least <= number <= most and number not in excluded and (not included or number in included)
    )


def _number(name: str) -> int | None:
    """The place of a protocol in the order of their age; since 3.6 its number on the wire may name it."""
    if name.lower() in _BY_NAME:
        return _BY_NAME[name.lower()]
    try:
        wire = int(name, 0)
    except ValueError:
        return None
    place = wire - _SSLV3_ON_THE_WIRE + 1
    return place if 0 < place < len(_PROTOCOLS) else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[\s,:]+", text)))


def _of_prefix(instance: Instance, prefix: str) -> Iterator[_Line]:
    levels = _levels(instance, prefix)
    for mandatory in ("", "mandatory_"):
        # A table may ask for any level.
        if not levels & ({"enforced", "table"} if mandatory else {"opportunistic"}):
            continue
        for name, judge in (
            (f"{prefix}_tls_{mandatory}protocols", _judged_protocols),
            (f"{prefix}_tls_{mandatory}ciphers", _judged_grade),
        ):
            for place in written_places(instance, name):
                setting = instance.setting(name, place)
                if (
                    not setting.known
                    or _follows(setting)
                    or _is_default(instance, name, place)
                    # What Postfix cannot read is wrong-word's.
                    or any(flaws(instance, name, setting.text))
                ):
                    continue
                broken, strict = judge(instance, setting.normal, is_offer=not mandatory)
                said = f"{name} = {setting.normal or '(empty)'}"
                if broken or strict:
                    yield _Line(
                        name,
                        place,
                        f"{said} {broken}" if broken else "",
                        f"{said} {strict}" if strict else "",
                    )


def _follows(setting: Setting) -> bool:
    """Whether the value is that of a parameter of Postfix, which is judged where it is set, or of a name that
    nothing defines.
    """
    names = references(setting.text)
    is_undefined = bool(names) and not setting.normal
    return is_undefined or any(catalogue().parameter(name) is not None for name in names)


def _levels(instance: Instance, prefix: str) -> set[str]:
    """What kinds of TLS the programs use: opportunistic, enforced, whatever a table says."""
    services = [each for each in instance.services if each.command == prefix]
    places: list[Place] = [*services] if services or instance.master_cf else [None]
    found: set[str] = set()
    for place in places:
        level = security_level(instance, prefix, place).lower()
        wrapper = instance.setting(f"{prefix}_tls_wrappermode", place)
        if wrapper.exists and wrapper.boolean() is True:
            found.add("enforced")
        elif level in ("may", "dane"):
            found.add("opportunistic")
        elif level not in ("", "none"):
            found.add("enforced")
        table = instance.setting(f"{prefix}_tls_policy_maps", place)
        if table.exists and table.normal:
            found.add("table")
    return found


def _judged_protocols(instance: Instance, text: str, *, is_offer: bool) -> tuple[str, str]:
    permitted = permitted_protocols(text)
    # Postfix forgot SSLv2 in 3.6.
    broken = [each for each in permitted if each in (_BROKEN if instance.release < _NO_SSLV2 else ("SSLv3",))]
    if broken:
        return f"lets {' and '.join(broken)} through", ""
    is_strict = is_offer and permitted == ("TLSv1.3",)
    return "", "shuts out all that do not know TLSv1.3 yet" if is_strict else ""


def _judged_grade(instance: Instance, text: str, *, is_offer: bool) -> tuple[str, str]:
    grade = text.lower()
    if grade in _GRADES_THAT_WENT and instance.release >= _MEDIUM_FOR_THEM:
        return "", ""
    if grade in _WEAK_GRADES:
        return "lets ciphers through that were broken long ago", ""
    return "", "shuts out all that know no such cipher" if is_offer and grade == "high" else ""


def _own_lists(instance: Instance) -> Iterator[_Line]:
    unread = _GRADES_THAT_WENT if instance.release >= _MEDIUM_FOR_THEM else ()
    for name in (f"tls_{grade}_cipherlist" for grade in _GRADES if grade not in unread):
        for place in written_places(instance, name):
            if not _is_default(instance, name, place):
                yield _Line(name, place, own_list=name)


def _is_default(instance: Instance, name: str, place: Place) -> bool:
    parameter = catalogue().parameter(name)
    default = parameter.default(instance.release) if parameter else None
    text = instance.setting(name, place).text
    return default is not None and text.replace(" ", "") == default.replace(" ", "")


def _undone(instance: Instance, line: _Line) -> Wanted:
    """Back to the default, or to no SSL at all where an old release's default has it too."""
    parameter = catalogue().parameter(line.name)
    default = (parameter.default(instance.release) if parameter else None) or ""
    if line.broken and line.name.endswith("protocols"):
        judged, _ = _judged_protocols(instance, default, is_offer=False)
        if judged:
            return Assign(line.name, _NO_SSL, key_of(line.place))
    return Remove(line.name, key_of(line.place))
