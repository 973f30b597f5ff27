"""Lines whose header is in a rarer form, written in the usual one, so that they can be read as columns.

What stands before the stamp goes (`mail-1  | `, `[pod/mail-0/postfix] `, `mail.log:`, `<22>`), so does a
second stamp, and RFC 5424 becomes `STAMP HOST TAG[PID]: TEXT`. Only what HeaderReader surely reads so is
written anew: all else stays, and is read alone. The text itself is not touched, nor is a line added or lost.
"""

import re

from advisor.logs.headers import FACILITY

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
# Days that each year has.
_DATE = (
    r"(?:(?:Jan|Mar|May|Jul|Aug|Oct|Dec) (?:[ 0][1-9]|[12]\d|3[01])|Feb (?:[ 0][1-9]|1\d|2[0-8])"
    r"|(?:Apr|Jun|Sep|Nov) (?:[ 0][1-9]|[12]\d|30))"
)
_RFC3164 = rf"{_DATE} {_CLOCK} "
_MONTH_AND_DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|02-(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12]\d|30))"
)
_RFC3339 = rf"[12]\d{{3}}-{_MONTH_AND_DAY}T{_CLOCK}(?:\.\d{{1,9}})?(?:Z|[+-]\d\d:?\d\d)? "
# A host, and none of what the header's reader looks for in its place: a stamp, a stream, a level.
_HOST = rf"(?!std|[A-Z][a-z]{{2}} |{FACILITY}:? )[A-Za-z][\w.-]{{0,200}}+ (?! |\d|{FACILITY})"

_BEFORE = re.compile(
    r"\n(?![12]\d{3}-\d\d-)"
    rf"(?:[\w.-]{{1,80}}+ *+\| ?|\[[\w./-]{{1,200}}+\] |[\w./-]{{1,200}}+:(?:\d{{1,9}}:)?(?!<))?"
    r"(?:<\d{1,3}>)?"
    rf"(?={_RFC3164}|{_RFC3339})".encode(),
)
_SECOND = re.compile(rf"(\n{_RFC3339})(?:std(?:out|err) [FP] )?(?:{_RFC3164}|{_RFC3339})(?={_HOST})".encode())
_RFC5424 = re.compile(
    rf"\n<\d{{1,3}}>1 ({_RFC3339}{_HOST}[\w./-]{{1,100}}+) (\d{{1,8}}) \S{{1,32}}+ - (?=[^\s\[\xef])".encode(
        "latin-1"
    )
)


def in_usual_form(data: bytes) -> bytes:
    """Whole lines, their headers in the usual form where they have one that can be written so."""
    data = _RFC5424.sub(rb"\n\1[\2]: ", b"\n" + data)
    return _SECOND.sub(rb"\1", _BEFORE.sub(rb"\n", data))[1:]
