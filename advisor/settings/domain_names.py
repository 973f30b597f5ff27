"""The functions that Postfix 3.11 has in values: `${domain_to_ascii{text}}` and `${domain_to_utf8{text}}`.

A text that is in the wanted form is left as it is, whatever it is. Knowledge: src/util/mac_midna.c and
src/util/midna_domain.c, where ICU converts a name by UTS 46, without its transitional rules.
"""

import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from advisor.settings.release import Release

_ACE = "xn--"
# RFC 5891: letters, marks, digits and the hyphen make a label; the joiners are allowed in some scripts.
_IN_LABELS = ("L", "M", "N")
_ALSO = "-\u200c\u200d"
_LONGEST_LABEL = 63


def domain_to_ascii(name: str) -> str | None:
    """The name with each label in ASCII, as the DNS has it; None for what is no domain name."""
    if name.isascii():
        return name
    labels = [_to_ascii(label) for label in name.split(".")]
    return ".".join(label for label in labels if label is not None) if None not in labels else None


def domain_to_utf8(name: str) -> str | None:
    """The name with each label as people read it, in lower case; None for what is no domain name."""
    if not name.isascii():
        return name
    labels = [_to_utf8(label) for label in name.lower().split(".")]
    return ".".join(label for label in labels if label is not None) if None not in labels else None


FUNCTIONS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {"domain_to_ascii": domain_to_ascii, "domain_to_utf8": domain_to_utf8}
)

_SINCE = Release(3, 11)


def has_functions(release: Release) -> bool:
    """Whether the release calls functions; an older one refuses the brace behind the name."""
    return release >= _SINCE


def _to_ascii(label: str) -> str | None:
    if label.isascii():
        return label.lower()
    prepared = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).lower())
    if not all(letter in _ALSO or unicodedata.category(letter)[0] in _IN_LABELS for letter in prepared):
        return None
    converted = _ACE + prepared.encode("punycode").decode("ascii")
    return converted if len(converted) <= _LONGEST_LABEL else None


def _to_utf8(label: str) -> str | None:
    if not label.startswith(_ACE):
        return label
    try:
        found = label.removeprefix(_ACE).encode("ascii").decode("punycode")
    except UnicodeError:
        return None
    return found if _to_ascii(found) == label else None
