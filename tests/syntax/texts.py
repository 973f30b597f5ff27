"""Texts for the parsers: mostly like configuration, with everything that a file can be spoilt by."""

from hypothesis import strategies as st

# White space of isspace(3), line ends of three systems, NUL, a byte order mark, bytes that are no UTF-8 (as
# surrogateescape shows them), white space that Postfix does not count as such, digits that are not ASCII.
NASTY = [
    "\r",
    "\n",
    "\v",
    "\f",
    "\0",
    "\ufeff",
    "\udcff",
    "\udc80",
    "\u00a0",
    "\u2028",
    "\x85",
    "\u0663",
]

blanks = st.text(alphabet=" \t\r\v\f", max_size=3)
line_end = st.sampled_from(["\n", "\n", "\n", "\r\n", ""])
names = st.sampled_from(["biff", "relayhost", "mynetworks", "x_y", "9x", "my-param.x", "caf\udce9", "Biff"])
words = st.one_of(
    st.sampled_from(
        ["no", "a", "$name", "${x?{a}:{b}}", "#b", "{ c, d }", "e=f", "\\", '"q  q"', "{", "}", "-o"]
    ),
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=5),
    st.sampled_from(NASTY),
)
interruptions = st.sampled_from(["# c\n", "   # c\n", "\n", "  \t\n", "\r\n", "\r\r\n", "#\0\n", "#\r\n"])
gaps = st.builds(
    lambda inside, indent: "\n" + "".join(inside) + indent,
    st.lists(interruptions, max_size=2),
    st.sampled_from([" ", "\t", "\v", "\f", "\r ", "    "]),
)
values = st.lists(st.one_of(words, blanks, gaps), max_size=6).map("".join)
assignments = st.builds(
    lambda indent, name, before, equals, after, value, end: (
        indent + name + before + equals + after + value + end
    ),
    st.sampled_from(["", "", "", "", " ", "\ufeff", "\0"]),
    names,
    blanks,
    st.sampled_from(["=", "=", "=", "=", "==", ""]),
    blanks,
    values,
    line_end,
)

keys = st.sampled_from(["smtp", "25", "[::1]:25", "127.0.0.1:smtp", "*:27", "submission", "{ s }"])
types = st.sampled_from(["inet", "unix", "pass", "fifo", "unix-dgram", "UNIX"])
flags = st.sampled_from(["-", "y", "n", "n", "-", "yes"])
wakeups = st.sampled_from(["-", "0", "60", "60?", "-1", "\u0663"])
limits = st.sampled_from(["-", "0", "1", "100", "-1"])
commands = st.sampled_from(["smtpd", "pipe", "qmgr", "{smtpd}"])
options = st.sampled_from(
    [
        "-v",
        "-o biff=no",
        "-obiff=no",
        "-vo biff=yes",
        "-o biff=",
        "-o =x",
        "-o { biff = a  b }",
        "-o {biff=}",
        "{-o} biff=x",
        "-o { biff = a",
        "-o",
        "-o foo",
        "-s 5",
        "--",
        "-",
        "#",
        "user=x argv=/bin/y -o biff=no ${recipient}",
    ]
)
separators = st.one_of(st.sampled_from([" ", "  ", "\t", "\r", "\v"]), gaps)


@st.composite
def services(draw: st.DrawFn) -> str:
    fields = [draw(s) for s in (keys, types, flags, flags, flags, wakeups, limits, commands)]
    parts = [*fields[: draw(st.sampled_from([8, 8, 8, 8, 7, 1]))], *draw(st.lists(options, max_size=4))]
    text = draw(st.sampled_from(["", "", "", " ", "\0"])) + parts[0]
    for part in parts[1:]:
        text += draw(separators) + part
    return text + draw(st.sampled_from(["", "\r", "\0x", "\v"])) + draw(line_end)


anything = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(NASTY)), max_size=60)


def files(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Whole files of such lines, with comments and blank lines, now and then with anything at all."""
    return st.lists(st.one_of(lines, lines, lines, interruptions, anything), max_size=8).map("".join)


main_cf_texts = files(assignments)
master_cf_texts = files(services())
