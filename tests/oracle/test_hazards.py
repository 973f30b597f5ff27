"""What is easily misread in main.cf and master.cf: the facts by number, each held against the real postconf.

Number 27 was never given out.
"""

from collections.abc import Sequence

import pytest

from tests.oracle.comparison import Case
from tests.oracle.conftest import Held

pytestmark = pytest.mark.postfix

SMTPD = "smtp inet n - y - - smtpd"
OTHER = "x inet n - n - - smtpd"


def fatal(held: Held, files: Sequence[tuple[str, str]], *arguments: str) -> list[str]:
    """What postconf says as it refuses each pair of files, whatever it is asked."""
    cases = [Case(*pair, tuple(words.split())) for pair in files for words in arguments]
    answers = held.all(cases)
    assert {(answer.status, answer.stdout) for answer in answers} == {(1, b"")}
    lines = (line.decode() for answer in answers for line in answer.stderr)
    return [line for line in lines if line.startswith("postconf: fatal: ")]


def test_01_comments_and_blank_lines_do_not_end_a_value(held: Held) -> None:
    assert held.printed("-n", "relay_domains = a\n   \t\n\n b\n") == "relay_domains = a b\n"
    assert held.printed("-n", "biff = no\n# c\n   yes\n") == "biff = no yes\n"
    assert held.printed("-n", "biff = no\n   # c\n") == "biff = no\n"


def test_02_white_space_of_a_continuation_is_kept_and_printed_as_one_blank(held: Held) -> None:
    assert held.printed("-n", 'smtpd_banner = "a   b"\n \t c\n') == 'smtpd_banner = "a b" c\n'
    assert held.printed("-n", "smtpd_banner = a\v b\n\f  c\n") == "smtpd_banner = a\v b\f c\n"
    assert held.printed("-n", "smtpd_banner = a\n\u00a0x = y\n") == "smtpd_banner = a\n"


def test_03_an_indented_first_line_is_lost_with_a_warning(held: Held) -> None:
    long = " relayhost = a.very.long.host.name.example.com\n"
    assert held.printed("-n", long + "biff = no\n") == "biff = no\n"
    (warning,) = [line for line in held.warned("-n", "# c\n" + long) if "whitespace" in line]
    assert warning.endswith(
        'main.cf: logical line must not start with whitespace: " relayhost = a.very.long.host...."'
    )
    assert [line for line in held.warned("-n", "", f" {SMTPD}\n") if "master.cf: logical line" in line]


def test_04_backslash_and_quotes_are_ordinary(held: Held) -> None:
    assert held.printed("-n", 'biff = no \\\nrelayhost = "x\n') == 'biff = no \\\nrelayhost = "x\n'


def test_05_a_comment_behind_a_value_is_part_of_it(held: Held) -> None:
    assert held.printed("-n", "biff = no # really\n") == "biff = no # really\n"


def test_06_the_last_line_needs_no_newline(held: Held) -> None:
    assert held.printed("-n", "biff = no") == "biff = no\n"
    assert held.printed("-M", "", SMTPD).endswith("smtpd\n")


def test_07_a_carriage_return_is_white_space_and_ends_no_line(held: Held) -> None:
    assert held.printed("-n", "biff = yes\r\n\r\n no\r\nrelayhost =\r\n") == "biff = yes no\nrelayhost =\n"
    assert held.printed("-n", "biff = no\rrelayhost = x") == "biff = no relayhost = x\n"
    assert held.printed("-n", "biff = a\rb\r\n c\r\n") == "biff = a b c\n"


def test_08_a_nul_hides_the_rest_of_the_logical_line(held: Held) -> None:
    assert held.printed("-n", "biff = no\0yes\n  more\nrelayhost = x\n") == "biff = no\nrelayhost = x\n"


def test_09_a_byte_order_mark_belongs_to_the_first_name(held: Held) -> None:
    (warning,) = held.warned("-n", "\ufeffbiff=no\n")
    assert warning.endswith("main.cf: unused parameter: ???biff=no")
    assert fatal(held, [("\ufeff# c\n", "")], "-n")
    assert held.printed("-n", "smtpd_banner = caf\udce9 \u00fc\n") == "smtpd_banner = caf\udce9 \u00fc\n"
    assert held.warned("-n", "x = \udce9\u00fc\x01\n")[0].endswith("unused parameter: x=????")


