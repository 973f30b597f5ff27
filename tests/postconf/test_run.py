"""What is printed of main.cf, and what is said; tests/oracle holds the same against the real postconf."""

from pathlib import Path

import pytest

from advisor.postconf.run import Outcome, run
from advisor.settings.host import Host
from advisor.settings.release import NEWEST, Release

OLD = Release(3, 7, 11)
MASTER = "smtp unix - - n - - smtp\nslow unix - - n - - smtp\nsmtp inet n - n - - smtpd\n"
NOBODY = Host()


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ask(main: str, *words: str, release: Release = OLD, host: Host = NOBODY, master: str = MASTER) -> Outcome:
    Path("main.cf").write_bytes(main.encode("utf-8", "surrogateescape"))
    Path("master.cf").write_text(master)
    return run(["-c", ".", *words], release=release, host=host)


def printed(main: str, *words: str, release: Release = OLD, host: Host = NOBODY) -> str:
    outcome = ask(main, *words, release=release, host=host)
    assert outcome.status == 0, outcome.warnings
    return outcome.stdout.decode()


def said(main: str, *words: str, release: Release = OLD, master: str = MASTER) -> list[str]:
    return [line.decode() for line in ask(main, *words, release=release, master=master).warnings]


def test_explicit_settings_are_sorted_and_blanks_are_made_one() -> None:
    main = "smtpd_banner =  a \t b\r\n  c\nbiff=no\nrelayhost =\nBiff = 1\n"
    assert printed(main, "-n") == "biff = no\nconfig_directory = .\nrelayhost =\nsmtpd_banner = a b c\n"


def test_long_lines_are_folded_before_column_80() -> None:
    main = f"relay_domains = {' '.join(['example.com'] * 9)}\n"
    first = "relay_domains = " + " ".join(["example.com"] * 5)
    rest = "    " + " ".join(["example.com"] * 4)
    assert printed(main, "-f", "relay_domains") == f"{first}\n{rest}\n"


def test_names_alone_and_values_alone() -> None:
    assert printed("biff = no\n", "-nH") == "biff\nconfig_directory\n"
    assert printed("biff = no\n", "-nh") == "no\n.\n"
    assert printed("relayhost =\n", "-h", "relayhost") == "\n"


def test_values_are_expanded_but_the_raw_ones() -> None:
    main = "a = x\nrelay_domains = $a${b?{no}:{yes}}$$\ndefault_rbl_reply = $a\nb =\n"
    assert printed(main, "-nx", "relay_domains", "default_rbl_reply") == (
        "relay_domains = xyes$\ndefault_rbl_reply = $a\n"
    )


def test_defaults_do_not_know_main_cf_but_they_know_the_services() -> None:
    answer = printed("biff = no\nmine = $biff\n", "-d")
    assert "\nbiff = yes\n" in answer
    assert "\nslow_destination_rate_delay = $default_destination_rate_delay\n" in answer
    assert "mine" not in answer
    assert said("biff = no\nbad = 1\n", "-d", "bad") == ["postconf: warning: bad: unknown parameter"]


def test_a_class_holds_what_comes_from_there() -> None:
    main = "mine = 1\nrelay_domains = $mine\nslow_destination_rate_delay = 2s\nvirtual_maps = x\n"
    assert printed(main, "-n", "-C", "user") == "mine = 1\nvirtual_maps = x\n"
    assert printed(main, "-nC", "service") == "slow_destination_rate_delay = 2s\n"
    assert printed(main, "-nCbuiltin") == "config_directory = .\nrelay_domains = $mine\n"


def test_an_override_counts_as_if_it_stood_last_in_main_cf() -> None:
    assert printed("biff = no\n", "-o", "biff = yes", "-o", "stress=yes", "-x", "biff", "stress") == (
        "biff = yes\nstress = yes\n"
    )
    assert said("", "-o", "foo", "biff") == [
        "postconf: fatal: invalid parameter override: foo: missing '=' after attribute name"
    ]
    assert said("", "-o", "=foo", "biff") == [
        "postconf: fatal: invalid parameter override: =foo: missing attribute name"
    ]


