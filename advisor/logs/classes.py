"""The words for a session: its class, what ended it, the stage at which that was."""

from enum import StrEnum


class SessionClass(StrEnum):
    """What a session was good for, judged by the counts of its disconnect line (3.0 and newer)."""

    PRODUCTIVE = "productive"  # at least one message was taken
    TIMEOUT = "timeout"  # the server's timer ended it
    HANGUP = "hangup"  # the server ended it after too many errors
    AUTH_FAILED = "auth-failed"
    REJECTED = "rejected"  # sender or recipient refused, nothing taken
    TLS_FAILED = "tls-failed"
    SILENT = "silent"  # not one command
    JUNK = "junk"  # commands, but nothing towards a message


CLASSES: tuple[SessionClass, ...] = tuple(SessionClass)
# `cut`: another session of the same process began, or the process died.
ENDINGS = ("", "lost-connection", "timeout", "too-many-errors", "cut")
# The stages that smtpd names behind "after"; the last is any other (src/smtpd/smtpd.c).
STAGES = (
    *"CONNECT HELO EHLO STARTTLS AUTH MAIL RCPT DATA BDAT END-OF-MESSAGE RSET NOOP QUIT VRFY ETRN".split(),
    *"XCLIENT XFORWARD HELP UNKNOWN".split(),
    "",
)


def stage_place(name: str) -> int:
    """The place of a stage in STAGES."""
    return _PLACES.get(name, len(STAGES) - 1)


_PLACES = {name: place for place, name in enumerate(STAGES)}
