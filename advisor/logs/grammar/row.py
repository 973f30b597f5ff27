"""What a row of the grammar is, and the pieces that patterns are made of.

A pattern must fail in time proportional to the line: clients and remote servers choose much of its text. So
no two parts that may take the same characters stand side by side, and `.*` comes once at most.
"""

import re
from enum import Enum, auto
from functools import cached_property

import msgspec

# NAME[ADDR], with the port that smtpd_client_port_logging adds. `unknown[unknown]`: getpeername() failed,
# the peer was gone before smtpd asked (src/smtpd/smtpd_peer.c).
CLIENT = r"(?P<client>[^\s\[\]]+)\[(?P<address>[^\]]*)\](?::\d+)?"
# [ADDR]:PORT, as postscreen and tlsproxy write it.
ENDPOINT = r"\[(?P<address>[^\]]*)\](?::\d+)?"

# How texts begin. A pattern that begins with one of these is found by what stands behind (dispatch.py).
QUEUE_ID = r"(?P<queue_id>[0-9A-Za-z]{5,}): "
SOME_ID = r"(?P<queue_id>NOQUEUE|[0-9A-Za-z]{5,}): "
ANY_ID = r"(?:NOQUEUE|[0-9A-Za-z]{5,}): "
# 3.10 and newer write NOQUEUE or the queue id in front of what ends a session.
MAYBE_ID = r"(?:(?:NOQUEUE|[0-9A-Za-z]{5,}): )?"
LEVEL = r"(?:warning|error): "
MAYBE_LEVEL = r"(?:(?:warning|error): )?"
FATAL = r"(?:fatal|panic): "
WARNING = "warning: "

ENHANCED = r"(?: (?P<enhanced>\d\.\d{1,3}\.\d{1,3}))?"


class Feeds(Enum):
    """What a message is used for, besides being counted."""

    SESSION = auto()
    MESSAGE = auto()
    DELIVERY = auto()
    PROCESS_LIMIT = auto()
    START = auto()
    PROCESS_END = auto()
    REPEATED = auto()
    COUNTER = auto()


class Message(msgspec.Struct, frozen=True, dict=True, eq=False):
    """A row: `name` is the counter, `daemons` who writes it, `form` the text of its pattern.

    `keys` names the groups whose values are counted too, `peak` the group whose highest number is kept by
    them, `series` asks for counts by minute.
    """

    name: str
    daemons: tuple[str, ...]
    form: str
    feeds: Feeds
    since: str
    source: str
    keys: tuple[str, ...] = ()
    peak: str = ""
    series: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matched from the text's begin. Compiled when it is asked for: a log has few of the messages."""
        return re.compile(self.form)


def row(
    name: str,
    daemons: str,
    pattern: str,
    source: str,
    since: str = "2.0",
    feeds: Feeds = Feeds.COUNTER,
    *,
    keys: str = "",
    peak: str = "",
    series: bool = False,
) -> Message:
    """A row of the table; `daemons` and `keys` are separated by blanks, the daemon `*` is any."""
    return Message(
        name, tuple(daemons.split()), pattern, feeds, since, source, tuple(keys.split()), peak, series
    )


_SPECIAL = frozenset(r".^$*+?{[(|)")
_REPEATS = frozenset("*+?{")


def fixed_prefix(pattern: str) -> str:
    """The text with which every match of a pattern begins; its top level must hold no alternatives."""
    text, position = "", 0
    while position < len(pattern) and pattern[position] not in _SPECIAL:
        escaped = pattern[position] == "\\"
        letter = pattern[position + escaped : position + escaped + 1]
        position += 1 + escaped
        if (escaped and letter.isalnum()) or (
            pattern[position : position + 1] in _REPEATS and pattern[position:]
        ):
            break
        text += letter
    return text
