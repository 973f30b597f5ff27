"""Where the documents are that a rule refers to: Postfix's own at www.postfix.org, and RFCs."""

import re
from typing import Final

_POSTFIX: Final = "https://www.postfix.org/"
_PAGE: Final = re.compile(r"([A-Z0-9_]+_README|[a-z_-]+\.[158])(#[\w.-]+)?")
_HTML: Final = re.compile(r"[\w-]+\.html(#[\w.-]+)?")
_RFC: Final = re.compile(r"rfc[ :]?(\d+)(?:,? section ([\d.]+))?", re.IGNORECASE)
# What the source has as a file is on the web in the announcement of each release.
_NOTES: Final = "RELEASE_NOTES"


def address(reference: str) -> str:
    """The web address of `STRESS_README#time`, `postconf.5#biff`, `smtpd.8`, `RFC 5321, section 4.5` and the
    like; what has another form is given back as it is.
    """
    if page := _PAGE.fullmatch(reference):
        return f"{_POSTFIX}{page[1]}.html{page[2] or ''}"
    if _HTML.fullmatch(reference):
        return _POSTFIX + reference
    if reference == _NOTES:
        return f"{_POSTFIX}announcements.html"
    if rfc := _RFC.fullmatch(reference):
        section = f"#section-{rfc[2]}" if rfc[2] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{rfc[1]}{section}"
    return reference
