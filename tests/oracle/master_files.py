"""Texts of master.cf for the real postconf: services and options in every spelling, and spoilt ones."""

import re

from hypothesis import strategies as st

NAMES = """
    smtpd_banner relayhost syslog_name mynetworks alias_maps default_rbl_reply service_name process_name
    smtpd_restriction_classes a b mua spare smtp_destination_recipient_limit slow_time_limit
    virtual_maps smtpd_foo caf\udce9 mail_version postscreen_use_tls x.y
""".split()
_PIECES = [
    *("x", "y", "=", ",", "$$", "#", "ldap:a", "/", "inet:[::1]:25", '"q', "\\", "\u00e9", "\udcff", "-o"),
    *("$a", "$nothing", "${b}", "$(mua)", "$service_name", "$process_name/", "$relayhost", "$myhostname"),
    *(
        "${a?x}",
        "${a?{x}:{$b}}",
        "${nothing:$c}",
        "${{$a}=={x}?{1}:{2}}",
        "$slow_time_limit",
        "$smtp_helo_name",
    ),
    *("w" * 30, "v" * 70, "{", "}", "{x}", "\v", "reject,"),
]
_BROKEN = [
    *(
        "$",
        "${a",
        "$(",
        "${x-y}",
        "${b?{x}",
        "${{$a}~{x}}",
        "$relayhost$syslog_name",
        "${a??}",
        "${}",
        "${a:{x}y}",
    ),
    *("ldap:{x", "proxy:mysql:/nowhere/x", "pgsql:b", "mysql:{ldap:a}x", "regexp:{/#x/ y}", "{x,{y}z,ldap:b"),
]
# How an option or argument is written: NAME, a VALUE without blanks, any TEXT, and white space for _.
_FORMS = """\
-o NAME=VALUE
-o NAME=VALUE
-o NAME=VALUE
-o NAME=VALUE
-o NAME=VALUE
-oNAME=VALUE
-vo NAME=VALUE
-vvoNAME=VALUE
-o { NAME = TEXT }
-o {NAME=TEXT}
-o{ NAME_=_TEXT}
-o { NAME TEXT }
-o { NAME = VALUE
-o {NAME=VALUE}x
-o NAME
-o NAME= VALUE
-o =VALUE
-o
-
--
-v
-D
-n NAME
-s 5
{-o} NAME=VALUE
{ -v }
#NAME
VALUE
{ TEXT }
{TEXT} {a b}
flags=DR user=x argv=/bin/y -o a=b ${recipient}
""".splitlines()
_names = st.sampled_from(NAMES)
_blanks = st.sampled_from(["", "", " ", "  ", "\t", "\r", "\v"])
_field_gaps = st.one_of(
    st.sampled_from([" ", " ", "  ", "\t", "\r"]),
    st.sampled_from(["\n ", "\n\t", "\r\n    ", "\n# c\n ", "\n\n  ", "\n  # -o x=y\n  "]),
)
_gaps = st.one_of(_field_gaps, _field_gaps, st.sampled_from([" \v ", "\n\f "]))


def _option(form: str, name: str, value: str, text: str, blank: str) -> str:
    words = {"NAME": name, "VALUE": value, "TEXT": text, "_": blank}
    return re.sub("|".join(words), lambda match: words[match.group()], form)


def options(pieces: list[str]) -> st.SearchStrategy[str]:
    """Options and arguments, with such pieces in them."""
    piece = st.sampled_from(pieces)
    values = st.lists(piece, max_size=4).map("".join)
    texts = st.lists(st.one_of(piece, _blanks), max_size=7).map("".join)
    return st.builds(_option, st.sampled_from(_FORMS), _names, values, texts, _blanks)


_fields = st.tuples(
    st.sampled_from(
        ["smtp", "smtp", "slow", "25", "[::1]:25", "127.0.0.1:submission", "caf\udce9", "{ s }", "n" * 14]
    ),
    st.sampled_from(["inet", "unix", "unix", "pass", "fifo", "unix-dgram"]),
    *[st.sampled_from("-ny")] * 3,
    st.sampled_from(["-", "0", "60", "60?", "?", "-?"]),
    st.sampled_from(["-", "0", "1", "100", "100000000"]),
    st.sampled_from(["smtpd", "smtp", "spawn", "pipe", "lmtp", "/usr/lib/x", "y/", "{smtpd}"]),
)
_spoilt_fields = st.tuples(
    st.sampled_from(["smtp", "smtp{", "\0", "\ufeffsmtp"]),
    st.sampled_from(["inet", "UNIX", "unix\v"]),
    *[st.sampled_from(["-", "-", "-", "yes", "Y"])] * 3,
    st.sampled_from(["-", "60?x", "-1", "??", "\u0663"]),
    st.sampled_from(["-", "-1", "5x", "1?"]),
    st.sampled_from(["smtpd", ""]),
)


@st.composite
def services(draw: st.DrawFn, fields: st.SearchStrategy[tuple[str, ...]], pieces: list[str]) -> str:
    """One service, split over lines anywhere."""
    first, *others = draw(fields)
    text = draw(st.sampled_from(["", "", "", "", "", " "])) + first
    for field in others:
        text += draw(_field_gaps) + field
    for option in draw(st.lists(options(pieces), max_size=5)):
        text += draw(_gaps) + option
    return text + draw(st.sampled_from(["", "", "", "\r", "\0x", " "]))


_fillers = st.sampled_from(["# c", "  # c", "", " \t", "\r", "#\0", "\f"])
_sound = services(_fields, _PIECES)
_lines = st.one_of(_sound, _sound, _sound, _fillers)
_broken = services(_fields, _PIECES + _BROKEN * 3)
_spoilt = services(_spoilt_fields, _PIECES)
_ends = st.sampled_from(["\n", "\n", "\r\n", ""])


def _file(lines: list[str], line_end: str, last_end: str) -> str:
    return (line_end or "\n").join(lines) + last_end


master_files = st.builds(_file, st.lists(_lines, min_size=1, max_size=5), _ends, _ends)
spoilt_files = st.builds(
    _file, st.lists(st.one_of(_broken, _broken, _spoilt, _lines), min_size=1, max_size=4), _ends, _ends
)
