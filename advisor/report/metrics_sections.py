"""Which messages of a log stand together in its summary, and which of them say nothing new there."""

from collections.abc import Iterator, Sequence

from advisor.capacity.log_summary import MessageSummary

# Each is counted in another part of the summary already, or comes with every message that is well.
_ORDINARY = frozenset(
    "connect disconnect client lost-connection timeout too-many-errors pickup message-id queue-active "
    "removed delivery process-limit process-limit-advice start stop script dialogue".split()
)
# The first whose words are in the message's name, or whose program wrote it, has it.
_SECTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("postscreen and DNS lists", ("postscreen", "dnsblog"), ("dnsbl",)),
    ("refused", (), ("reject", "refus", "too-many", "milter")),
    ("rates and limits", ("anvil", "master"), ("limit", "rate", "concurrency")),
    ("authentication", (), ("sasl", "auth")),
    ("TLS", ("tlsproxy", "tlsmgr"), ("tls", "certificate")),
    ("names and tables", (), ("dns", "lookup", "table", "verification", "resol", "hostname")),
    ("queue and deliveries", ("qmgr", "smtp", "lmtp", "local", "virtual", "pipe", "bounce", "cleanup"), ()),
)
_REST = "other messages"


def sections(
    messages: Sequence[MessageSummary], *, ordinary: bool
) -> Iterator[tuple[str, list[MessageSummary]]]:
    """The titles that have messages, and those, the most frequent first; `ordinary`: everyday ones too."""
    found: dict[str, list[MessageSummary]] = {}
    for each in sorted(messages, key=lambda each: (-each.count, each.tag, each.message)):
        if ordinary or each.message not in _ORDINARY:
            found.setdefault(_section(each), []).append(each)
    for title in (*(title for title, _, _ in _SECTIONS), _REST):
        if title in found:
            yield title, found[title]


def _section(each: MessageSummary) -> str:
    program = each.tag.rpartition("/")[2]
    for title, programs, words in _SECTIONS:
        if program in programs or any(word in each.message for word in words):
            return title
    return _REST
