"""Settings held against the real postconf: defaults, expanded values, unused and undefined names.

What only the host knows, and what depends on how that Postfix was built, is left out of the comparison.
"""

import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue

pytestmark = pytest.mark.postfix

# postconf -c sets the first; it runs as itself, and not as the daemon that would read the others.
NOT_COMPARED = {"config_directory", "process_name", "process_id", "service_name"}


@dataclass(frozen=True)
class Answer:
    """What postconf printed: values by name (or by service/type/name), warnings, and whether it gave up."""

    values: dict[str, str]
    warnings: str
    fatal: bool


def ask(postconf: Path, folder: Path, *options: str) -> Answer:
    done = subprocess.run(
        [postconf, "-c", folder, *options], capture_output=True, check=False, timeout=60, env={"LC_ALL": "C"}
    )
    lines = done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")
    pairs = (line.partition(" =") for line in lines if line)
    return Answer(
        {name: value.strip() for name, _, value in pairs},
        done.stderr.decode("utf-8", "replace"),
        done.returncode != 0,
    )


@cache
def installed_release(postconf: Path) -> Release:
    with TemporaryDirectory() as folder:
        write(Path(folder), "", "")
        return Release.parse(ask(postconf, Path(folder), "-d", "mail_version").values["mail_version"])


def write(folder: Path, main: str, master: str) -> None:
    """Postfix reads a file again until it has not changed for a second, so these look old."""
    for name, text in (("main.cf", main), ("master.cf", master)):
        file = folder / name
        file.write_text(text)
        os.utime(file, (1_000_000_000, 1_000_000_000))


def instance_in(folder: Path, postconf: Path) -> Instance:
    return Instance.read(folder, installed_release(postconf), "postconf")


def comparable(name: str, instance: Instance) -> bool:
    setting = instance.setting(name)
    depends_on_build = setting.parameter is not None and setting.parameter.build_dependent
    return name not in NOT_COMPARED and not setting.unknown and not (depends_on_build and setting.is_default)


def warned(answer: Answer, kind: str) -> Counter[str]:
    """The names in main.cf that a warning is about. postconf may read a file twice, but says this once."""
    return Counter(re.findall(rf"main\.cf: {kind} parameter: ([^=\s]*)", answer.warnings))


def broken_values(instance: Instance) -> list[str]:
    """The values that postconf must expand and cannot: those it prints, and those that may hold tables."""
    main = [
        line.name
        for line in instance.main_cf.assignments
        if instance.is_known(line.name) and instance.setting(line.name).problem is not None
    ]
    return main + [
        override.name
        for service in instance.services
        for override in service.entry.overrides
        if instance.setting(override.name).parameter is not None
        and instance.setting(override.name, service).problem is not None
    ]


def hold_against(postconf: Path, main: str, master: str) -> None:
    """Fails where our values, our unused names or our undefined names differ from postconf's."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, main, master)
        instance = instance_in(folder, postconf)
        expanded = ask(postconf, folder, "-x")
        broken = broken_values(instance)
        assert expanded.fatal is bool(broken), (broken, expanded.warnings)
        if expanded.fatal:
            return  # a fatal error takes Postfix a second of sleep
        plain = ask(postconf, folder, "-n")
        ours = {name: instance.setting(name).normal for name in expanded.values if comparable(name, instance)}
        assert ours == {name: expanded.values[name] for name in ours}
        written = {name: instance.setting(name).text for name in plain.values if name not in NOT_COMPARED}
        assert written == {name: plain.values[name] for name in written}
        assert Counter(line.name for line in instance.unused()) == warned(plain, "unused")
        in_main = [use.name for use in instance.undefined() if isinstance(use.origin, MainCfLine)]
        assert Counter(in_main) == warned(plain, "undefined")
        for key, value in ask(postconf, folder, "-P", "-x").values.items():
            service_key, _, option = key.rpartition("/")
            service = instance.service(service_key)
            assert service is not None
            setting = instance.setting(option, service)
            if not setting.unknown:
                assert setting.normal == value, key


def test_defaults_are_those_of_the_installed_release(postconf: Path, tmp_path: Path) -> None:
    write(tmp_path, "", "smtp unix - - n - - smtp\n")
    instance = instance_in(tmp_path, postconf)
    printed = ask(postconf, tmp_path, "-d").values
    compared = [name for name in printed if comparable(name, instance)]
    assert len(compared) > 700
    assert {name: instance.setting(name).text for name in compared} == {
        name: printed[name] for name in compared
    }


def test_expanded_defaults_are_those_of_the_installed_release(postconf: Path, tmp_path: Path) -> None:
    write(tmp_path, "", "")
    instance = instance_in(tmp_path, postconf)
    printed = ask(postconf, tmp_path, "-d", "-x").values
    compared = [name for name in printed if comparable(name, instance)]
    assert {name: instance.setting(name).normal for name in compared} == {
        name: printed[name] for name in compared
    }


def test_every_name_of_the_installed_release_is_known_and_no_other(postconf: Path, tmp_path: Path) -> None:
    write(tmp_path, "", "")
    release = installed_release(postconf)
    printed = set(ask(postconf, tmp_path, "-d").values)
    known = {name for name, found in catalogue().parameters.items() if found.exists_in(release)}
    derived = {name for name in printed if catalogue().service_parameter(name, None)}
    # mail_release_date and other names of the build itself may be patched in or out by a distribution
    assert known - printed == set()
    assert printed - known - derived == set()


MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission -o smtpd_client_restrictions=$mua_client_restrictions
  -o { from_override = a  b } -o smtpd_recipient_restrictions=$from_override,$in_main
smtp unix - - y - - smtp
slow unix - - y - - smtp -o syslog_name=${multi_instance_name?{$multi_instance_name}:{postfix}}/$service_name
policy unix - n n - 0 spawn user=nobody argv=/bin/true -o not=${an option
archive unix - n n - - pipe flags=Rq user=nobody argv=/bin/true ${recipient}
"""

