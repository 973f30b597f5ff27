"""Delivery lines as columns: to whom, by which relay, how long each part took.

`QUEUEID: to=<…>, [orig_to=<…>, ]relay=…, [conn_use=N, ]delay=…, delays=a/b/c/d, dsn=…, status=…` (src/global/
log_adhoc.c). The columns are for what was sent; why a delivery failed is for the grammar to say.
"""

from dataclasses import dataclass, field
from re import Match

import numpy as np

from advisor.logs.memo import Memo
from advisor.logs.tables import DELIVERY, DELIVERY_STATUSES, Rows
from advisor.logs.words import I64, U64, Bool, Text, hash_of

_SENT = DELIVERY_STATUSES.index("sent")
_LIMIT = 200_000


@dataclass(slots=True)
class Strings:
    """The texts behind hashes, as far as they are asked for."""

    texts: dict[int, str] = field(default_factory=dict)
    _seen: Memo = field(default_factory=lambda: Memo(2 * _LIMIT))

    def learn(self, text: Text, hashes: U64, start: I64, stop: I64) -> None:
        """Remembers what stands in each stretch."""
        if len(self.texts) > _LIMIT:
            self.texts.clear()
            self._seen = Memo(2 * _LIMIT)
        for index in self._seen.first_of_new(hashes, self._seen.places(hashes)).tolist():
            key = int(hashes[index])
            self.texts[key] = text.slice(int(start[index]), int(stop[index])).decode("utf-8", "surrogateescape")
            self._seen.learn(key, 0)

    def add(self, text: str) -> int:
        """Remembers one text, and gives its hash."""
        key = hash_of(text.encode("utf-8", "surrogateescape"))
        self.texts[key] = text
        return key


def read_deliveries(text: Text, body: I64, stop: I64, strings: Strings) -> tuple[Rows, Bool]:
    """The rows (without their tag) of lines that begin with `to=<` at `body`, and which of them are good."""
    mail_end = text.find(body + 4, stop, b">")
    good = text.starts_with(mail_end, b">, ")
    field_ = mail_end + 3
    original = np.flatnonzero(text.starts_with(field_, b"orig_to=<"))
    if len(original):
        end = text.find(field_[original] + 9, stop[original], b">")
        good[original] &= text.starts_with(end, b">, ")
        field_[original] = end + 3
    good &= text.starts_with(field_, b"relay=")
    relay = field_ + 6
    relay_end = text.find(relay, stop, b",", b" ")
    good &= text.starts_with(relay_end, b", ") & (relay_end > relay)
    field_ = relay_end + 2
    used = np.flatnonzero(text.starts_with(field_, b"conn_use="))
    if len(used):
        end = text.find(field_[used] + 9, stop[used], b",")
        good[used] &= text.digits(field_[used] + 9, end)[1]
        field_[used] = end + 2
    good &= text.starts_with(field_, b"delay=")
    end = text.find(field_ + 6, stop, b",")
    good &= text.decimals(field_ + 6, end)[1] & text.starts_with(end, b", delays=")
    rows = np.zeros(len(body), DELIVERY)
    begin = end + 9
    for name, mark in (("a", b"/"), ("b", b"/"), ("c", b"/"), ("d", b",")):
        end = text.find(begin, stop, mark)
        value, is_number = text.decimals(begin, end)
        rows[name] = value
        good &= is_number
        begin = end + 1
    good &= text.starts_with(end, b", dsn=")
    end = text.find(end + 6, stop, b",")
    good &= text.starts_with(end, b", status=sent ") & (end + 14 <= stop) & text.consists_of(begin + 5, end, b".")
    domain = text.find_last(body + 4, mail_end, b"@")
    rows["domain"] = text.hash(domain, mail_end)
    rows["relay"] = text.hash(relay, relay_end)
    rows["status"] = _SENT
    strings.learn(text, rows["domain"][good], domain[good], mail_end[good])
    strings.learn(text, rows["relay"][good], relay[good], relay_end[good])
    return rows, good


def delivery_row(match: Match[str], strings: Strings) -> tuple[int, int, int, float, float, float, float]:
    """The same of a line that the grammar has read: status, domain, relay, and the four delays."""
    status = match["status"]
    place = DELIVERY_STATUSES.index(status) if status in DELIVERY_STATUSES else len(DELIVERY_STATUSES) - 1
    address = match["recipient"]
    domain = strings.add(address.rpartition("@")[2])
    return place, domain, strings.add(match["relay"]), *(_seconds(match[part]) for part in "abcd")  # type: ignore[return-value]


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
