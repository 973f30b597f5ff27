"""Stable pseudonyms in place of what tells who somebody is: addresses, host names, mail addresses, queue ids.

The forms stay: an address becomes one of 240.0.0.0/4 or 2001:db8::/32, which are nobody's; a name
`hostN.example`; a mail address `userN@hostN.example`; a queue id one of the same length. The same text has
the same pseudonym under the same key (BLAKE2b), and none can be guessed without it. Ports, codes, numbers,
programs and words stay.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import numpy as np

from advisor.logs.metrics import Metrics
from advisor.logs.tables import Rows
from advisor.report.json_text import in_texts

_DIGITS = 8
_PACKED = ("sessions", "messages", "session_flow", "message_flow", "levels")
# Nobody is told by these.
_MANUALS = ("www.postfix.org", "www.rfc-editor.org")
_KEPT = frozenset(("localhost", "localdomain", "localhost.localdomain", "unknown", "none", "", *_MANUALS))
# What looks like a name with a dot and is a file of Postfix's or of a log's.
_FILES = frozenset(
    "bz2 c cf conf crt csv db gz h html json key lmdb log map md pem py service sock toml txt xz zst".split()
)
_HEX_ALPHABET = "0123456789ABCDEF"
_LONG_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
# No two parts that may take the same characters stand side by side, so a hostile text costs what it is long.
_ATOM = r"[^\s<>,;:\"'()\[\]=@|/]"
_MAIL = rf"(?<!{_ATOM})(?P<user>{_ATOM}{{1,256}})@(?P<domain>{_ATOM}{{1,256}}|\[[0-9A-Za-z:.]{{1,64}}\])"
_LOGIN = r"(?<=sasl_username=)(?P<login>[^\s,@]{1,256})(?![^\s,])"
_FOUR = r"(?<![\w.])(?P<four>\d{1,3}(?:\.\d{1,3}){3})(?!\w|\.\d)"
_SIX = r"(?<![\w:.])(?P<six>[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,40}(?:\d{1,3}(?:\.\d{1,3}){3})?)(?![\w:])"
_NAME = r"(?<![\w.-])(?P<name>\w[\w-]{0,62}(?:\.[\w-]{1,63}){1,20})\.?(?![\w-])"
_LOCAL = r"(?<=<)(?P<local>[^\s<>@\[\]/]{1,256})(?=>)"
_QUEUED = r"(?<=queued as )(?P<queued>\w{5,24})"
_WORD = r"(?<![\w.-])(?P<word>[\w-]{1,64})(?![\w-])"
_PARTS = re.compile("|".join((_MAIL, _LOGIN, _FOUR, _SIX, _NAME, _LOCAL, _QUEUED, _WORD)))
_HEX_ID = re.compile(r"(?=\D*\d)(?=\d*[A-F])[0-9A-F]{8,20}$")
_LONG_ID = re.compile(rf"(?=\D*\d)(?=\d*\D)[{_LONG_ALPHABET}]{{10,24}}$")
_FRONT_ID = re.compile(r"[0-9A-F]{5,20}$")


class Pseudonyms:
    """`names` are host names that cannot be told from words by their form: those of the log's hosts."""

    def __init__(self, key: bytes, names: Iterable[str] = ()) -> None:
        self._key = blake2b(key).digest()
        self._names = frozenset(name.lower() for name in names) - _KEPT

    def text(self, text: str) -> str:
        """The text with each of what tells somebody replaced."""
        return _PARTS.sub(self._part, text)

    def document(self, document: Any) -> Any:
        """A tree of plain values with each text changed, keys too."""
        return in_texts(self.text, document)

    def state(self, state: Any) -> Any:
        """The same of a MetricsState's: its packed rows have no text, its clients have numbers for keys."""
        told = {key: value if key in _PACKED else self.document(value) for key, value in state.items()}
        clients = {number: self.text(name) for number, name in state["clients"].items()}
        return told | {"clients": clients}

    def rows(self, rows: Rows) -> Rows:
        """Rows of sessions or events, their clients and messages under other numbers."""
        rows = rows.copy()
        rows["client"] = self._numbers(rows["client"])
        return rows

    def keys(self, rows: Rows) -> Rows:
        """Events of messages, whose keys are the queue ids, under other numbers."""
        rows = self.rows(rows)
        rows["key"] = self._numbers(rows["key"])
        return rows

    def _numbers(self, numbers: Any) -> Any:
        distinct, where = np.unique(numbers, return_inverse=True)
        # 0 is nobody, and stays nobody.
        hidden = [self._number(f"number {each}", 8) if each else 0 for each in distinct.tolist()]
        return np.array(hidden, np.uint64)[where]

    def _part(self, found: re.Match[str]) -> str:
        whole = found[0]
        match found.lastgroup:
            case "domain":
                return f"user{self._digits('user', found['user'])}@{self._domain(found['domain'])}"
            case "four" | "six":
                return self._address(whole)
            case "name":
                return self._host(whole)
            case "login" | "local":
                return whole if whole in _KEPT else f"user{self._digits('user', whole)}"
            case "queued":
                return self._id(whole)
            case _:
                return self._word(whole, found)

    def _domain(self, domain: str) -> str:
        return f"[{self._address(domain[1:-1])}]" if domain.startswith("[") else self._named(domain)

    def _address(self, text: str) -> str:
        try:
            address = ip_address(text)
        except ValueError:
            return text
        if address.is_loopback or address.is_unspecified:
            return text
        if isinstance(address, IPv4Address):
            return str(IPv4Address(0xF0000000 | self._number(str(address), 4) & 0x0FFFFFFF))
        return str(IPv6Address(0x20010DB8 << 96 | self._number(str(address), 8)))

    def _host(self, name: str) -> str:
        bare, _, last = name.rstrip(".").rpartition(".")
        if name.lower() in self._names:
            return self._named(name)
        if last.lower() in _FILES:
            return f"{self._named(bare)}.{last}" if bare.lower() in self._names else name
        return name if last.isdigit() else self._named(name)

    def _named(self, name: str) -> str:
        bare = name.rstrip(".").lower()
        return name if bare in _KEPT else f"host{self._digits('host', bare)}.example"

    def _word(self, word: str, found: re.Match[str]) -> str:
        if word.lower() in self._names:
            return self._named(word)
        if _HEX_ID.match(word) or _LONG_ID.match(word) or (_FRONT_ID.match(word) and _stands_in_front(found)):
            return self._id(word)
        return word

    def _id(self, word: str) -> str:
        alphabet = _HEX_ALPHABET if set(word) <= set(_HEX_ALPHABET) else _LONG_ALPHABET
        number = self._number(f"id {word}", 16)
        letters = []
        for _ in word:
            number, rest = divmod(number, len(alphabet))
            letters.append(alphabet[rest])
        return "".join(letters)

    def _digits(self, kind: str, text: str) -> str:
        return f"{self._number(f'{kind} {text}', 8):016x}"[:_DIGITS]

    def _number(self, text: str, size: int) -> int:
        data = text.encode("utf-8", "surrogateescape")
        return int.from_bytes(blake2b(data, key=self._key, digest_size=size).digest(), "big")


def _stands_in_front(found: re.Match[str]) -> bool:
    """Whether the word has the place of a queue id: `]: WORD: `, or all of the text's begin."""
    text = found.string
    front = found.start() == 0 or text.endswith("]: ", 0, found.start())
    return front and text.startswith(": ", found.end())


def host_names(metrics: Metrics) -> frozenset[str]:
    """The names in a log that need not look like one: of its hosts, of the clients."""
    hosts = {process.host for process in metrics.processes}
    return frozenset(hosts | {text.partition("[")[0] for text in metrics.clients.values()})