CONFIGURATIONS = {
    "empty": "",
    "usual": """\
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost.$mydomain, localhost
mynetworks = 127.0.0.0/8 [::1]/128
smtpd_banner = $myhostname ESMTP   $mail_name
smtpd_recipient_restrictions = permit_mynetworks,
    # a comment inside
    reject_unauth_destination
""",
    "misspelt": "smtpd_tls_securty_level = may\nBiff = no\nqueue_run_dealy=300s\n",
    "duplicates": "biff = yes\nbad = 1\nbiff = no\nbad = 2\n",
    "user defined": "a = $b\nb = ${c?{$d}:{$e}}\nc = 1\nd = x\ne = y\nrelay_domains = $a\nleft_over = z\n",
    "only from unused": "spare = $mine\nmine = x\n",
    "restriction classes": """\
more = loose
smtpd_restriction_classes = strict, $more absent
strict = reject
loose = permit
unlisted = reject
""",
    "conditionals": """\
level = 3.9
one = ${{9} < {10} ? {number} : {text}}
two = ${{3.9} < {3.10} ? {number} : {text}}
three = ${{$level} <level {3.10} ? {older} : {newer}}
four = ${{a} == {a}}${{a} != {a}}${ level ? { x } : { y } }
five = ${nothing?{a}:{b}}${level:c}$$x $(level)
relay_domains = $one $two $three $four $five
""",
    "stress by hand": "stress = yes\n",
    "service parameters": """\
slow_destination_rate_delay = 1s
slow_destination_concurrency_limit = 2
fast_destination_rate_delay = 1s
policy_time_limit = 3600
policy_destination_rate_delay = 1s
archive_time_limit = 10m
archive_destination_recipient_limit = 1
default_destination_recipient_limit = 7
local_destination_concurrency_limit = 3
""",
    "tables": """\
alias_maps = ldap:people, proxy:mysql:clients
people_server_host = ldap.example.com
people_junk = x
clients_user = postfix
virtual_alias_maps = unionmap:{ static:x, { pgsql:$name } }
name = where
where_dbname = mail
sqlite_dbpath = x
relay_domains = hash:other
other_domain = y
""",
    "old names": """\
virtual_maps = hash:x
fallback_relay = y
smtpd_client_connection_limit_exceptions = z
postscreen_whitelist_interfaces = static:all
permit_mx_backup_networks =
lmtp_cache_connection = yes
""",
    "for the services": "in_main = permit\nmulti_instance_name = postfix-out\nmua_helo_restrictions = x\n",
    "raw values": "default_rbl_reply = $rbl_code ${broken\nsmtpd_reject_footer = \\c $mine\nmine = x\n",
    "no domain": "myhostname = mail\n",
    "circular domain": "myhostname = mail.$mydomain\n",
    "truncated": "relay_domains = ${broken\n",
    "endless": "mydestination = $mydestination x\n",
    "bare dollar": "smtpd_banner = 5 $ a mail\n",
    "test operator": "x = ${{a} ==length {b}}\n",
    "odd bytes": "smtpd_banner = a\tb \v c\nrelayhost =\n  \n# x\n",
}