def test_10_a_line_may_be_as_long_as_it_likes(held: Held) -> None:
    assert len(held.printed("-n", f"smtpd_banner = {'a ' * 150_000}\n")) > 299_000


def test_11_no_file_is_included(held: Held) -> None:
    text = "mydestination = /nowhere/destinations, hash:/nowhere/table\n"
    assert held.printed("-n", text) == text


def test_12_a_name_ends_at_white_space_or_equals(held: Held) -> None:
    main = "smtpd_restriction_classes = x_$y 9x my-param.x\nx_$y=1\n9x =2\nmy-param.x\t=\t3=4\n"
    assert "9x = 2\nmy-param.x = 3=4\n" in held.printed("-n", main)
    assert held.warned("-n", "Biff = no\n")[0].endswith("unused parameter: Biff=no")


def test_13_a_line_without_name_or_equals_is_fatal(held: Held) -> None:
    lines = ("smtpd banner = x\n  y\n", "= foo\n", "biff\n")
    said = fatal(held, [(f"biff = no\n# c\n{line}", "") for line in lines], "-n")
    assert [line.partition("main.cf, ")[2] for line in said] == [
        "line 3: missing '=' after attribute name: \"smtpd banner = x  y\"",
        'line 3: missing attribute name: "= foo"',
        "line 3: missing '=' after attribute name: \"biff\"",
    ]


def test_14_an_empty_value_is_a_value(held: Held) -> None:
    assert held.printed("-n", "relayhost =\nbiff =   \n") == "biff =\nrelayhost =\n"


def test_15_of_one_name_the_last_wins(held: Held) -> None:
    main = "biff = yes\nbiff = yes\nx = 1\nbiff = no\n way\n"
    assert held.printed("-n", main) == "biff = no way\n"
    said = held.warned("-n", main)
    assert [line.rpartition(": ")[2] for line in said if "overriding" in line] == ["biff=yes"]
    assert any("main.cf, line 4: overriding earlier entry" in line for line in said)
    assert any("config_directory" in line for line in held.warned("-n", "config_directory = /etc/postfix\n"))


def test_16_only_known_names_are_printed_sorted_as_bytes(held: Held) -> None:
    main = "relayhost =\nX_1 = $biff\nbiff = yes\nmydestination = $X_1\nunknown  =  a   b\n"
    assert [line.split()[0] for line in held.printed("-n", main).splitlines()] == [
        "X_1",
        "biff",
        "mydestination",
        "relayhost",
    ]
    assert [line for line in held.warned("-n", main) if line.endswith("unused parameter: unknown=a   b")]


def test_17_a_name_is_known_where_something_refers_to_it(held: Held) -> None:
    main = "a = $b\nb = 1\nc = 1\nd = 1\nsmtpd_restriction_classes = d\nspare = $e\ne = 1\n"
    master = f"{SMTPD} -o smtpd_banner=$c -o smtpd_sender_restrictions=$a\n"
    names = [line.split()[0] for line in held.printed("-n", main, master).splitlines()]
    assert names[:4] == ["a", "b", "c", "d"]


def test_18_parameters_are_named_after_services(held: Held) -> None:
    main = (
        "slow_destination_rate_delay = 1s\npolicy_time_limit = 3600\nsmtp_destination_recipient_limit = 1\n"
    )
    master = "slow unix - - n - - smtp\npolicy unix - n n - 0 spawn user=x argv=/y\n"
    assert held.printed("-n", main, master) == "".join(sorted(main.splitlines(keepends=True)[:2]))
    assert len(held.warned("-n", main)) == 3
    assert held.printed("-nC service", main, master) == held.printed("-n", main, master)


def test_19_an_undefined_name_is_told_once_for_each_use(held: Held) -> None:
    main = "mydestination = $none $none\nspare = $none\n"
    said = [line for line in held.warned("-n", main) if "main.cf: undefined parameter: none" in line]
    assert len(said) == 3
    assert held.printed("-nx", main) == "mydestination =\n"
    master = f"{SMTPD} -o smtpd_client_restrictions=$mua_client_restrictions -o c=$d\n{OTHER} -o d=1\n"
    assert len([line for line in held.warned("-n", "biff = $d\n", master) if "undefined" in line]) == 2


def test_20_values_are_not_judged(held: Held) -> None:
    main = "biff = maybe\ndefault_process_limit = 100x\nsmtpd_timeout = 5q\n"
    assert held.printed("-n", main) == main


