"""What postconf(1) says of a value, in its own words.

Knowledge: src/util/mac_parse.c, src/util/mac_expand.c, src/global/compat_level.c, src/util/mystrtok.c, and
pcf_check_dbms_client() in src/postconf/postconf_dbms.c.
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from advisor.postconf.checks import DEPRECATED, UNUSED
from advisor.postconf.reading import read_pairs
from advisor.postconf.stderr import Fatal, Stderr, beginning
from advisor.settings.catalogue import catalogue
from advisor.settings.known_names import InTables
from advisor.settings.macro_faults import Broken, Fault
from advisor.settings.release import Release
from advisor.settings.table_prefixes import NO_COMMENTS, BadBraces, CommentInValue, TableFile
from advisor.syntax.source import SourceFile

# How much of the text behind the fault a warning shows.
_SHOWN: Final = 20
_ANY_OPERATOR: Final = '"==" or "!="" or "<"" or "<="" or ">="" or ">"'
_WORDS: Final = {
    Broken.TRUNCATED: 'truncated macro reference: "{0}"',
    Broken.NO_NAME: 'empty macro name: "{0}"',
    Broken.NAME: 'attribute name syntax error at: "...{0}>>>{1}"',
    Broken.NESTING: 'unreasonable macro call nesting: "{0}"',
    Broken.UNBALANCED: 'unbalanced {{}} in attribute expression: "{0}"',
    Broken.OPERATOR: _ANY_OPERATOR + ' expected at: "...{0}}}>>>{1}"',
    Broken.SUFFIX: 'bad operator suffix at: "...{0}>>>{1}"',
    Broken.NO_OPERAND: '"{{expression}}" expected at: "...{{{0}}} {1}>>>{2}"',
    Broken.NO_BRANCH: '"?" or ":" expected at: "...}}>>>{0}"',
    Broken.NO_COLON: '":" expected at: "...{0}}}>>>{1}"',
    Broken.LEFTOVER: 'unexpected input at: "...{0}}}>>>{1}"',
    Broken.DOMAIN: "bad domain argument in: '{0}{{{1}}}'",
    Broken.LEVEL: 'malformed compatibility level syntax: "{0}"',
}
_TAIL_IS_CUT: Final = frozenset(
    {Broken.NAME, Broken.OPERATOR, Broken.NO_OPERAND, Broken.NO_BRANCH, Broken.NO_COLON, Broken.LEFTOVER}
)


def say_faults(faults: Iterable[Fault], stderr: Stderr) -> None:
    """The warnings of a broken value. Raises Fatal where Postfix stops in the middle of it."""
    for fault in faults:
        if fault.broken is Broken.NUMBER:
            raise Fatal(f"mac_exp_eval: bad conversion: {fault.parts[0]}")
        if fault.broken is Broken.SIZE:
            # Postfix has no words for it: it runs out of memory, or of stack.
            raise Fatal("macro processing error")
        parts = fault.parts
        if fault.broken in _TAIL_IS_CUT:
            parts = (*parts[:-1], beginning(parts[-1], _SHOWN))
        stderr.warn(_WORDS[fault.broken].format(*parts))


@dataclass(slots=True)
class Tables:
    """The files of tables, each read once; `folder` is that of main.cf."""

    folder: str
    release: Release
    quiet: bool = False
    seen: set[tuple[str, str]] = field(default_factory=set)

    def say(self, found: InTables, stderr: Stderr, service: str = "") -> None:
        """What there is to say of an element of a value, in main.cf or in an option of the service."""
        item = found.item
        if isinstance(item, TableFile):
            self._look(item, stderr)
        elif isinstance(item, BadBraces):
            stderr.warn(f"{self._file(service)}{f':{service}' if service else ''}: {item.problem}")
        else:
            self._comment(item, stderr, service)

    def _file(self, service: str) -> str:
        """How this release calls main.cf or master.cf here."""
        name = "master.cf" if service else "main.cf"
        return f"{self.folder}/{name}" if self.release >= NO_COMMENTS else name

    def _comment(self, item: CommentInValue, stderr: Stderr, service: str) -> None:
        stderr.warn(
            f"{self._file(service)}: #comment after other text is not allowed: "
            f"{item.word} {beginning(item.rest, _SHOWN)}..."
        )

    def _look(self, table: TableFile, stderr: Stderr) -> None:
        """Warns of a file that is not there, and of what in it no table of that type reads."""
        if (table.type, table.path) in self.seen:
            return
        self.seen.add((table.type, table.path))
        path = Path(os.fsdecode(table.path.encode("utf-8", "surrogateescape")))
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                stderr.warn(f'open "{table.type}" configuration "{table.path}": not a regular file')
                return
            source = SourceFile.read(path, table.path)
        except PermissionError:
            return  # such files hold passwords; postconf(1) says nothing either
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "No such file or directory"
            stderr.warn(f'open "{table.type}" configuration "{table.path}": {why}')
            return
        pairs = read_pairs(source, self.release, stderr)
        for name, value in pairs.items() if not self.quiet else ():
            if name not in table.attributes:
                stderr.warn(f"{table.type}:{table.path}: unused parameter: {name}={value}")


def say_unused(name: str, value: str, place: str, release: Release, stderr: Stderr, *, is_used: bool) -> None:
    """Warns of a name that is set and that nothing reads, or will read in a later release."""
    parameter = catalogue().parameter(name)
    deprecated = parameter.deprecated if parameter else None
    is_announced = deprecated is not None and DEPRECATED <= Release.parse(deprecated.since) <= release
    if deprecated and is_announced:
        fate = "will be" if is_used else "has been"
        stderr.warn(f'{place}: support for parameter "{name}" {fate} removed; instead, {deprecated.instead}')
    elif not is_used and release >= UNUSED:
        stderr.warn(f"{place}: unused parameter: {name}={value}")
