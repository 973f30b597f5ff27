from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError, NothingToCheck
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release
from advisor.settings.setting import Setting
from advisor.syntax.source import SourceFile

Make = Callable[..., Instance]


def unused(instance: Instance) -> list[str]:
    return [line.name for line in instance.unused()]


@pytest.mark.parametrize(
    ("main", "names"),
    [
        ("biff = no\nbif = no\n", ["bif"]),
        ("Biff = no\n", ["Biff"]),
        ("mine = x\nrelay_domains = $mine\n", []),
        ("mine = x\nrelay_domains = ${biff?{$mine}:{y}}\n", []),
        ("mine = x\nother = $mine\nrelay_domains = $other\n", []),
        ("a = $b\nb = x\n", ["a"]),
        ("mine = x\ndefault_rbl_reply = $mine\n", ["mine"]),
        (
            "smtpd_restriction_classes = strict, $more\nmore = loose\nstrict = x\nloose = y\nnone = z\n",
            ["none"],
        ),
        ("virtual_maps = x\nfallback_relay = y\n", []),
        ("process_name = x\n", []),
        ("bad = 1\nbad = 2\n", ["bad"]),
        ("slow_destination_rate_delay = 1s\n", ["slow_destination_rate_delay"]),
        ("smtp_destination_rate_delay = 1s\n", []),
        ("policy_time_limit = 1h\nspawner_time_limit = 1h\n", ["policy_time_limit"]),
        ("spawner_destination_rate_delay = 1s\n", ["spawner_destination_rate_delay"]),
        ("from_master = x\n", []),
        ("private_value = x\n", ["private_value"]),
        ("alias_maps = ldap:people\npeople_server_host = x\npeople_junk = y\n", ["people_junk"]),
        ("alias_maps = proxy:mysql:people\npeople_user = x\n", []),
        ("alias_maps = unionmap:{ static:x, pgsql:people }\npeople_user = x\n", []),
        ("alias_maps = { ldap:people }\npeople_domain = x\n", []),
        ("alias_maps = mysql:{ldap:people}x { ldap:other\npeople_domain = x\nother_domain = x\n", []),
        ("alias_maps = $maps\nmaps = ldap:people\npeople_domain = x\n", []),
        (
            "smtpd_restriction_classes = c\nc = check_client_access ldap:people\npeople_domain = x\n",
            ["people_domain"],
        ),
        ("alias_maps = ldap:/people\n/people_domain = x\n", ["/people_domain"]),
        ("alias_maps = hash:people\npeople_domain = x\n", ["people_domain"]),
        ("relay_domains = ${broken\nmine = x\n", ["mine"]),
    ],
)
def test_a_line_is_unused_if_nothing_reads_it(make: Make, main: str, names: list[str]) -> None:
    master = (
        "smtp unix - - n - - smtp\n"
        "spawner unix - - n - - spawn\n"
        "x inet n - n - - smtpd -o myorigin=$from_master -o private_value=y -o relayhost=$private_value\n"
    )
    assert unused(make(main, master)) == names


def test_the_last_line_of_an_unused_name_is_shown(make: Make) -> None:
    (line,) = make("bad = 1\nbiff = no\nbad = 2\n", "").unused()
    assert (line.value, line.span.line) == ("2", 3)


def test_known_names_are_those_of_the_release(make: Make) -> None:
    main = "smtpd_forbid_bare_newline = yes\n"
    assert unused(make(main, "", Release(3, 6, 5))) == ["smtpd_forbid_bare_newline"]
    assert unused(make(main, "", Release(3, 6, 13))) == []


def test_without_master_cf_a_name_may_belong_to_any_service(make: Make) -> None:
    assert unused(make("slow_destination_rate_delay = 1s\nslow_junk = x\n")) == ["slow_junk"]


def test_references_to_nothing_are_found_where_they_stand(make: Make) -> None:
    master = "587 inet n - n - - smtpd -o smtpd_client_restrictions=$mua_client_restrictions -o x=$y -o y=\n"
    instance = make("relay_domains = $nothing $mydestination\nspare = $y\n", master)
    assert [reference.name for reference in instance.undefined()] == ["nothing", "mua_client_restrictions"]
    assert [
        str(reference.origin.span) for reference in instance.undefined() if hasattr(reference.origin, "span")
    ] == [
        "etc/main.cf:1:1",
        "etc/master.cf:1:29",
    ]