def test_what_only_the_host_knows_stays_unless_it_is_told() -> None:
    assert printed("", "myhostname", "mydomain", "process_name") == (
        "myhostname = $myhostname\nmydomain = $mydomain\nprocess_name = postconf\n"
    )
    host = Host(name="mail", defaults={"mynetworks": "127.0.0.0/8"})
    assert printed("", "myhostname", "mydomain", "mynetworks", host=host) == (
        "myhostname = mail.localdomain\nmydomain = localdomain\nmynetworks = 127.0.0.0/8\n"
    )
    assert printed("mydomain = a.b\n", "-x", "myorigin", host=host) == "myorigin = mail.a.b\n"
    assert printed("mynetworks_style = host\n", "mynetworks", host=host) == "mynetworks = $mynetworks\n"
    assert printed("", "mydomain", host=Host(name="mx.a.b")) == "mydomain = a.b\n"


def test_a_told_build_counts_before_the_catalogue_but_not_its_services() -> None:
    told = {"mail_version": "3.7.11", "biff": "no", "other_destination_rate_delay": "$x", "patched": "1"}
    answer = printed("", "-d", host=Host(defaults=told))
    assert "biff = no\n" in answer
    assert "patched = 1\n" in answer
    assert "other_destination" not in answer


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("bad = 1  2\n", ["./main.cf: unused parameter: bad=1  2"]),
        ("relay_domains = $x $x\n", ["./main.cf: undefined parameter: x"] * 2),
        (
            "biff = no\nbiff = no\n\n#\nbiff\n = yes\n",
            ["./main.cf, line 5: overriding earlier entry: biff=no"],
        ),
        ("process_id = 1\n", ["./main.cf: read-only parameter assignment: process_id=1"]),
        (
            "config_directory = /x\n",
            ["./main.cf, line 1: overriding earlier entry: config_directory=."],
        ),
        (
            " x = 1\n and more than thirty characters\n",
            ['./main.cf: logical line must not start with whitespace: " x = 1 and more than thirty ch..."'],
        ),
        ("\udce9 = \u00e9\n", ["./main.cf: unused parameter: ?=??"]),
        ("relay_domains = {hash:x\n", ["main.cf: missing '}' in \"{hash:x\""]),
        ("relay_domains = hash:{x}y\n", ["main.cf: syntax error after '}' in \"{x}y\""]),
        (
            "relay_domains = mysql:/nowhere/a $transport_maps\ntransport_maps = proxy:mysql:/nowhere/a\n",
            ['open "mysql" configuration "/nowhere/a": No such file or directory'],
        ),
        ("relay_domains = ldap:/\n", ['open "ldap" configuration "/": not a regular file']),
        ("relay_domains = a # b\n", []),
    ],
)
def test_warnings(main: str, lines: list[str]) -> None:
    assert said(main, "-n") == [f"postconf: warning: {line}" for line in lines]


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ("$", 'empty macro name: "$"'),
        ("${a?{b:c}", 'truncated macro reference: "${a?{b:c}"'),
        ("${biff-c}", 'attribute name syntax error at: "...biff>>>-c"'),
        ("${ biff c}", 'attribute name syntax error at: "... biff>>> c"'),
        ("$({a)", 'unbalanced {} in attribute expression: "{a"'),
        ("${{a}?{b}}", '"==" or "!="" or "<"" or "<="" or ">="" or ">" expected at: "...a}>>>?{b}"'),
        ("${{a} ==length {b}}", 'bad operator suffix at: "...==>>>length"'),
        ("${{a} == b}", '"{expression}" expected at: "...{a} ==>>> b"'),
        ("${{a} == {b} x}", '"?" or ":" expected at: "...}>>>x"'),
        ("${biff?{b}x}", '":" expected at: "...b}>>>x"'),
        ("${biff?{b}:{c}x}", 'unexpected input at: "...c}>>>x"'),
    ],
)
def test_a_broken_macro_is_met_twice_and_ends_everything(value: str, warning: str) -> None:
    outcome = ask(f"relay_domains = {value}\n", "-n")
    assert outcome.stdout == b""
    assert outcome.status == 1
    lines = [line.decode().removeprefix("postconf: ") for line in outcome.warnings]
    seen = 2 if "? {" not in value else 1
    assert lines == [f"warning: {warning}"] * seen + ["fatal: macro processing error"]


