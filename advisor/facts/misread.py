"""Lines of main.cf that Postfix reads without a word, and otherwise than they look.

To Postfix a `#` behind a value, quotes, and a line that begins with white space are parts of the value
(src/util/readlline.c, split_nameval.c); since 3.8 some readers of lists warn of the first (mystrtok.c).
"""

import re

import msgspec

from advisor.facts.corrections import is_right
from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.host_names import CHECKED_NAMES
from advisor.settings.instance import Instance
from advisor.settings.setting import MainCfLine, Setting
from advisor.settings.shared_parameters import SHARED_PARAMETERS
from advisor.syntax.main_cf import Assignment, trailing_comment, without_comment
from advisor.syntax.source import WHITE_SPACE, Span

# What people read, or a shell: there a '#' and quotes mean what they mean.
_TEXTS = ("_banner", "_footer", "_reply", "_command", "mail_name", "_commands")
_TYPED = (Kind.INT, Kind.LONG, Kind.TIME, Kind.BOOL)
_ASSIGNMENT = re.compile(r"[ \t]+([A-Za-z0-9_]+)[ \t]*=(?!=)", re.ASCII)
_QUOTES = {'"': '"', "'": "'", "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}


class Misreading(msgspec.Struct, frozen=True):
    """What the line says to Postfix, and what to write. `is_comment`: it has a comment behind its value.

    `is_serious`: a program does not start with it, or a setting is lost.
    """

    span: Span
    problem: str
    cure: str
    is_comment: bool = False
    is_serious: bool = False


def misreading(instance: Instance, line: Assignment) -> Misreading | None:
    """How Postfix misreads the line; None where it is read as it looks, or where it does not count."""
    setting = instance.setting(line.name)
    if setting.origin != MainCfLine(line.span) or not instance.is_known(line.name):
        return None
    return _swallowed(instance, line) or _commented(setting, line) or _quoted(setting, line)


def _swallowed(instance: Instance, line: Assignment) -> Misreading | None:
    """A setting that is indented, and so continues the value before it."""
    offset, depth = line.start, 0
    for text in line.text.split("\n"):
        match = _ASSIGNMENT.match(text) if depth <= 0 else None
        known = match and catalogue().parameter(match[1])
        if match and known and known.exists_in(instance.release):
            return Misreading(
                instance.main_cf.source.span(offset + match.start(1), offset + len(text.rstrip(WHITE_SPACE))),
                f"the line of {match[1]} begins with white space, so it is part of the value of {line.name}, "
                f"and {match[1]} is not set",
                "remove the white space in front of it",
                is_serious=True,
            )
        offset += len(text) + 1
        if not text.lstrip(WHITE_SPACE).startswith("#"):
            depth += text.count("{") - text.count("}")
    return None


def _commented(setting: Setting, line: Assignment) -> Misreading | None:
    comment = trailing_comment(line.raw_value)
    if not comment or _is_text(setting):
        return None
    is_typed = setting.name in CHECKED_NAMES or (
        setting.parameter is not None and setting.parameter.kind(setting.release) in _TYPED
    )
    is_refused = is_typed and not is_right(setting, line.value)
    # Of a time Postfix reads the first letter, and nothing behind it. What is wrong anyway is another rule's.
    if is_typed and not (is_refused and is_right(setting, without_comment(line.value))):
        return None
    who = (
        "no program of Postfix will"
        if line.name in SHARED_PARAMETERS
        else "the programs that read it will not"
    )
    harm = f", and {who} start" if is_refused else ""
    return Misreading(
        line.value_span,
        f"the comment behind the value of {line.name} is part of the value{harm}",
        "write it on a line of its own",
        is_comment=True,
        is_serious=is_refused,
    )


def _quoted(setting: Setting, line: Assignment) -> Misreading | None:
    value = line.value
    closing = _QUOTES.get(value[:1])
    is_typed = setting.parameter is None or setting.parameter.kind(setting.release) in _TYPED
    if is_typed or _is_text(setting) or len(value) < 2 or not value.endswith(closing or "\n"):
        return None
    if not is_right(setting, value):
        return None  # another rule's, and worse
    return Misreading(
        line.value_span, f"the quotes are part of the value of {line.name}", "write it without them"
    )


def _is_text(setting: Setting) -> bool:
    parameter = setting.parameter
    is_raw = parameter is not None and parameter.kind(setting.release) is Kind.RAW
    return is_raw or setting.name.endswith(_TEXTS)
