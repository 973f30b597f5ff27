"""What `-v` behind a program in master.cf adds: the name of a function of the source and what it does, and
the attributes that programs tell each other. A log with it is many times as long, and worth a word.
"""

from advisor.logs.grammar.row import Message, row

ROWS: tuple[Message, ...] = (
    # Only functions of the source have names of words joined by `_` before a colon.
    row(
        "verbose-function",
        "*",
        r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?:\[\d+\]|\([^()]*\))?: ",
        "util/msg.c",
    ),
    row(
        "verbose-attribute",
        "*",
        r"(?:send attr |input attribute |(?:private|public)/\S+(?: socket)?: wanted attribute: |"
        r"\S+ (?:socket|stream|service): wanted attribute: |event: SMF|reply: SMF)",
        "util/attr_scan0.c",
    ),
    row(
        "verbose-step",
        "*",
        r"(?:>>> (?:START|END|CHECKING) |<<< |connection (?:established|closed)|"
        r"(?:before|after) \S+: cleanup flags|initial envelope |extracted envelope |cleanup flags = |"
        r"(?:report|abort|free|inspect content by|disconnect event to|send|receive|query) "
        r"(?:\S+ )*(?:all|\d+) milters|report unknown command|"
        r"skipping (?:non-protocol event|event |reply for event|\S+ setting)|milter \S+: event mask|"
        r"process generation: |idle timeout -- exiting|master disconnect -- |time to retire|got sigchld|"
        r"connect to subsystem |\S+ stream disconnect|deliver_message: |record [A-Z] |"
        r"(?:start|end) (?:sorted recipient|move queue)|defer (?:site|transport) |wakeup \S+ after |"
        r"\S+: trying: |\S+ ~\? |\S+: \S+ ~\? |\S+: \S+: no match|(?:PUSH|POP) boundary |"
        r"daemon started$|rewrite socket: |proxymap socket: |loaded \S+ = )",
        "util/match_list.c",
    ),
)
