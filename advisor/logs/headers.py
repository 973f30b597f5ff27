"""interim"""

import re
from datetime import datetime
from typing import NamedTuple

from advisor.logs.timestamps import StampReader

_HEADER = re.compile(r"(?P<host>\S+) (?P<tag>[^\s\[:]+)(?:\[(?P<pid>\d+)\])?: (?:\[ID \d+ \S+\] )?")


class Header(NamedTuple):
    time: float | None
    offset: float
    host: str
    tag: str
    pid: str
    text: int


class HeaderReader:
    def __init__(self, reference: datetime) -> None:
        self._stamps = StampReader(reference)

    def read(self, line: str) -> Header | None:
        stamp = self._stamps.read(line)
        if stamp is None:
            return None
        m = _HEADER.match(line, stamp[1])
        if m is None:
            return Header(stamp[0], self._stamps.offset, "", "", "", stamp[1])
        return Header(stamp[0], self._stamps.offset, m["host"], m["tag"], m["pid"] or "", m.end())
