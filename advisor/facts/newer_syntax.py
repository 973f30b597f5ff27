"""Forms of writing a value that a release does not know yet, so that it reads something else, or nothing.

Knowledge: RELEASE_NOTES of 3.0, 3.6 and 3.7; postconf(5), master(5).
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import Span

_CONDITION = re.compile(r"\$[{(]\s*(?:[A-Za-z0-9_]+\s*[?:]\s*\{|\{)")
_LEVEL = re.compile(r"[<>=!]=?level\b")
_INLINE = re.compile(r"(?:^|[\s,:{])(?:pcre|regexp|cidr):\{")
# The form, the release that brought it, and what to write for an older one.
_FORMS = (
    (_CONDITION, Release(3, 0), "${name?{text}:{text}}", "write ${name?text} and ${name:text}"),
    (_LEVEL, Release(3, 6), "a comparison such as <=level", "compare with == or < alone"),
    (_INLINE, Release(3, 7), "a table written in place, such as pcre:{…}", "put its lines into a file"),
)
_BRACES = (Release(3, 0), "-o { name = value }", "write -o name=value without blanks, or set it in main.cf")


class NewerForm(msgspec.Struct, frozen=True):
    """A value in main.cf (`key` is None) or of a service; `form` is what the release does not know, empty
    where it knows all. `since` is the release that brought it.
    """

    parameter: str
    key: str | None
    span: Span
    form: str = ""
    since: str = ""
    instead: str = ""


@collection(element=NewerForm, variable="written", locate=lambda written: written.span)
def written_forms(case: Case) -> tuple[NewerForm, ...]:
    """The values in main.cf and behind `-o`, with a form in them that the release does not know."""
    return tuple(_forms(case.instance))


def _forms(instance: Instance) -> Iterator[NewerForm]:
    for line in {line.name: line for line in instance.main_cf.assignments}.values():
        yield _judged(instance, NewerForm(line.name, None, line.span), line.raw_value)
    for service in instance.services:
        for option in service.entry.overrides:
            of = NewerForm(option.name, service.key, option.span)
            first, form, instead = _BRACES
            if instance.release < first and option.braced:
                yield msgspec.structs.replace(of, form=form, since=first.series, instead=instead)
            else:
                yield _judged(instance, of, option.value)


def _judged(instance: Instance, of: NewerForm, text: str) -> NewerForm:
    for pattern, first, form, instead in _FORMS:
        if instance.release < first and pattern.search(text):
            return msgspec.structs.replace(of, form=form, since=first.series, instead=instead)
    return of
