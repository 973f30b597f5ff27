"""Templates that were not filled in: what stands in them is not what Postfix will read, so it is not judged.

Postfix has braces of its own: `${name}`, `${{a} == {b}?…}`, `inline:{{a = b}}`. A name in capitals that
nothing defines is taken for a variable of whoever starts the container.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from advisor.errors import NothingToCheck
from advisor.settings.instance import Instance
from advisor.syntax.source import Span

_SCRIPT: Final = "a script that fills in such names"
_ENVIRONMENT: Final = "the environment, as containers have it"
_FORMS: Final = (
    (re.compile(r"(?<![${])\{\{-?\s*[\w.\[\]'\"|():, -]+-?\}\}(?!\})"), "Jinja, as Ansible has it"),
    (re.compile(r"\{%-?\s*\w.*?%\}", re.DOTALL), "Jinja, as Ansible has it"),
    (re.compile(r"<%.*?%>", re.DOTALL), "ERB, as Puppet and Chef have it"),
    (re.compile(r"(%%?|##)[A-Z][A-Z0-9_]{2,}\1|(?<![${])\{[A-Z][A-Z0-9]*_[A-Z0-9_]+\}"), _SCRIPT),
    (re.compile(r"(?<![\w@])(@@?)[A-Z][A-Z0-9_]*\1(?![\w@])"), _SCRIPT),
    (re.compile(r"(?<!\w)__[A-Z][A-Z0-9_]*__(?!\w)"), _SCRIPT),
)
_COLUMNS = 8
_VARIABLE: Final = re.compile(r"\$[{(]?([A-Z][A-Z0-9_]+)\b[})]?")


class Unrendered(msgspec.Struct, frozen=True):
    """A place that a template's program should have filled in, its text, and what fills in such places."""

    where: Span
    text: str
    kind: str


def unrendered(instance: Instance) -> Unrendered | None:
    """The first place that was not filled in, outside of comments; None where there is none."""
    variables = {each.name for each in instance.undefined() if each.name.isupper()}
    for text, span in _texts(instance):
        for form, kind in _FORMS:
            if found := form.search(text):
                return Unrendered(span, found[0], kind)
        for found in _VARIABLE.finditer(text):
            if found[1] in variables:
                return Unrendered(span, found[0], _ENVIRONMENT)
    return next(_in_columns(instance), None)


def _in_columns(instance: Instance) -> Iterator[Unrendered]:
    """Variables in the columns of master.cf, where Postfix has none, unlike in the arguments of a command."""
    if instance.master_cf is None:
        return
    written = [(entry.text, entry.span) for entry in instance.master_cf.entries]
    written += [(junk.text, junk.span) for junk in instance.master_cf.junk]
    for text, span in written:
        columns = text.split()[:_COLUMNS]
        if len(columns) == _COLUMNS and (found := _VARIABLE.search(" ".join(columns))):
            yield Unrendered(span, found[0], _ENVIRONMENT)


def must_be_rendered(instance: Instance) -> None:
    """Raises NothingToCheck for a template that was not filled in."""
    if found := unrendered(instance):
        raise NothingToCheck(
            f"{found.text} was not filled in: this is a template ({found.kind}), and not what Postfix reads",
            where=str(found.where),
            cure="fill it in, and check what comes of it",
        )


def _texts(instance: Instance) -> Iterator[tuple[str, Span]]:
    """What Postfix reads of the files, line by line."""
    for line in instance.main_cf.assignments:
        yield line.raw_value, line.span
    for junk in instance.main_cf.junk:
        yield junk.text, junk.span
    if instance.master_cf is not None:
        for entry in instance.master_cf.entries:
            lines = entry.text.splitlines()
            yield "\n".join(line for line in lines if not line.lstrip().startswith("#")), entry.span
        for junk in instance.master_cf.junk:
            yield junk.text, junk.span
