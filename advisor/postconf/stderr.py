"""What postconf(1) says on stderr, and the end it comes to at a fatal error.

Knowledge: msg_output() in src/util/msg_output.c, printable() in src/util/printable.c.
"""


class Fatal(Exception):  # noqa: N818 - Postfix's own word for it
    """postconf(1) gives up: it prints nothing more, and its status is 1. The text is without prefix."""


class Stderr:
    """The lines said so far, as they are printed."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def warn(self, text: str) -> None:
        """Say a warning."""
        self.lines.append(_printable(f"postconf: warning: {text}"))

    def say(self, text: str) -> None:
        """Say what the C library would say."""
        self.lines.append(_printable(text))

    def fatal(self, error: Fatal) -> None:
        """Say the last words."""
        self.lines.append(_printable(f"postconf: fatal: {error}"))


def beginning(text: str, length: int) -> str:
    """At most that many bytes of the text, as `%.30s` prints them."""
    return text.encode("utf-8", "surrogateescape")[:length].decode("utf-8", "surrogateescape")


def _printable(text: str) -> bytes:
    """Each byte that is no printable ASCII is a question mark."""
    data = text.encode("utf-8", "surrogateescape")
    return bytes(byte if 0x20 <= byte < 0x7F else 0x3F for byte in data)
