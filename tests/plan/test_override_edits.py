"""The `-o` of master.cf in all its spellings: set, removed or renamed, and nothing else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.changes import (
    AddService,
    Change,
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
from advisor.syntax.source import SourceFile

SMTP = "smtp inet n - n - 5 smtpd"
NEXT = "next unix - - n - - smtp\n  -o b=kept\n"
# How one option may be spelt; `{}` is name=value. The last three carry another flag.
SPELLINGS = (" -o {}", "\n  -o {}", "\n\t-o\n\t{}", " -o{}", " -vo {}", "\n  -vo{}")
VALUES = st.sampled_from(["1", "two", "a,b", "$x", "two words", "{ a b }", ""])


def instance(master: str, main: str = "", release: str = "3.7.11") -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), ""
    )


def changed(master: str, *changes: Change, main: str = "", release: str = "3.7.11") -> Instance:
    new = apply_changes(instance(master, main, release), changes)
    assert not isinstance(new, CannotEdit), new.reason
    return new


def text_after(master: str, *changes: Change) -> str:
    tree = changed(master, *changes).master_cf
    assert tree
    return tree.source.text


def reason(master: str, change: Change, *, main: str = "", release: str = "3.7.11") -> str:
    refused = apply_changes(instance(master, main, release), [change])
    assert isinstance(refused, CannotEdit)
    return refused.reason


def options(of: Instance, service: str = "smtp/inet") -> list[tuple[str, str]]:
    found = of.service(service)
    assert found
    return [(each.name, each.value) for each in found.entry.overrides]


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]], int]:
    """An entry's text, its options, and how many of them come with the flag -v."""
    text, written, flags = SMTP, [], 0
    for name in draw(st.lists(st.sampled_from("abc"), max_size=4)):
        spelling, value = draw(st.sampled_from(SPELLINGS)), draw(st.sampled_from(["1", "two", "a,b", "$x"]))
        text += spelling.format(f"{name}={value}")
        written.append((name, value))
        flags += "-v" in spelling
    return text + "\n", written, flags


def flags_of(of: Instance) -> int:
    found = of.service("smtp/inet")
    assert found
    return sum(word.text.startswith("-v") for word in found.entry.arguments)


@given(entries(), st.sampled_from("abc"), VALUES)
def test_to_set_an_option_changes_the_last_of_its_name(
    entry: tuple[str, list[tuple[str, str]], int], name: str, value: str
) -> None:
    text, written, flags = entry
    new = changed(text + NEXT, SetServiceOverride("smtp/inet", name, value))
    places = [place for place, (each, _) in enumerate(written) if each == name]
    wanted = [*written]
    if places:
        wanted[places[-1]] = (name, value)
    else:
        wanted.append((name, value))
    assert options(new) == wanted
    assert flags_of(new) == flags
    assert new.master_cf
    assert new.master_cf.source.text.endswith(NEXT)


@given(entries(), st.sampled_from("abc"))
def test_to_unset_an_option_takes_each_of_its_name(
    entry: tuple[str, list[tuple[str, str]], int], name: str
) -> None:
    text, written, flags = entry
    new = changed(text + NEXT, UnsetParameter(name, "smtp/inet"))
    assert options(new) == [pair for pair in written if pair[0] != name]
    assert flags_of(new) == flags
    assert options(new, "next/unix") == [("b", "kept")]


@given(entries(), st.sampled_from("ab"))
def test_to_rename_keeps_every_value(entry: tuple[str, list[tuple[str, str]], int], name: str) -> None:
    text, written, _ = entry
    new = changed(text + NEXT, RenameParameter(name, "new"))
    assert options(new) == [("new" if each == name else each, value) for each, value in written]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{SMTP} -o a=1 -o b=2\n", f"{SMTP} -o b=2\n"),
        (f"{SMTP}\n  -o a=1\n  -o b=2\n", f"{SMTP}\n  -o b=2\n"),
        (f"{SMTP}\n  -o a=1 -o b=2\n", f"{SMTP}\n  -o b=2\n"),
        (f"{SMTP}\n  -o { '{ a = 1 2 }' }\n# kept\n  -v\n", f"{SMTP}\n# kept\n  -v\n"),
        (f"{SMTP}\n  -voa=1\n", f"{SMTP}\n  -v\n"),
        (f"{SMTP}\n  -vo a=1\n", f"{SMTP}\n  -v\n"),
        (f"{SMTP}\n  -o\n# kept\n  a=1\n  -v\n", f"{SMTP}\n# kept\n  -v\n"),
    ],
)  # fmt: skip
def test_what_is_left_behind_an_option(before: str, after: str) -> None:
    assert text_after(before, UnsetParameter("a", "smtp/inet")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{SMTP} -oa=1 -v\n", f"{SMTP} -o {{ a = x y }} -v\n"),
        (f"{SMTP} -voa=1\n", f"{SMTP} -vo {{ a = x y }}\n"),
        (f"{SMTP} -o a=1\n", f"{SMTP} -o {{ a = x y }}\n"),
        (f"{SMTP} -o {{ a = 1 }} -v\n", f"{SMTP} -o {{ a = x y }} -v\n"),
        (f"{SMTP} -v\n", f"{SMTP} -o {{ a = x y }} -v\n"),
        (f"{SMTP}\r\n\t-o b=1\r\n", f"{SMTP}\r\n\t-o b=1\r\n\t-o {{ a = x y }}\r\n"),
    ],
)
def test_a_value_with_blanks_needs_braces(before: str, after: str) -> None:
    assert text_after(before, SetServiceOverride("smtp/inet", "a", "x y")) == after


