"""What postconf(1) prints of the parameters in main.cf and of the defaults behind them.

Knowledge: pcf_show_parameters() and pcf_print_parameter() in src/postconf/postconf_main.c.
"""

from collections.abc import Iterator

from advisor.postconf.checks import READ_ONLY, UNDEFINED
from advisor.postconf.names import Names
from advisor.postconf.options import Options
from advisor.postconf.remarks import Tables, say_faults, say_unused
from advisor.postconf.services import printed_line
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.expand import Opaque
from advisor.settings.known_names import BrokenMacro, InTables, ReadOnly, Reference, Remark
from advisor.settings.setting import MainCfLine


def print_parameters(names: Names, options: Options, stderr: Stderr) -> Iterator[bytes]:
    """The lines of the parameters asked for, or of all in the classes asked for. Raises Fatal."""
    if not options.names:
        for name in _listed(names, options):
            yield from _lines(name, names, options, stderr)
        return
    for name in options.names:
        if names.class_of(name) is None:
            stderr.warn(f"{name}: unknown parameter")
        else:
            yield from _lines(name, names, options, stderr)


def say_remarks(names: Names, path: str, tables: Tables, stderr: Stderr) -> None:
    """What the values in main.cf give reason to say; `path` is what messages call it. Raises Fatal."""
    remarks = [each for each in names.known.remarks if isinstance(each.origin, MainCfLine)]
    for place, remark in enumerate(remarks):
        _say(remark, path, tables, stderr)
        if isinstance(remark, BrokenMacro) and remark.while_expanding:
            following = remarks[place + 1] if place + 1 < len(remarks) else None
            if not (isinstance(following, BrokenMacro) and _same_value(remark, following)):
                where = "dictionary mail_dict: " if remark.of_classes else ""
                raise Fatal(f"{where}macro processing error")


def say_unused_names(names: Names, path: str, stderr: Stderr) -> None:
    """What is set in main.cf and read by nothing, or will not be in a later release."""
    for name, lines in names.scope.main.items():
        is_used = names.is_known(name)
        say_unused(name, lines[-1].raw_value, path, names.scope.release, stderr, is_used=is_used)


def _say(remark: Remark, path: str, tables: Tables, stderr: Stderr) -> None:
    if isinstance(remark, BrokenMacro):
        say_faults((remark.fault,), stderr)
    elif isinstance(remark, InTables):
        tables.say(remark, stderr)
    elif isinstance(remark, ReadOnly) and tables.release >= READ_ONLY:
        stderr.warn(f"{path}: read-only parameter assignment: {remark.name}={remark.raw}")
    elif isinstance(remark, Reference) and tables.release >= UNDEFINED:
        stderr.warn(f"{path}: undefined parameter: {remark.name}")


def _same_value(one: BrokenMacro, other: BrokenMacro) -> bool:
    return other.while_expanding and (one.name, one.of_classes) == (other.name, other.of_classes)


def _listed(names: Names, options: Options) -> list[str]:
    candidates = names.scope.main if options.explicit else names.every()
    chosen = (name for name in frozenset(candidates) if names.class_of(name) in options.classes)
    return sorted(chosen, key=_bytes)


def _lines(name: str, names: Names, options: Options, stderr: Stderr) -> Iterator[bytes]:
    if options.explicit and not names.is_written(name):
        return
    value = names.value(name)
    text = value.text if isinstance(value, Opaque) else value or ""
    if options.hide_values:
        line = name
    else:
        if options.expand and not names.is_raw(name) and not isinstance(value, Opaque):
            done = names.expanded(text)
            if done.faults:
                say_faults(done.faults, stderr)
                raise Fatal("macro processing error")
            text = done.text
        line = text if options.hide_names else f"{name} = {text}"
    yield _bytes(printed_line(line, fold=options.fold)) + b"\n"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
