"""Whole configurations, as hypothesis strategies: what administrators write, and what hands and tools break.

Text is str with surrogates for bytes that are no UTF-8, as everywhere in advisor.
"""

from collections.abc import Sequence

from hypothesis import strategies as st

from advisor.settings.catalogue import catalogue
from tests.oracle import values

# Values of these send postconf to the network, to /etc/passwd or to other files.
_NOT_WRITTEN = frozenset(
    "inet_interfaces inet_protocols proxy_interfaces config_directory mynetworks_style "
    "compatibility_level import_environment meta_directory shlib_directory process_id mydomain".split()
)
_ALL = sorted(name for name in catalogue().parameters if name not in _NOT_WRITTEN)

_built_in = st.one_of(
    st.sampled_from(
        """biff relayhost mynetworks mydestination relay_domains smtpd_banner alias_maps virtual_alias_maps
        smtpd_recipient_restrictions smtpd_client_restrictions smtpd_restriction_classes
        smtpd_tls_security_level myhostname myorigin default_process_limit
        ipc_timeout message_size_limit stress syslog_name
        default_rbl_reply smtpd_reject_footer local_recipient_maps multi_instance_name proxy_read_maps
        unknown_local_recipient_reject_code smtputf8_enable""".split()
    ),
    # By number: hypothesis writes out what a strategy samples from, again and again.
    st.integers(0, len(_ALL) - 1).map(lambda number: _ALL[number]),
)
_old = st.sampled_from(
    """virtual_maps fallback_relay lmtp_cache_connection permit_mx_backup_networks smtp_use_tls
    smtpd_enforce_tls tls_dane_digest_agility postscreen_blacklist_action
    smtpd_client_connection_limit_exceptions authorized_verp_clients extract_recipient_limit
    smtp_never_send_ehlo disable_dns_lookups""".split()
)
_derived = st.builds(
    "{}{}".format,
    st.sampled_from("smtp slow local archive policy submission lmtp relay virtual error default x".split()),
    st.sampled_from(
        """_destination_concurrency_limit _destination_recipient_limit _destination_rate_delay _time_limit
        _initial_destination_concurrency _delivery_slot_cost _recipient_limit _transport_rate_delay _junk
        _minimum_delivery_slots _extra_recipient_limit _destination_concurrency_failed_cohort_limit""".split()
    ),
)
_of_tables = st.builds(
    "{}{}".format,
    st.sampled_from("people clients x m a".split()),
    st.sampled_from(
        "_server_host _hosts _user _dbname _domain _query _bind _junk _memcache _dbpath _timeout".split()
    ),
)
_misspelt = st.sampled_from(
    "Biff smtpd_tls_securty_level relay_host my_networks queue_run_dealy sm\udce9 ü".split()
)
_users_own = st.sampled_from(values.USER_NAMES)
names = st.one_of(
    _built_in, _built_in, _built_in, _users_own, _users_own, _derived, _of_tables, _old, _misspelt
)

_indents = st.sampled_from([" ", "  ", "\t", "    ", "\r ", "\v", "\f "])
_between = st.sampled_from(
    ["", "", "", "", "# c\n", "   # c $a ${\n", "\n", "  \t\n", "\r\n", "#\r\n", "\v\n", "#\udce9\n"]
)
_breaks = st.builds("\n{}{}".format, _between, _indents)
_gaps = st.one_of(st.sampled_from([" ", " ", " ", "  ", "\t", " \r ", "\v", "\f", "", "\r"]), _breaks)
_around = st.sampled_from([" ", " ", " ", "", "\t", "  ", "\v", "\r"])
_ends = st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", " \n", "\t\n", "\0\n", " \0x\n", "\n\n", "\v\n"])


@st.composite
def assignment(draw: st.DrawFn, pieces: st.SearchStrategy[str]) -> str:
    """One `name = value`, over as many lines as it likes, with its newline."""
    name = draw(names)
    parts = draw(st.lists(pieces, max_size=4))
    text = "".join(draw(_gaps) + part for part in parts)
    return f"{name}{draw(_around)}={text}{draw(_ends)}"


_network = st.sampled_from(
    [
        *(
            "inet_interfaces = all\n",
            "inet_interfaces = loopback-only\n",
            "inet_interfaces = 127.0.0.1\n",
        ),
        *("inet_protocols = ipv4\n", "inet_protocols = all\n", "mynetworks_style = class\n"),
        *("compatibility_level = 3.$nothing\n", "mynetworks = 127.0.0.1\ncompatibility_level = x\n"),
        *("mynetworks_style = host\n", "compatibility_level = 3.6\n", "compatibility_level = 2\n"),
        *("compatibility_level = 3.6\n", "config_directory = /etc/postfix\n", "config_directory = .\n"),
        *("smtpd_restriction_classes = strict, loose\nstrict = reject\nloose = permit $a\n",),
        *("smtpd_restriction_classes = $a\na = strict b\nstrict = $mydestination\n",),
        *("a = $b\nb = $c\nc = 1\nrelay_domains = $a\n", "stress = yes\n", "myhostname = mail.$mydomain\n"),
    ]
)
_heads = st.sampled_from(
    [
        "",
        "",
        "",
        "",
        "",
        "",
        " ignored = x\n",
        "# c\n\tthirty characters and more: ignored\n",
        "\ufeff",
        "\n\n",
    ]
)
_last = st.sampled_from(["", "", "", "", "biff = no", "relayhost =", "# end", "biff =\n   x", "\r", "  # c"])
# Each ends every run of postconf with a fatal error, which takes it a second.
_junk_lines = st.sampled_from(
    ["= x\n", "\0", "smtpd banner = x\n", "<<<<<<< HEAD\n", "\ufeff# c\n", "x\n", "bi\0ff = x\n"]
)


