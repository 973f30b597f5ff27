# ruff: noqa: E501 - a row of a table is easier to read in one line
"""Changes become edits at the place whose value wins, and nothing else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.changes import (
    AddService,
    Change,
    DropShadowed,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.plan.edits import apply_changes
from advisor.plan.text_edits import CannotEdit
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.main_cf import parse_main_cf
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - 5 smtpd\n"
TWO = SMTP + "submission inet n - n - - smtpd\n  -o syslog_name=postfix/submission\n"
T = "smtpd_timeout"
R = "smtpd_recipient_restrictions"
LIST = f"{R} =\n  permit_mynetworks,\n  # here\n  reject_maps_rbl,\n# and there\n  permit\nbiff = no\n"
TWO_LINES = f"{R} = a,\n  b\nbiff = no\n"


def instance(main: str, master: str = SMTP, release: str = "3.7.11") -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), ""
    )


def after(main: str, change: Change, master: str = SMTP) -> tuple[str, str]:
    changed = apply_changes(instance(main, master), [change])
    assert not isinstance(changed, CannotEdit), changed.reason
    assert changed.master_cf
    return changed.main_cf.source.text, changed.master_cf.source.text


@pytest.mark.parametrize(
    ("main", "change", "wanted"),
    [
        ("a = 1\nsmtpd_timeout = 5\n", SetParameter(T, "7"), "a = 1\nsmtpd_timeout = 7\n"),
        ("smtpd_timeout = 5", SetParameter(T, "7"), "smtpd_timeout = 7"),
        ("smtpd_timeout=5\r\n", SetParameter(T, "7"), "smtpd_timeout=7\r\n"),
        ("smtpd_timeout = 5\nsmtpd_timeout = 6\n", SetParameter(T, "7"), "smtpd_timeout = 5\nsmtpd_timeout = 7\n"),
        ("smtpd_timeout =\n", SetParameter(T, "7"), "smtpd_timeout = 7\n"),
        ("relay_domains = a\n# c\n\n  b\nx = 1\n", SetParameter("relay_domains", "z"), "relay_domains = z\n# c\n\nx = 1\n"),
        ("", SetParameter(T, "7"), "smtpd_timeout = 7\n"),
        ("biff = no", SetParameter(T, "7"), "biff = no\nsmtpd_timeout = 7\n"),
        ("biff = no\r\n", SetParameter(T, "7"), "biff = no\r\nsmtpd_timeout = 7\r\n"),
        ("smtpd_banner = x\nbiff = no\n", SetParameter(T, "7"), "smtpd_banner = x\nsmtpd_timeout = 7\nbiff = no\n"),
        ("smtpd_banner = x\n  y\nbiff = no\n", SetParameter(T, "7"), "smtpd_banner = x\n  y\nsmtpd_timeout = 7\nbiff = no\n"),
        ("a = 1\nsmtpd_timeout = 5\nsmtpd_timeout = 6\n", UnsetParameter(T), "a = 1\n"),
        ("a = 1\nsmtpd_timeout = 5\n", DropShadowed(T), "a = 1\nsmtpd_timeout = 5\n"),
        ("smtpd_timeout = 5\n# c\na = 1\nsmtpd_timeout =\n# d\n 6\nsmtpd_timeout = 7", DropShadowed(T), "# c\na = 1\n# d\nsmtpd_timeout = 7"),
        ("a = 1\nsmtpd_timeout = 5 # half\n", MoveComment(T), "a = 1\n# half\nsmtpd_timeout = 5\n"),
        ("smtpd_timeout=5\t#half  # way \r\n", MoveComment(T), "#half  # way\r\nsmtpd_timeout=5 \r\n"),
        ("smtpd_timeout = 5 # x", MoveComment(T), "# x\nsmtpd_timeout = 5"),
        ("smtpd_timeout = 5\n", MoveComment(T), "smtpd_timeout = 5\n"),
        ("a = 1\n", MoveComment(T), "a = 1\n"),
        ("mydistination = x\n", RenameParameter("mydistination", "mydestination"), "mydestination = x\n"),
        (LIST, SetParameter(R, "permit_mynetworks,  reject_rbl_client a.example,  permit"), LIST.replace("reject_maps_rbl", "reject_rbl_client a.example")),
        (LIST, SetParameter(R, "permit_mynetworks,  permit"), f"{R} =\n  permit_mynetworks,  permit\n  # here\n# and there\nbiff = no\n"),
        (LIST, SetParameter(R, "permit_mynetworks,  reject_maps_rbl"), f"{R} =\n  permit_mynetworks,  reject_maps_rbl\n  # here\n# and there\nbiff = no\n"),
        (TWO_LINES, SetParameter(R, "a"), f"{R} = a\nbiff = no\n"),
        (LIST, SetParameter(R, "reject_maps_rbl,  permit"), f"{R} =\n  reject_maps_rbl,  permit\n  # here\n# and there\nbiff = no\n"),
        (LIST, SetParameter(R, "reject"), f"{R} =\n  reject\n  # here\n# and there\nbiff = no\n"),
        (TWO_LINES, SetParameter(R, "b"), f"{R} = b\nbiff = no\n"),
        (TWO_LINES, SetParameter(R, "a,  c, b"), f"{R} = a,\n  c, b\nbiff = no\n"),
        ("# \xff\nsmtpd_timeout = 5 \n", SetParameter(T, "7"), "# \xff\nsmtpd_timeout = 7 \n"),
    ],
)  # fmt: skip
def test_main_cf(main: str, change: Change, wanted: str) -> None:
    assert after(main, change)[0] == wanted


@pytest.mark.parametrize(
    ("master", "change", "wanted"),
    [
        (SMTP, SetServiceField("smtp/inet", "process_limit", "20"), "smtp inet n - n - 20 smtpd\n"),
        ("smtp  inet n  -  n  -  5   smtpd\n", SetServiceField("smtp/inet", "process_limit", "20"), "smtp  inet n  -  n  -  20  smtpd\n"),
        (SMTP, SetServiceOverride("smtp/inet", T, "7"), "smtp inet n - n - 5 smtpd\n  -o smtpd_timeout=7\n"),
        (SMTP.rstrip(), SetServiceOverride("smtp/inet", T, "7"), "smtp inet n - n - 5 smtpd\n  -o smtpd_timeout=7"),
        (SMTP + "  -o smtpd_timeout=5\n", SetServiceOverride("smtp/inet", T, "7"), SMTP + "  -o smtpd_timeout=7\n"),
        (SMTP + "  -o { smtpd_timeout = 5 }\n", SetServiceOverride("smtp/inet", T, "7"), SMTP + "  -o { smtpd_timeout = 7 }\n"),
        (SMTP + "\t-o a=b\n", SetServiceOverride("smtp/inet", T, "7"), SMTP + "\t-o a=b\n\t-o smtpd_timeout=7\n"),
        (SMTP, SetServiceOverride("smtp/inet", "smtpd_banner", "a b"), SMTP + "  -o { smtpd_banner = a b }\n"),
        (SMTP, AddService("submission/inet", "smtpd"), SMTP + "submission inet  -       -       -       -       -       smtpd\n"),
        (SMTP.rstrip(), AddService("dnsblog/unix", "dnsblog", (("private", "-"), ("chroot", "n"), ("process_limit", "0"))), SMTP + "dnsblog   unix  -       -       n       -       0       dnsblog\n"),
        (
            SMTP.replace("\n", "\r\n"),
            AddService("2525/inet", "smtpd", (("private", "n"),), (("syslog_name", "postfix/in"), ("smtpd_banner", "a b"))),
            SMTP.replace("\n", "\r\n") + "2525      inet  n       -       -       -       -       smtpd\r\n  -o syslog_name=postfix/in\r\n  -o { smtpd_banner = a b }\r\n",
        ),
        ("", AddService("a/unix", "error"), "a         unix  -       -       -       -       -       error\n"),
        (SMTP + "  -o a=1 -o b=2 -o a=3\n -o a=4\n", DropShadowed("a", "smtp/inet"), SMTP + "  -o b=2\n -o a=4\n"),
        (SMTP + "  -va1 -oa=1 -vo a=2\n", DropShadowed("a", "smtp/inet"), SMTP + "  -va1 -vo a=2\n"),
        (SMTP + "  -o a=1 -o a=2\n", UnsetParameter("a", "smtp/inet"), SMTP),
        (SMTP + SMTP, SetServiceField("smtp/inet", "process_limit", "9"), SMTP + "smtp inet n - n - 9 smtpd\n"),
    ],
)  # fmt: skip
def test_master_cf(master: str, change: Change, wanted: str) -> None:
    assert after("", change, master)[1] == wanted


@given(
    elements=st.lists(
        st.sampled_from(["a", "reject_rbl_client b", "c", "{ d, e }"]), min_size=2, unique=True
    ),
    between=st.sampled_from(["\n  ", ",\n\t", "\n  # a comment\n  ", "\n\n# another\n "]),
    data=st.data(),
)
def test_one_element_of_a_long_list_changes_on_its_own_line(
    elements: list[str], between: str, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(elements) - 1))
    changed = [*elements[:index], "new", *elements[index + 1 :]]
    before, wanted = (f"{R} =\n  {between.join(each)}\nbiff = no\n" for each in (elements, changed))
    (line, _) = parse_main_cf(SourceFile("main.cf", wanted)).assignments
    assert after(before, SetParameter(R, line.raw_value))[0] == wanted


_LIST = st.lists(st.sampled_from(["a", "b", "c d"]), min_size=1, max_size=5)
_BETWEEN = st.sampled_from([",", ", ", "\n ", ",\n # a comment\n\t", "\n\n# another\n "])


@given(
    old=_LIST,
    new=_LIST,
    between=st.lists(_BETWEEN, min_size=5, max_size=5),
    gap=st.sampled_from([" ", "\n  "]),
)
def test_a_list_becomes_what_was_asked(old: list[str], new: list[str], between: list[str], gap: str) -> None:
    value = old[0] + "".join(f"{blank}{element}" for blank, element in zip(between, old[1:], strict=False))
    text = f"biff = no\n{R} ={gap}{value}\n# the end\n"
    behind = after(text, SetParameter(R, ", ".join(new)))[0]
    assert instance(behind).setting(R).text == ", ".join(new)
    assert behind.count("# a comment") == text.count("# a comment")
    assert behind.endswith("\n# the end\n")


def test_a_value_for_one_service_goes_to_main_cf_where_it_reaches_no_other() -> None:
    assert after("", SetParameter(T, "7", "smtp/inet"))[0] == "smtpd_timeout = 7\n"


def test_a_value_for_one_of_two_services_is_an_override() -> None:
    main, master = after("", SetParameter(T, "7", "smtp/inet"), TWO)
    assert (main, master) == ("", TWO.replace("5 smtpd\n", "5 smtpd\n  -o smtpd_timeout=7\n"))


def test_a_service_needs_a_master_cf() -> None:
    alone = Instance.of(SourceFile("main.cf", ""), None, Release.parse("3.7.11"), "")
    assert isinstance(apply_changes(alone, [AddService("new/inet", "smtpd")]), CannotEdit)


def test_before_3_0_an_option_takes_no_blanks() -> None:
    change = AddService("new/inet", "smtpd", (), (("smtpd_banner", "a b"),))
    assert isinstance(apply_changes(instance("", release="2.11.0"), [change]), CannotEdit)


@pytest.mark.parametrize(
    "change",
    [
        SetParameter(T, "7\nopen = yes"),
        SetParameter("a = b\nc", "7"),
        SetServiceField("nobody/inet", "process_limit", "7"),
        SetServiceOverride("smtp/inet", "default_process_limit", "7"),
        AddService("smtp/inet", "smtpd"),
        AddService("new/inet", "smtpd -v"),
        AddService("new/inet", "smtpd", (("chroot", "n n"),)),
        AddService("new/inet", "smtpd", (("shape", "round"),)),
        AddService("#new/inet", "smtpd"),
        AddService("new/inet", "smtpd", (), (("a b", "c"),)),
        AddService("new/inet", "smtpd", (), (("a", "b}"),)),
        AddService("new/inet", "smtpd", (), (("a", "b\nc"),)),
        DropShadowed("nul"),
        MoveComment("nul"),
        MoveComment("long"),
    ],
)
def test_what_cannot_be_written_is_said(change: Change) -> None:
    main = "nul = a # b\0c\nnul = a # b\0\nlong = a\n # c\n b # d\n"
    assert isinstance(apply_changes(instance(main), [change]), CannotEdit)