@pytest.mark.parametrize(
    ("main", "lines"),
    [
        ("biff\n", ["fatal: ./main.cf, line 1: missing '=' after attribute name: \"biff\""]),
        ("#\n = x\n= x\n", ['fatal: ./main.cf, line 3: missing attribute name: "= x"']),
        ("compatibility_level = x\n", ['warning: malformed compatibility level syntax: "x"']),
        ("relay_domains = $relay_domains\n", ['warning: unreasonable macro call nesting: "relay_domains"']),
        (
            "relay_domains = ${{9999999999999999999} == {1}}\n",
            ["fatal: mac_exp_eval: bad conversion: 9999999999999999999"],
        ),
        ("smtpd_restriction_classes = ${x\n", ["fatal: dictionary mail_dict: macro processing error"]),
        ("myhostname = ${x\n", ["fatal: dictionary mail_dict: macro processing error"]),
        ("inet_protocols = ipv4, foo\n", ['fatal: unknown inet_protocols value "foo" in "ipv4, foo"']),
        ("mynetworks_style = Host\n", ['fatal: unknown mynetworks mask style value "Host" in "Host"']),
        ("mynetworks_style =\n", ["fatal: bad mynetworks_style value: ; specify exactly one value"]),
    ],
)
def test_what_postfix_refuses(main: str, lines: list[str]) -> None:
    outcome = ask(main, "-n")
    assert outcome.stdout == b""
    assert outcome.status == 1
    assert {f"postconf: {line}".encode() for line in lines} <= set(outcome.warnings)
    assert outcome.warnings[-1].startswith(b"postconf: fatal: ")


def test_a_style_of_networks_is_not_looked_at_where_mynetworks_is_set() -> None:
    assert said("mynetworks_style = foo\nmynetworks =\n", "-n") == []


def test_what_was_in_the_buffer_at_a_fatal_error_is_lost() -> None:
    outcome = ask("zz = $zz\nx = $zz\nrelayhost = ${nothing?$zz}\n", "-x")
    assert outcome.status == 1
    assert len(outcome.stdout) > 4096
    assert len(outcome.stdout) % 4096 == 0


def test_values_that_double_without_end_are_refused() -> None:
    doubling = "".join(f"v{n} = $v{n + 1}$v{n + 1}\n" for n in range(60))
    assert ask(f"{doubling}relay_domains = $v0\n", "-n").status == 1


def test_postfix_3_8_warns_of_comments_behind_values() -> None:
    main = "relay_domains = a # b c\ntransport_maps = pcre:{{/#x/ y}}, {#z}\n"
    assert said(main, "-n", release=NEWEST) == [
        "postconf: warning: ./main.cf: #comment after other text is not allowed: # b c...",
        "postconf: warning: ./main.cf: #comment after other text is not allowed: #z ...",
    ]


def test_postfix_3_9_warns_of_nul_and_of_names_that_will_go() -> None:
    main = "smtp_use_tls = yes\nrelayhost = a\0b\nsmtpd_banner = x\0\n y\nvirtual_maps = z\n"
    nul = [
        "postconf: warning: ./main.cf, line 2: text after null byte may be ignored",
        "postconf: warning: ./main.cf, line 3-4: text after null byte may be ignored",
    ]
    goes = [
        f'postconf: warning: ./main.cf: support for parameter "{name}" will be removed; instead, {instead}'
        for name, instead in (
            ("smtp_use_tls", 'specify "smtp_tls_security_level"'),
            ("virtual_maps", 'specify "virtual_alias_maps"'),
        )
    ]
    assert said(main, "-n", release=Release(3, 9)) == [*nul, goes[0]]
    assert said(main, "-nq", release=Release(3, 9)) == nul
    assert said(main, "-n", release=NEWEST)[:3] == [*nul, goes[0]]
    assert said(main, "-n") == []


def test_a_file_of_a_table_is_read_for_names_that_nobody_reads(tmp_path: Path) -> None:
    table = tmp_path / "users.cf"
    table.write_text("hosts = db\nuser = x\nuser = y\nnonsense = 1\n")
    main = f"relay_domains = mysql:{table}\n"
    lines = [
        f"postconf: warning: {table}, line 3: overriding earlier entry: user=x",
        f"postconf: warning: mysql:{table}: unused parameter: nonsense=1",
    ]
    assert said(main, "-n") == lines
    assert said(main, "-nq", release=NEWEST) == lines[:1]