def test_21_a_hosts_name_may_not_be_known_to_main_cf(held: Held) -> None:
    assert held.printed("-nx", "myhostname = mail.$mydomain\n") == "myhostname = mail.\n"
    assert held.printed("-x mydomain", "myhostname = mail.example.com\n") == "mydomain = example.com\n"


def test_22_tables_may_read_their_settings_from_main_cf(held: Held) -> None:
    maps = "alias_maps = ldap:p, proxy:mysql:$a pipemap:{pgsql:c}\na = b\n"
    main = f"{maps}p_domain = 1\nb_user = 2\nc_dbname = 3\np_junk = 4\n"
    assert held.printed("-n", main).splitlines()[-3:] == ["b_user = 2", "c_dbname = 3", "p_domain = 1"]
    assert len([line for line in held.warned("-n", main) if "unused parameter: p_junk=4" in line]) == 1


def test_23_a_bare_name_has_letters_digits_and_underscores(held: Held) -> None:
    main = "mydestination = $my-param ${ my } $(my)\nmy = x\n"
    assert held.printed("-nx mydestination", main) == "mydestination = x-param x x\n"


def test_24_two_dollars_are_one_and_one_alone_is_fatal(held: Held) -> None:
    assert held.printed("-nx", "smtpd_banner = a$$b\n") == "smtpd_banner = a$b\n"
    assert held.printed("-n", "smtpd_banner = a$$b\n") == "smtpd_banner = a$$b\n"
    assert fatal(held, [("smtpd_banner = 5 $ a\n", ""), ("smtpd_banner = a$\n", "")], "-n")


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("${x?a}${none?b}", "a"),
        ("${x:a}${none:b}", "b"),
        ("${x?{a}:{b}} ${none ? {a} : {b}}", "a b"),
        ("${x?{${none:{{$x}}}}}", "{1}"),
        ("${{3.9} < {3.10} ? {y} : {n}}", "n"),
        ("${{3.9} <level {3.10} ? {y} : {n}}", "y"),
        ("${{9} < {10}}", "true"),
        ("${{9} > {10}}", ""),
    ],
)
def test_25_conditions(held: Held, value: str, result: str) -> None:
    assert (
        held.printed("-nx smtpd_banner", f"smtpd_banner = {value}\nx = 1\n")
        == f"smtpd_banner = {result}".rstrip() + "\n"
    )


def test_26_what_cannot_be_expanded_is_fatal(held: Held) -> None:
    values = ("${x", "${{x}?{y}}", "$a\na = $b\nb = $a", "$smtpd_banner x", "x\ncompatibility_level = x")
    assert len(fatal(held, [(f"smtpd_banner = {value}\n", "") for value in values], "-n")) == len(values)


def test_28_stress_is_empty_for_postconf(held: Held) -> None:
    assert held.printed("-nx", "smtpd_timeout = ${stress?{10}:{300}}s\n") == "smtpd_timeout = 300s\n"


def test_29_defaults_follow_the_compatibility_level(held: Held) -> None:
    names = "append_dot_mydomain smtputf8_enable mynetworks_style relay_domains"
    old, new = (held.printed(f"-x {names}", f"compatibility_level = {level}\n") for level in ("0", "3.6"))
    assert "append_dot_mydomain = yes" in old
    assert "append_dot_mydomain = no" in new


def test_30_a_services_options_see_each_other(held: Held) -> None:
    master = "x unix - - n - - smtp -o a=$b -o b=$service_name/$process_name -o c=$relayhost\n"
    assert held.printed("-Px", "relayhost = [h]\n", master).splitlines() == [
        "x/unix/a = x/smtp",
        "x/unix/b = x/smtp",
        "x/unix/c = [h]",
    ]
    assert "-o a=x/smtp" in held.printed("-Mx", "", master)


def test_31_a_list_is_printed_as_it_stands(held: Held) -> None:
    assert held.printed("-n", "mydestination = a, b,,c,\n") == "mydestination = a, b,,c,\n"


def test_32_folding_ends_a_line_at_the_eightieth_column(held: Held) -> None:
    text = held.printed("-nf", f"mydestination = {'x' * 62} aa b {'{ c d }' * 20}\n")
    assert max(len(line) for line in text.splitlines()) == 80
    assert "\n    " in text