def main_cf(pieces: st.SearchStrategy[str], junk: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A main.cf with values of these pieces, and somewhere a line of that junk."""
    lines = st.lists(
        st.one_of(assignment(pieces), assignment(pieces), assignment(pieces), _network, _between),
        min_size=1,
        max_size=8,
    ).map("".join)
    return st.builds("{}{}{}{}".format, _heads, lines, junk, _last)


_service_names = st.sampled_from(
    """smtp slow local archive policy submission 25 127.0.0.1:smtp [::1]:25 :26 *:27 virtual error relay lmtp
    private/x averyverylongname caf\udce9 a,b 10.0.0.1:submission""".split()
)
_types = st.sampled_from("inet unix unix inet unix-dgram fifo pass".split())
_flags = st.sampled_from("- - y n".split())
_wakeups = st.sampled_from("- - 0 60 60? 300 1000? 99999999".split())
_limits = st.sampled_from("- - 0 1 100 20 0050".split())
_commands = st.sampled_from(
    """smtpd smtpd smtp smtp lmtp local virtual error qmgr cleanup pipe spawn postscreen ./smtp
    /usr/lib/smtp {smtpd averyveryveryverylongcommand""".split()
)
_bad_fields = st.sampled_from("UNIX Y yes 60?x -1 x ?".split())
_field_gaps = st.sampled_from([" ", " ", " ", "\t", "   ", "\r ", "\n  ", "\n# c\n ", "\r\n\n\t", "\n\r\n "])
_fixed_arguments = st.sampled_from(
    [
        *(
            "-v",
            "-D",
            "-vv",
            "-o",
            "-o foo",
            "-o biff= b",
            "-o =x",
            "-o{biff=no}",
            "{-o} biff=no",
            "-o {}",
            "-",
        ),
        *("-o {biff=x}y", "-o { biff = open", "--", "# hello", "stray", "-s 3", "-n x", "-l", "-zvo biff=no"),
        *("flags=Rq", "user=nobody", "argv=/bin/true", "${recipient}", "{echo a  b}", "$a", "${broken", "-i"),
        *('-o smtpd_banner="a b"', "-o {a=b} {", "}", "{ }", "{a}{b}", "{-o {biff = x y}}", "-o biff=a\vb"),
        *("-o syslog_name=postfix/$service_name", "-o a=${process_name}", "caf\udce9", "\0", "-t", "-m x"),
        *("-o smtpd_restriction_classes=strict,b", "-o { alias_maps = ldap:people proxy:mysql:a }", "a" * 90),
    ]
)
_option_values = st.one_of(
    values.sound, values.sound, st.sampled_from(["", "permit_mynetworks,reject", "$slow"])
)


def _joined(text: str) -> str:
    return "".join(text.split(" ")).replace("\t", "")


_options = st.one_of(
    st.builds("-o {}={}".format, names, _option_values.map(_joined)),
    st.builds("-o{}={}".format, names, _option_values.map(_joined)),
    st.builds("-vo {}={}".format, names, _option_values.map(_joined)),
    st.builds("-o {{ {}{}={}{} }}".format, names, _around, _around, _option_values),
    st.builds("-o {{{}={}}}".format, names, _option_values),
    st.builds("{{-o {}={}}}".format, names, _option_values.map(_joined)),
)
_arguments = st.lists(st.one_of(_options, _options, _fixed_arguments), max_size=5)


@st.composite
def service(draw: st.DrawFn, *, broken: bool) -> str:
    """One entry of master.cf with its newline."""
    fields = [
        draw(each) for each in (_service_names, _types, _flags, _flags, _flags, _wakeups, _limits, _commands)
    ]
    if broken and draw(st.booleans()):
        fields[draw(st.integers(1, 6))] = draw(_bad_fields)
    elif broken:
        del fields[draw(st.integers(1, 7)) :]
    words = [*fields, *([] if len(fields) < 8 else draw(_arguments))]
    tail = "".join(draw(_field_gaps) + word for word in words[1:])
    return f"{words[0]}{tail}{draw(_ends)}"


_whole_services = service(broken=False)
_broken_services = service(broken=True)
_stock = st.sampled_from(
    [
        "smtp inet n - y - - smtpd\nsmtp unix - - y - - smtp\nslow unix - - n - - smtp\n",
        "policy unix - n n - 0 spawn user=nobody argv=/bin/true\narchive unix - n n - - pipe argv=x\n",
        "local unix - n n - - local\nvirtual unix - n n - - virtual\nlmtp unix - - - - - lmtp\n",
        "smtp inet n - y - - smtpd\nsmtp inet n - n - 5 smtpd\n  -o a=1 -o b=$a -o a=2\n",
        "submission inet n - n - - smtpd -o smtpd_client_restrictions=$mua_client_restrictions\n",
    ]
)
_master_lines = st.lists(
    st.one_of(_whole_services, _whole_services, _stock, _between), min_size=1, max_size=4
).map("".join)
_master_ends = st.sampled_from(["", "", "", "# end", "smtp unix - - - - - smtp", "\r", "  x"])
master_cf = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "", "# c\n", " ignored unix - - - - - smtpd\n"]),
    _master_lines,
    _master_ends,
)
refused_master_cf = st.builds("{}{}{}".format, _master_lines, _broken_services, _master_lines)

_nothing = st.just("")
_sound_files = st.tuples(main_cf(values.sound, _nothing), master_cf)
_refused_files = st.one_of(
    st.tuples(main_cf(st.one_of(values.sound, values.broken), _nothing), master_cf),
    st.tuples(main_cf(values.sound, _junk_lines), master_cf),
    st.tuples(main_cf(values.sound, _nothing), refused_master_cf),
)
# One in sixteen is likely to be refused.
files = st.integers(0, 15).flatmap(lambda draw: _refused_files if draw == 0 else _sound_files)

_asked = st.one_of(
    names, _built_in, st.sampled_from(["nosuch", "a", "b", "config_directory", "smtp_time_limit"])
)
_some = st.lists(_asked, min_size=1, max_size=3)
_services_asked = st.lists(
    st.sampled_from(
        ["smtp", "smtp/inet", "*/inet", "*/unix", "smtp/*", "nosuch/unix", "*", "submission/inet", "25/inet"]
    ),
    max_size=2,
)
_fields_asked = st.lists(
    st.sampled_from(
        [
            *(
                "smtp",
                "smtp/inet",
                "*/inet",
                "*/*/process_limit",
                "smtp/inet/process_limit",
                "*/unix/command",
            ),
            *("*/*/nosuch", "*/*/*", "nosuch/unix/chroot", "smtp/unix/type"),
        ]
    ),
    max_size=2,
)
_options_asked = st.lists(
    st.sampled_from(
        ["smtp", "smtp/inet", "*/inet", "*/*/biff", "*/*/a", "*/*/*", "smtp/inet/smtpd_banner", "nosuch/unix"]
    ),
    max_size=2,
)


def _with(flags: str, operands: st.SearchStrategy[list[str]]) -> st.SearchStrategy[tuple[str, ...]]:
    return operands.map(lambda words: (*flags.split(), *words))


def _only(*choices: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from([tuple(choice.split()) for choice in choices])


_WEIGHTED: Sequence[tuple[int, st.SearchStrategy[tuple[str, ...]]]] = (
    (6, _only("-n")),
    (4, _only("-nx", "-n -x")),
    (3, _only("-nf", "-nfx")),
    (2, _only("-nh", "-nH", "-n -C user", "-n -C service", "-n -C builtin", "-n -C all")),
    (2, _with("", _some)),
    (2, _with("-x", _some)),
    (1, _with("-d", _some)),
    (1, _with("-dx", _some)),
    (1, _with("-n", _some)),
    (1, _with("-hf", _some)),
    (2, _only("-C user", "-C service", "-C user -x", "-C service -d", "-C user -d")),
    (3, _with("-M", _services_asked)),
    (3, _with("-Mf", _services_asked)),
    (2, _with("-Mx", _services_asked)),
    (1, _with("-Mfx", _services_asked)),
    (3, _with("-P", _options_asked)),
    (3, _with("-Px", _options_asked)),
    (1, _with("-Pf", _options_asked)),
    (2, _with("-F", _fields_asked)),
    (1, _with("-Fh", _fields_asked)),
    (1, _with("-FH", _fields_asked)),
    (1, _with("-Fx", _fields_asked)),
    (
        1,
        _only(
            "-n -o a=1", "-x -o relayhost=$b relayhost", "-o biff=x -n", "-o a=${ -n", "-o a= -nx", "-o a -n"
        ),
    ),
    (1, _only("", "-x", "-d", "-df", "-dx", "-f")),
    (
        1,
        _only(
            "-Mn", "-MP", "-dn", "-Mh", "-C nosuch", "-nM", "-FP", "-PM", "-FM", "-Fd", "-PH", "-Ph", "-HM"
        ),
    ),
)
_CHOICES = [strategy for weight, strategy in _WEIGHTED for _ in range(weight)]


@st.composite
def _arguments_of_postconf(draw: st.DrawFn) -> tuple[str, ...]:
    return draw(_CHOICES[draw(st.integers(0, len(_CHOICES) - 1))])


arguments = _arguments_of_postconf()