@pytest.mark.parametrize("main", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_a_configuration_is_read_as_postconf_reads_it(postconf: Path, main: str) -> None:
    hold_against(postconf, main, MASTER)


def test_a_broken_override_is_refused_as_well(postconf: Path) -> None:
    hold_against(postconf, "", "x inet n - n - - smtpd -o relayhost=${broken\n")


names = st.sampled_from(
    "a b c relay_domains smtpd_banner alias_maps smtpd_restriction_classes x_domain".split()
)
sound_pieces = st.sampled_from(
    [
        *("x", "y", " ", ",", "10", "3.9", "$$", "#", "ldap:x", "{", "}", "mysql:{ldap:x}"),
        *("$nothing", "$stress", "$mail_name", "${mail_name ? {$x}:y}", "$(nothing)", "${ b }", "$c"),
        *("${a?x}", "${b:$c}", "${a?{x}:{$b}}", "${ c ? {$nothing} : y}", "${x??{a}:b}"),
        *("${{$c} == {x} ? {1} : {2}}", "${{$b} < {10}}", "${{3.2} <level {3.10}:old}", "${{$b}>={$c}?{$b}}"),
    ]
)
broken_pieces = st.sampled_from(
    [
        "$relay_domains",
        "$a",
        "$",
        "${x?{a}",
        "${a ?",
        "${a-b}",
        "${{$a} <level {3.10}:old}",
        "${{x} ~ {y}}",
        "$$",
    ]
)


def main_files(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    values = st.lists(pieces, max_size=4).map("".join)
    return st.lists(st.tuples(names, values), max_size=6).map(
        lambda lines: "".join(f"{name} = {value}\n" for name, value in lines)
    )


def master_files(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    values = st.lists(pieces, max_size=4).map(lambda parts: "".join("".join(parts).split()))
    options = st.tuples(names, values.filter(lambda value: value.count("{") == value.count("}")))
    return st.lists(options, max_size=3).map(
        lambda options: (
            "smtp unix - - n - - smtp\n587 inet n - n - - smtpd"
            + "".join(f" -o {{ {name} = {value} }}" for name, value in options)
            + "\n"
        )
    )


@given(main_files(sound_pieces), master_files(sound_pieces))
def test_any_configuration_is_read_as_postconf_reads_it(postconf: Path, main: str, master: str) -> None:
    hold_against(postconf, main, master)


@given(main_files(sound_pieces | broken_pieces), master_files(sound_pieces | broken_pieces))
@settings(max_examples=20)  # Postfix sleeps for a second before it gives up
def test_what_postconf_refuses_is_a_problem_and_nothing_else_is(
    postconf: Path, main: str, master: str
) -> None:
    hold_against(postconf, main, master)


def test_the_kinds_that_are_not_expanded_are_printed_as_they_stand(postconf: Path, tmp_path: Path) -> None:
    raw = [name for name, found in catalogue().parameters.items() if found.type is Kind.RAW]
    write(tmp_path, "".join(f"{name} = $mail_name\n" for name in raw), "")
    expanded = ask(postconf, tmp_path, "-x").values
    instance = instance_in(tmp_path, postconf)
    for name in raw:
        if name in expanded:
            assert instance.setting(name).normal == expanded[name] == "$mail_name"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ipc_timeout", "300seconds"),
        ("ipc_timeout", "+5s"),
        ("ipc_timeout", "5q"),
        ("ipc_timeout", "5 s"),
        ("ipc_timeout", "s"),
        ("ipc_timeout", "3550w"),
        ("in_flow_delay", "11"),
        ("default_process_limit", "+7"),
        ("default_process_limit", "100x"),
        ("default_process_limit", "0"),
        ("message_size_limit", "5000000000"),
        ("message_size_limit", "99999999999999999999"),
        ("strict_mime_encoding_domain", "YES"),
        ("strict_mime_encoding_domain", "true"),
    ],
)
def test_a_value_is_bad_if_and_only_if_the_programs_refuse_it(
    postconf: Path, tmp_path: Path, name: str, text: str
) -> None:
    """postconf reads no value, so another program must say; a lookup in a static table is the cheapest."""
    write(tmp_path, f"compatibility_level = 3.6\nmyhostname = mail.example.com\n{name} = {text}\n", "")
    setting = instance_in(tmp_path, postconf).setting(name)
    assert setting.parameter is not None
    reader = {Kind.TIME: setting.seconds, Kind.BOOL: setting.boolean}.get(
        setting.parameter.type, setting.number
    )
    done = subprocess.run(
        [postconf.with_name("postmap"), "-c", tmp_path, "-q", "x", "static:y"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert isinstance(reader(), BadValue) is (done.returncode != 0), done.stderr
