"""The commands that make the change on the host that a configuration came from.

They are computed from the two instances, so that any change is covered. Knowledge: postconf(1), and
src/postconf/postconf_edit.c: -P takes no blank in a value, -e and -M take one line, and all of them change
every entry of the name.
"""

import re
import shlex
from collections.abc import Iterator, Sequence

from advisor.engine.changes import SERVICE_FIELDS, Fix, Requires
from advisor.engine.wording import visible
from advisor.settings.given import Form
from advisor.settings.instance import Instance
from advisor.settings.tables import CONFIGURATION
from advisor.syntax.master_cf import ServiceEntry

# postconf(1) calls this column of master.cf otherwise than master(5).
_POSTCONF_NAMES = {"unpriv": "unprivileged"}


def commands(before: Instance, after: Instance, fixes: Sequence[Fix]) -> tuple[str, ...]:
    """One shell command a line, each quoted for sh(1); none where the text is here, and can be patched.

    The last puts the change in force: `fixes` say whether a reload will do.
    """
    if not before.given.is_far:
        return ()
    folder = f" -c {_quoted(before.given.folder)}" if before.given.folder else ""
    main = [f"postconf{folder} {each}" for each in _main_cf(before, after)]
    master = [f"postconf{folder} {each}" for each in _master_cf(before, after)]
    if not main and not master:
        return ()
    typed = (
        *(_newline(before, "main.cf") if main else ()),
        *main,
        *(_newline(before, "master.cf") if master else ()),
        *master,
        *_in_force(fixes, folder),
    )
    return tuple(_typed(each, is_masked=before.given.form is Form.BUNDLE) for each in typed)


def _in_force(fixes: Sequence[Fix], folder: str) -> tuple[str, ...]:
    needed = {fix.requires for fix in fixes}
    if Requires.RESTART in needed:
        return (f"postfix{folder} stop", f"postfix{folder} start")
    return (f"postfix{folder} reload",) if Requires.RELOAD in needed else ()


def _newline(before: Instance, name: str) -> Iterator[str]:
    """What ends the file's last line. postconf of many releases, 3.7.11 among them, glues a new line onto one
    without end (pcf_next_cf_line() in postconf_edit.c), and printed text does not show how the file ends.
    """
    source = before.main_cf.source if name == "main.cf" else before.master_cf and before.master_cf.source
    if before.given.form is Form.BUNDLE and (not source or not source.text or source.text.endswith("\n")):
        return
    path = _quoted(f"{before.given.folder or CONFIGURATION}/{name}")
    yield f'test -z "$(tail -c 1 {path})" || echo >>{path}'


def _main_cf(before: Instance, after: Instance) -> Iterator[str]:
    old, new = _lines(before), _lines(after)
    for name in old:
        if name not in new or len(new[name]) < len(old[name]):
            yield f"-X {_quoted(name)}"
    for name, values in new.items():
        if values != old.get(name):
            yield f"-e {_quoted(f'{name} = {values[-1]}'.rstrip(' '))}"


def _lines(instance: Instance) -> dict[str, tuple[str, ...]]:
    """The values of each name as postconf prints them, in file order."""
    found: dict[str, tuple[str, ...]] = {}
    for line in instance.main_cf.assignments:
        found[line.name] = (*found.get(line.name, ()), line.value)
    return found


def _master_cf(before: Instance, after: Instance) -> Iterator[str]:
    old = {service.key: service.entry for service in before.services}
    new = {service.key: service.entry for service in after.services}
    for key in old:
        if key not in new:
            yield f"-MX {_quoted(key)}"
    for key, entry in new.items():
        if key not in old:
            yield _whole(key, entry)
        elif _words(old[key]) != _words(entry):
            yield from _entry(key, old[key], entry)


def _entry(key: str, old: ServiceEntry, new: ServiceEntry) -> Iterator[str]:
    overrides = _overrides(old), _overrides(new)
    if overrides[0] is None or overrides[1] is None or old.command != new.command:
        yield _whole(key, new)
        return
    for field in SERVICE_FIELDS:
        value = getattr(new, field)
        if value != getattr(old, field):
            yield f"-F {_quoted(f'{key}/{_POSTCONF_NAMES.get(field, field)} = {value}')}"
    for name in overrides[0]:
        if name not in overrides[1]:
            yield f"-PX {_quoted(f'{key}/{name}')}"
    for name, value in overrides[1].items():
        if value != overrides[0].get(name):
            yield f"-P {_quoted(f'{key}/{name} = {value}'.rstrip(' '))}"


def _overrides(entry: ServiceEntry) -> dict[str, str] | None:
    """The values by name, where postconf's -P and -F can change each of them: plain `-o name=value`, each
    name once, no value with a blank; None where they can't.
    """
    values = {each.name: each.value for each in entry.overrides}
    plain = [word for each in entry.overrides for word in ("-o", f"{each.name}={each.value}")]
    if len(values) < len(entry.overrides) or [word.text for word in entry.arguments] != plain:
        return None
    return values


def _words(entry: ServiceEntry) -> list[str]:
    return [_one_line(word.text) for word in (*entry.fields, *entry.arguments)]


def _whole(key: str, entry: ServiceEntry) -> str:
    return f"-M {_quoted(f'{key} = ' + ' '.join(_words(entry)))}"


def _one_line(word: str) -> str:
    """A word in braces may go on over lines."""
    return re.sub(r"\s*[\r\n]\s*", " ", word)


def _quoted(text: str) -> str:
    return shlex.quote(text)


def _typed(command: str, *, is_masked: bool) -> str:
    """The command as it may be pasted into a terminal, which would obey a control character.

    `is_masked`: the text is from collect.sh, which writes "masked" for a password; that must not come back.
    """
    if is_masked and re.search(r"\bmasked\b", command):
        return f"# a password is masked in this command, so make the change by hand: {visible(command)}"
    if all(character >= " " and character != "\x7f" for character in command.replace("\t", " ")):
        return command
    return f"# there is a control character in this command, so make the change by hand: {visible(command)}"