def test_a_missing_main_cf_is_fatal_and_a_missing_master_cf_is_not() -> None:
    assert run(["-c", "none", "-n"], release=OLD, host=NOBODY) == Outcome(
        b"", (b"postconf: fatal: open none/main.cf: No such file or directory",), 1
    )
    Path("main.cf").write_text("biff = no\n")
    outcome = run(["-c", ".", "-n"], release=OLD, host=NOBODY)
    assert outcome.stdout == b"biff = no\nconfig_directory = .\n"
    assert outcome.warnings == (b"postconf: warning: open ./master.cf: No such file or directory",)
    assert run(["-c", ".", "-M"], release=OLD, host=NOBODY).status == 1
    assert run(["-c", "\0", "-n"], release=OLD, host=NOBODY).status == 1


def test_a_bad_option_shows_the_usage() -> None:
    first, second = run(["-z"], release=OLD, host=NOBODY).warnings
    assert first == b"postconf: invalid option -- 'z'"
    assert second.startswith(b"postconf: fatal: usage: postconf [")


@pytest.mark.parametrize(("release", "count"), [("2.8", 0), ("2.9", 3), ("2.10", 5), ("2.11", 6)])
def test_older_releases_warn_of_less(release: str, count: int) -> None:
    main = "bad = 1\nprocess_id = $x\nbiff = no\nbiff = yes\nrelay_domains = $x\n"
    master = "smtp inet n - n - - smtpd -o worse=$x\n"
    lines = said(main, "-n", release=Release.parse(release), master=master)
    assert len(lines) == count, lines


@pytest.mark.parametrize("release", ["2.6", "2.8", "2.11", "3.0", "3.4", "3.8", "3.11"])
def test_each_release_prints_all_that_it_has_in_order(release: str) -> None:
    names = [
        line.partition(" =")[0] for line in printed("", "-d", release=Release.parse(release)).splitlines()
    ]
    assert names == sorted(names)
    assert {"mydestination", "slow_destination_concurrency_limit"} <= set(names)
    assert ("smtpd_forbid_bare_newline" in names) is (release == "3.11")


def of_services(options: str, main: str = "", release: Release = OLD) -> list[str]:
    return said(main, "-P", release=release, master=f"smtp inet n - n - - smtpd {options}\n")


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ("-o relayhost=$x", ["warning: ./master.cf: undefined parameter: x"]),
        ("-o x=1 -o relayhost=$x", []),
        ("-o x=1", ["warning: ./master.cf: unused parameter: x=1"]),
        ("-o process_id=1", ["warning: ./master.cf: read-only parameter assignment: process_id=1"]),
        ("-o smtpd_restriction_classes=a,b -o a=x", ["warning: ./master.cf: undefined parameter: b"]),
        ("-o alias_maps=mysql:m -o m_user=x -o default_rbl_reply=$y", []),
        ("-o alias_maps={hash:x", ["warning: master.cf:smtp/inet: missing '}' in \"{hash:x\""]),
        (
            "-o relayhost=${x",
            ['warning: truncated macro reference: "${x"'] * 2 + ["fatal: macro processing error"],
        ),
        (
            "-o smtpd_restriction_classes=${x",
            [
                'warning: truncated macro reference: "${x"',
                "fatal: dictionary smtp/inet: macro processing error",
            ],
        ),
    ],
)
def test_warnings_about_services(options: str, lines: list[str]) -> None:
    assert of_services(options) == [f"postconf: {line}" for line in lines]


def test_a_name_in_main_cf_makes_an_option_used() -> None:
    assert of_services("-o x=1", "relayhost = $x\n") == []
    assert of_services("-o virtual_maps=x", release=NEWEST) == [
        (
            'postconf: warning: ./master.cf: support for parameter "virtual_maps" will be removed; '
            'instead, specify "virtual_alias_maps"'
        )
    ]


def test_values_of_services_are_expanded_with_their_own_options() -> None:
    master = "slow unix - - n - - smtp -o a=$service_name/$process_name -o relayhost=$a$myorigin$biff\n"
    assert ask("biff = no\n", "-Pxh", master=master).stdout == b"slow/smtp\nslow/smtp$myhostnameno\n"


@pytest.mark.parametrize("words", [("-n",), ("-nx",), ("-M",)])
@pytest.mark.parametrize(
    "main", ["relay_domains = ${domain_to_ascii{x}}\n", "smtpd_restriction_classes = ${domain_to_utf8 {x}}\n"]
)
def test_a_release_before_3_11_refuses_a_function(main: str, words: tuple[str, ...]) -> None:
    before = ask(main, *words, release=Release(3, 10, 12))
    assert before.status == 1
    assert b"attribute name syntax error at" in before.warnings[0]
    assert ask(main, *words, release=Release(3, 11, 0)).status == 0