def test_33_too_few_fields_are_fatal(held: Held) -> None:
    texts = ("smtp inet n - - - -\n", "smtp\n inet n\n\n - -\n")
    said = fatal(held, [("", f"{SMTPD}\n{text}") for text in texts], "-n")
    assert all(line.endswith("master.cf: line 2: bad field count") for line in said)
    assert held("-M", "", "smtp\n inet n\n# c\n - - -\r\n\n - smtpd\n").status == 0


def test_34_a_field_that_is_none_is_fatal_to_every_question(held: Held) -> None:
    entries = (
        *("x UNIX - - - - - c", "x unix Y - - - - c", "x unix - yes - - - c", "x unix - - y? - - c"),
        *("x unix - - - 60?x - c", "x unix - - - -1 - c", "x unix - - - - -1 c", "x unix - - - - ? c"),
    )
    assert fatal(held, [("", f"{entry}\n") for entry in entries], "-n", "-M", "-d")


def test_35_zero_and_dash_are_printed_as_written(held: Held) -> None:
    master = "a unix - - - 0 0 c\nb unix - - - 60? 1 c\nc unix y y n - - c\n"
    assert held.printed("-F", "", master).count(" = -\n") == 8


@pytest.mark.parametrize(
    "name", "25 127.0.0.1:smtp [::1]:25 localhost:10025 :26 *:27 [v6]:submission".split()
)
def test_36_a_service_name_is_kept_verbatim(held: Held, name: str) -> None:
    text = held.printed("-F", "", f"{name} inet n - n - - smtpd\nsmtp inet n - n - - smtpd\n")
    assert text.startswith(f"{name}/inet/service = {name}\n")


def test_37_of_two_entries_the_last_ones_options_show_for_both(held: Held) -> None:
    master = f"{SMTPD} -o biff=no\n{SMTPD} -o biff=yes\n"
    assert held.printed("-M", "", master).count("-o biff=") == 2
    assert held.printed("-P", "", master) == "smtp/inet/biff = yes\n" * 2


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ("-vo biff=no", "-v -o biff=no"),
        ("-obiff=yes", "-o biff=yes"),
        # postconf ends the letters at each o, also behind a -o, where getopt(3) takes all of it for the value
        ("-obiff=no", "-o biff=n -o"),
        ("-v -o { biff = a  b }", "-v -o {biff=a  b}"),
        ("-o { biff = no }", "-o biff=no"),
        ("-o biff= b", "-o biff= b"),
        ('-o biff="a b"', '-o biff="a b"'),
        ("-o foo", "-o foo"),
        ("-o", "-o"),
        ("-o biff=a -o biff=b", "-o biff=a -o biff=b"),
        ("-o { biff = b", "-o biff=b"),
    ],
)
def test_38_every_spelling_of_an_option(held: Held, arguments: str, options: str) -> None:
    assert held.printed("-M", "", f"{SMTPD} {arguments}\n").endswith(f" smtpd {options}\n")
    assert held("-P", "", f"{SMTPD} {arguments}\n").status == 0


def test_39_the_first_word_that_is_no_option_ends_them(held: Held) -> None:
    assert held.printed("-P", "", f"{SMTPD} # hello -o biff=no\n") == ""
    assert held.printed("-M", "", f"{SMTPD} # hello -o biff=no\n").endswith("smtpd # hello -o biff=no\n")


def test_40_arguments_of_a_command_are_not_expanded(held: Held) -> None:
    master = "x unix - n n - - pipe flags=R user=y argv=/z -o biff=$none ${recipient} {echo a  b}\n"
    assert not held.warned("-Px", "", master)
    assert held.printed("-Mx", "", master).endswith("-o biff=$none ${recipient} {echo a  b}\n")


def test_41_columns_and_the_overrun(held: Held) -> None:
    master = f"averyverylongname inet n - n - - smtpd\n{SMTPD} -v -o a=1 x {'y' * 90} -o\n"
    assert held.printed("-M", "", master).startswith(
        "averyverylongname inet n -       n       -       -       smtpd\n"
    )
    assert "\n    -o a=1\n" in held.printed("-Mf", "", master)


def test_42_services_keep_their_order_and_options_are_sorted(held: Held) -> None:
    master = "z unix - - n - - smtp -o b=1 -o a=2\na unix - - n - - smtp\n"
    assert [line.split()[0] for line in held.printed("-M", "", master).splitlines()] == ["z", "a"]
    assert held.printed("-P", "", master) == "z/unix/a = 2\nz/unix/b = 1\n"
