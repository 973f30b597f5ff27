"""What becomes of `$name` in a value.

    $name ${name} $(name)          the value of name, itself expanded; nothing if there is none
    ${name?text} ${name?{text}}    text if the value of name is not empty
    ${name:text} ${name:{text}}    text if it is empty or there is none
    ${name?{a}:{b}}                one or the other
    ${{l} == {r} ? {a} : {b}}      by comparison; without `?` it gives `true` or nothing
    ${domain_to_ascii{text}}       a domain name in ASCII; ${domain_to_utf8{text}} as people read it
    $$                             a dollar sign

Knowledge: src/util/mac_parse.c, src/util/mac_expand.c, dict_eval() in src/util/dict.c; postconf(5). Postfix
refuses to run on a broken macro; here that is a SettingsError, whatever the text.
"""

from functools import lru_cache

import msgspec

from advisor.errors import SettingsError
from advisor.settings.macro_faults import Fault
from advisor.settings.macro_run import Lookup, Opaque
from advisor.settings.macros import Expansion

__all__ = ["Expanded", "Lookup", "Opaque", "Scanned", "expand", "expanded", "references", "scanned"]


class Expanded(msgspec.Struct, frozen=True):
    """What became of a text: all of it, unless there are `faults`, in the order that Postfix meets them."""

    text: str
    faults: tuple[Fault, ...] = ()


def expand(text: str, lookup: Lookup, where: str = "", *, functions: bool = True) -> str:
    """The text with every macro replaced; `lookup` gives the unexpanded value of a name, None if undefined.

    `functions` is whether the release has any, as `has_functions()` says.

    Raises SettingsError, with `where` as its place, where Postfix would refuse the text, or would never come
    to an end with it.
    """
    done = expanded(text, lookup, functions=functions)
    for fault in done.faults:
        raise SettingsError(fault.message, where=where, cure=fault.cure)
    return done.text


def expanded(text: str, lookup: Lookup, *, functions: bool = True) -> Expanded:
    """The text with every macro replaced as far as Postfix gets, and every fault it meets on the way."""
    if "$" not in text:
        return Expanded(text)
    run = Expansion(lookup, scan=False, has_functions=functions)
    run.start(text)
    return Expanded("".join(run.result), tuple(run.faults))


def references(text: str) -> tuple[str, ...]:
    """The names a text refers to, in both branches of a conditional, each as often as it stands there.

    Of a broken text, the names up to the break (postconf(1) looks for references in the same way).
    """
    return scanned(text).names


class Scanned(msgspec.Struct, frozen=True):
    """What a text refers to, and what is wrong with it on the face of it."""

    names: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=4096)
def scanned(text: str, *, functions: bool = True) -> Scanned:
    """The references of a text, in both branches of a conditional, and its faults; values are not seen."""
    if "$" not in text:
        return Scanned()
    names: list[str] = []

    def note(name: str) -> None:
        names.append(name)

    run = Expansion(note, scan=True, has_functions=functions)
    run.start(text)
    return Scanned(tuple(names), tuple(run.faults))