def test_a_folder_is_read_with_its_master_cf(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("myhostname = mail.example.com\n")
    instance = Instance.read(tmp_path, NEWEST, "newest known")
    assert instance.name == str(tmp_path)
    assert (instance.master_cf, instance.services) == (None, ())
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    for path in (tmp_path, tmp_path / "main.cf"):
        instance = Instance.read(path, NEWEST, "newest known")
        assert [service.key for service in instance.services] == ["smtp/inet"]
        assert (instance.release, instance.release_source) == (NEWEST, "newest known")


def test_a_file_of_another_name_is_read_alone(tmp_path: Path) -> None:
    (tmp_path / "postconf-n.txt").write_text("biff = no\n")
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    assert Instance.read(tmp_path / "postconf-n.txt", NEWEST, "").master_cf is None


def test_a_folder_without_main_cf_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheck, match=r"no main\.cf") as caught:
        Instance.read(tmp_path, NEWEST, "")
    assert caught.value.where == str(tmp_path)


def test_what_is_missing_or_unreadable_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        Instance.read(tmp_path / "nowhere", NEWEST, "")
    (tmp_path / "main.cf").write_text("")
    (tmp_path / "master.cf").mkdir()
    with pytest.raises(InputError, match=r"master\.cf.*cannot be read"):
        Instance.read(tmp_path, NEWEST, "")


def test_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_bytes(b"smtpd_banner = caf\xe9 ${{\xe9} == {x} ? {a} : {b}}\n")
    setting = Instance.read(tmp_path, NEWEST, "").setting("smtpd_banner")
    assert setting.normal.encode("utf-8", "surrogateescape") == b"caf\xe9 b"


_TEXTS = (
    "a",
    "$x",
    "${x?{$y}:b}",
    "$service_name",
    "${stress?{s}:$y}",
    "$syslog_name",
    "yes",
    "${process_name}",
)
_NAMES = ("x", "y", "stress", "syslog_name", "smtpd_timeout", "myhostname", "smtpd_helo_required")
_values = st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(_TEXTS), max_size=4)


@given(
    _values,
    st.lists(_values, min_size=2, max_size=4),
    st.lists(st.tuples(st.sampled_from((*_NAMES, "service_name")), st.integers(-1, 3)), max_size=12),
)
def test_a_setting_does_not_hang_on_what_was_asked_before(
    main: dict[str, str], options: list[dict[str, str]], asked: list[tuple[str, int]]
) -> None:
    """What one service was told must not be handed to another."""
    text = "".join(f"{name} = {value}\n" for name, value in main.items())
    master = "".join(
        f"{25 + number} inet n - n - {number} smtpd"
        + "".join(f" -o {{ {name} = {value} }}" for name, value in own.items())
        + "\n"
        for number, own in enumerate(options)
    )
    files = SourceFile("main.cf", text), SourceFile("master.cf", master)

    def setting(instance: Instance, name: str, number: int) -> Setting:
        return instance.setting(name, instance.service(f"{25 + number}/inet"))

    used = Instance.of(*files, NEWEST, "a test")
    for name, number in asked:
        assert setting(used, name, number) == setting(Instance.of(*files, NEWEST, "a test"), name, number)


BEFORE = (
    "a = 1\nmyhostname = mx.example.com\nsmtpd_timeout = ${stress?{10}:{300}}s\n"
    "mail_name = $a\nb = $mydomain\n"
)
MASTER = "smtp inet n - y - - smtpd\n  -o a=3\nsubmission inet n - y - - smtpd\n  -o smtpd_timeout=9s\n"


@pytest.mark.parametrize(
    ("main", "master"),
    [
        (BEFORE.replace("mx.example.com", "mx.example.org"), MASTER),
        (BEFORE.replace("a = 1", "a = 2"), MASTER),
        (BEFORE.replace("a = 1\n", ""), MASTER),
        ("# one more line\n" + BEFORE, MASTER),
        (BEFORE + "stress = yes\n", MASTER),
        (BEFORE + "a = 4\nbiff = no\n", MASTER),
        (BEFORE, MASTER.replace("-o a=3", "-o mail_name=x")),
        (BEFORE, MASTER + "slow unix - - n - - smtp\n"),
        (BEFORE, MASTER.replace("submission", "smtps")),
    ],
)
def test_other_text_leaves_no_trace_of_the_text_before(make: Make, main: str, master: str) -> None:
    before = make(BEFORE, MASTER)
    anew = make(main, master)
    names = [*catalogue().parameters, "a", "b", "slow_destination_rate_delay", "transport_destination_x"]

    def settings(of: Instance) -> list[Setting]:
        return [of.setting(name, service) for service in (None, *of.services) for name in names]

    settings(before)
    changed = before.with_text(
        main=SourceFile("etc/main.cf", main), master=SourceFile("etc/master.cf", master)
    )
    assert settings(changed) == settings(anew)
