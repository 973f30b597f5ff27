"""The engines that Postfix hands its patterns to, called as Postfix calls them.

regexp: tables use regcomp(3) and regexec(3) of the C library, pcre: tables PCRE2. Where a library is not
here, Python's `re` runs the pattern's tree in its place: then times are an estimate, and what a
tree cannot say is not answered. Nothing here is safe from a pattern that takes for ever: worker.py is.
Knowledge: dict_regexp_compile_pat() in src/util/dict_regexp.c, dict_pcre_compile() in src/util/dict_pcre.c.
"""

import ctypes
import ctypes.util
import locale
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache

from advisor.patterns.python_form import python_form
from advisor.patterns.reader import NotReadError, read_pattern
from advisor.syntax.pattern_table import Pattern, TableType

_REG_EXTENDED, _REG_ICASE, _REG_NEWLINE, _REG_NOSUB, _REG_NOMATCH = 1, 2, 4, 8, 1
_REG_ESPACE = 12  # glibc and musl
_REGEX_T = 512  # bytes; 64 is what glibc and musl need
_PCRE2 = {
    "i": 0x00000008,
    "m": 0x00000400,
    "s": 0x00000020,
    "x": 0x00000080,
    "A": 0x80000000,
    "E": 0x00000010,
    "U": 0x00040000,
    "X": 0,
}
_PCRE2_ERROR_NOMATCH = -1


class Engine(StrEnum):
    """What ran the patterns."""

    C_LIBRARY = "the C library"
    PCRE2 = "PCRE2"
    PYTHON = "Python"


class InvalidPatternError(ValueError):
    """The engine does not compile the pattern; the message is its own."""


class GivenUpError(RuntimeError):
    """The engine gave a line up, in its own words. Postfix logs them and goes on as if nothing matched."""


Matcher = Callable[[bytes], bool]


def engine_for(table_type: TableType) -> Engine:
    """The engine that runs patterns of this type here."""
    if table_type is TableType.PCRE:
        return Engine.PCRE2 if _pcre2() else Engine.PYTHON
    return Engine.C_LIBRARY if sys.platform.startswith("linux") else Engine.PYTHON


def matcher(pattern: Pattern, table_type: TableType, engine: Engine) -> Matcher:
    """A function that says whether a line matches, negation left aside; it raises GivenUpError.

    Raises InvalidPatternError, and NotReadError where Python stands in and does not understand the pattern.
    """
    match engine:
        case Engine.C_LIBRARY:
            return _c_matcher(pattern)
        case Engine.PCRE2:
            return _pcre2_matcher(pattern)
    return _python_matcher(pattern, table_type)


def _encoded(pattern: Pattern) -> bytes:
    return pattern.body.encode("utf-8", "surrogateescape")


def _c_matcher(pattern: Pattern) -> Matcher:
    library = _c_library()
    flags = _REG_EXTENDED | _REG_ICASE | _REG_NOSUB
    for flag in pattern.flags:
        flags ^= {"i": _REG_ICASE, "m": _REG_NEWLINE, "x": _REG_EXTENDED}[flag]
    compiled = ctypes.create_string_buffer(_REGEX_T)
    with _no_locale():
        error = library.regcomp(compiled, _encoded(pattern), flags)
    if error:
        if error == _REG_ESPACE:
            raise NotReadError("it needs too much memory")
        words = ctypes.create_string_buffer(256)
        library.regerror(error, compiled, words, len(words))
        raise InvalidPatternError(words.value.decode("latin-1"))
    execute, address = library.regexec, ctypes.addressof(compiled)

    def matches(line: bytes, _keep: object = compiled) -> bool:
        if (result := execute(address, line, 0, None, 0)) > _REG_NOMATCH:
            raise GivenUpError(f"error {result}")
        return bool(result == 0)

    return matches


@contextmanager
def _no_locale() -> Iterator[None]:
    """Python sets the locale of its environment, Postfix sets none: then bytes are characters. What regcomp()
    finds is what regexec() goes by.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _pcre2_matcher(pattern: Pattern) -> Matcher:
    library = _pcre2()
    if library is None:
        raise NotReadError("no PCRE2 here")
    options = _PCRE2["i"] | _PCRE2["s"]
    for flag in pattern.flags:
        options ^= _PCRE2[flag]
    body = _encoded(pattern)
    error, offset = ctypes.c_int(), ctypes.c_size_t()
    code = library.pcre2_compile_8(body, len(body), options, ctypes.byref(error), ctypes.byref(offset), None)
    if not code:
        raise InvalidPatternError(
            f"error in regex at offset {offset.value}: {_pcre2_words(library, error.value)}"
        )
    data = library.pcre2_match_data_create_from_pattern_8(code, None)
    execute = library.pcre2_match_8

    def matches(line: bytes) -> bool:
        if (result := execute(code, line, len(line), 0, 0, data, None)) < _PCRE2_ERROR_NOMATCH:
            raise GivenUpError(_pcre2_words(library, result))
        return bool(result >= 0)

    return matches


def _python_matcher(pattern: Pattern, table_type: TableType) -> Matcher:
    try:
        search = re.compile(python_form(read_pattern(pattern, table_type)), re.DOTALL).search
    except re.error as error:
        raise NotReadError(str(error)) from error
    return lambda line: search(line) is not None


def _pcre2_words(library: ctypes.CDLL, error: int) -> str:
    words = ctypes.create_string_buffer(256)
    library.pcre2_get_error_message_8(error, words, len(words))
    return words.value.decode("latin-1")


@cache
def _c_library() -> ctypes.CDLL:
    library = ctypes.CDLL(None)
    library.regcomp.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    library.regexec.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_void_p,
        ctypes.c_int,
    ]
    library.regerror.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    return library


@cache
def _pcre2() -> ctypes.CDLL | None:
    for name in ("libpcre2-8.so.0", ctypes.util.find_library("pcre2-8")):
        try:
            library = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if library is not None:
            break
    else:
        return None
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    library.pcre2_compile_8.restype = pointer
    library.pcre2_compile_8.argtypes = [ctypes.c_char_p, size, ctypes.c_uint32, pointer, pointer, pointer]
    library.pcre2_match_data_create_from_pattern_8.restype = pointer
    library.pcre2_match_data_create_from_pattern_8.argtypes = [pointer, pointer]
    library.pcre2_match_8.argtypes = [
        pointer,
        ctypes.c_char_p,
        size,
        size,
        ctypes.c_uint32,
        pointer,
        pointer,
    ]
    library.pcre2_get_error_message_8.argtypes = [ctypes.c_int, pointer, size]
    return library
