"""Regular expressions as regcomp(3) of GNU's C library and as PCRE read them, made trees.

Postfix hands both engines bytes, without regard to the locale, and asks for no difference of case unless the
flag `i` takes that back. Whether a pattern is valid is its engine's to say; what is not understood here
becomes Opaque, or NotRead where not even its extent is known.
Knowledge: regex(7), pcre2pattern(3), regexp_table(5), pcre_table(5).
"""

from functools import lru_cache

from advisor.patterns.pcre_regex import Pcre
from advisor.patterns.posix_regex import Posix
from advisor.patterns.regex_reader import NotReadError
from advisor.patterns.tree import Tree
from advisor.syntax.pattern_table import Pattern, TableType

__all__ = ["NotReadError", "read_pattern"]


@lru_cache(maxsize=16384)
def read_pattern(pattern: Pattern, table_type: TableType) -> Tree:
    """What the pattern matches as its engine reads it, negation left aside. Raises NotReadError."""
    data = pattern.body.encode("utf-8", "surrogateescape")
    flags = pattern.flags
    if table_type is TableType.PCRE:
        return Pcre(data, flags).read()
    if flags.count("x") % 2:
        raise NotReadError("a basic regular expression")
    return Posix(data, flags).read()