def test_the_columns_stay_where_they_are() -> None:
    wide = "smtp      inet  n       -       n       -       5       smtpd\n"
    new = text_after(wide, SetServiceField("smtp/inet", "process_limit", "1000"))
    assert new == wide.replace("5       smtpd", "1000    smtpd")
    assert text_after(wide, SetServiceField("smtp/inet", "process_limit", "5")) == wide
    assert text_after(wide, SetServiceField("smtp/inet", "command", "postscreen")) == wide.replace(
        "smtpd", "postscreen"
    )


class TestNewServices:
    def test_a_new_service_comes_last(self) -> None:
        service = AddService("smtpd/pass", "smtpd", (("chroot", "n"),), (("a", "1"), ("smtpd_banner", "x y")))
        new = text_after(SMTP, service)
        assert new == (
            f"{SMTP}\n"
            "smtpd     pass  -       -       n       -       -       smtpd\n"
            "  -o a=1\n"
            "  -o { smtpd_banner = x y }\n"
        )
        assert options(changed(SMTP, service), "smtpd/pass") == [("a", "1"), ("smtpd_banner", "x y")]

    @pytest.mark.parametrize(
        ("service", "words"),
        [
            (AddService("smtp/inet", "smtpd"), "already has a service smtp/inet"),
            (AddService("x/inet", "smtpd", (("colour", "n"),)), "a column that master.cf does not know"),
            (AddService("x/inet", "two words"), "cannot be written with these columns"),
            (AddService("#x/inet", "smtpd"), "cannot be written with these columns"),
            (AddService("x/inet", "smtpd", (), (("a", "{"),)), "takes braces in pairs only"),
            (AddService("x/inet", "smtpd", (), (("a=b", "1"),)), "cannot be the name of a parameter"),
        ],
    )
    def test_one_that_cannot_be_written(self, service: AddService, words: str) -> None:
        assert words in reason(SMTP, service)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (SetServiceField("smtp/inet", "name", "x"), "name is no column of master.cf that can be set"),
        (SetServiceField("smtp/inet", "process_limit", ""), "takes one word"),
        (SetServiceField("smtp/inet", "process_limit", "1 2"), "takes one word"),
        (SetServiceOverride("smtp/inet", "a", "}"), "takes braces in pairs only"),
        (SetServiceOverride("smtp/inet", "a", " x"), "cannot be written on one line as it is"),
        (SetServiceOverride("smtp/inet", "service_throttle_time", "1"), "'-o' does not reach it"),
        (UnsetParameter("a", "nobody/inet"), "master.cf has no service nobody/inet"),
    ],
)
def test_what_cannot_be_written(change: Change, words: str) -> None:
    assert words in reason(f"{SMTP}\n", change)


def test_before_3_0_there_are_no_braces() -> None:
    words = "takes a value with blanks only since Postfix 3.0"
    assert words in reason(f"{SMTP}\n", SetServiceOverride("smtp/inet", "a", "x y"), release="2.11.0")


def test_without_master_cf() -> None:
    of = Instance.of(SourceFile("main.cf", ""), None, Release.parse("3.7.11"), "")
    refused = apply_changes(of, [SetServiceField("smtp/inet", "process_limit", "9")])
    assert isinstance(refused, CannotEdit)
    assert "no master.cf was read" in refused.reason
    renamed = apply_changes(of, [RenameParameter("a", "b")])
    assert isinstance(renamed, Instance)


@pytest.mark.parametrize(
    "change", [SetServiceField("smtp/inet", "process_limit", "9"), UnsetParameter("a", "smtp/inet")]
)
def test_a_nul_byte_is_said(change: Change) -> None:
    assert "there is a NUL byte in the entry of smtp/inet" in reason(f"{SMTP} -o a=1 -o b=\0x\n", change)


class TestMainCf:
    @pytest.mark.parametrize("change", [SetParameter("a", "2"), UnsetParameter("a")])
    def test_a_nul_byte_is_said(self, change: Change) -> None:
        assert "there is a NUL byte in the line of a" in reason(SMTP, change, main="a = 1\0b\n")

    @pytest.mark.parametrize(
        ("before", "change", "after"),
        [
            ("a = 1\n", SetParameter("a", "1"), "a = 1\n"),
            ("a = 1\n", SetParameter("a", ""), "a =\n"),
            ("a =   \n", SetParameter("a", "1"), "a = 1\n"),
            ("a = 1\n# c\n  2 3\n", SetParameter("a", "x"), "a = x\n# c\n"),
            ("a =\n  1\n# c\n  2\n", UnsetParameter("a"), "# c\n"),
            ("b = 1\n", UnsetParameter("a"), "b = 1\n"),
        ],
    )
    def test_the_text_behind(self, before: str, change: Change, after: str) -> None:
        assert changed(SMTP, change, main=before).main_cf.source.text == after

    def test_two_names_of_one_thing(self) -> None:
        words = "main.cf sets both a and b: decide which value is meant"
        assert words in reason(SMTP, RenameParameter("a", "b"), main="a = 1\nb = 2\n")

    def test_one_value_for_all_comes_before_one_for_a_service(self) -> None:
        changes = (SetParameter("smtpd_timeout", "7", "smtp/inet"), SetParameter("smtpd_timeout", "9"))
        new = changed(f"{SMTP}\n", *changes)
        assert new.main_cf.source.text == "smtpd_timeout = 9\n"
        assert options(new) == [("smtpd_timeout", "7")]
