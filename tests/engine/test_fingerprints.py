"""What names a finding must outlast every change of layout, and no change of meaning."""

from collections.abc import Sequence
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from advisor.engine.fingerprints import file_of, fingerprints
from advisor.engine.verdicts import Confidence, Evidence, Finding, Severity
from advisor.facts.registry import Source
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST
from advisor.settings.tables import folder_tables
from advisor.syntax.source import SourceFile, Span

MASTER = "smtp inet n - y - - smtpd\n  -o smtpd_tls_security_level=may\nqmgr unix n - n 300 1 qmgr\n"


def finding(rule: str, where: Span, service: str | None = None, also: Sequence[str] = ()) -> Finding:
    return Finding(rule, Severity.LOW, Confidence.HIGH, "So.", where, service, (), (), "", tuple(also))


def instance(main: str, master: str = MASTER, folder: str = "/etc/postfix") -> Instance:
    files = (SourceFile(f"{folder}/main.cf", main), SourceFile(f"{folder}/master.cf", master))
    return Instance.of(*files, NEWEST, ASSUMED)


def of(main: str, name: str = "", rule: str = "a-rule", service: str | None = None) -> str:
    """The fingerprint of a finding at a setting, or at the end of main.cf."""
    read = instance(main)
    spans = [line.span for line in read.main_cf.assignments if line.name == name]
    made = finding(rule, spans[0] if spans else read.main_cf.source.end_span, service)
    return fingerprints(read, [made])[made]


def in_master(text: str) -> tuple[str, ...]:
    """The fingerprints of findings at the first entry and at its options."""
    read = instance("", text)
    assert read.master_cf is not None
    entry = next(read.master_cf.entries)
    made = [finding("a-rule", span) for span in (entry.span, *(each.span for each in entry.overrides))]
    named = fingerprints(read, made)
    return tuple(named[each] for each in made)


names = st.sampled_from(["relayhost", "mynetworks", "smtpd_banner", "biff"])
words = st.lists(st.sampled_from(["a", "b,", "$myhostname", "{c", "d}", "10.0.0.0/8", "é"]), max_size=4)
settings_of_a_file = st.dictionaries(names, words, min_size=1)
fillers = st.lists(st.sampled_from(["", "# a comment", "   # another", " \t"]), max_size=2)
gaps = st.one_of(
    st.sampled_from([" ", "\t", "   "]),
    st.builds(
        lambda between, indent: "\n" + "".join(f"{line}\n" for line in between) + indent,
        fillers,
        st.sampled_from([" ", "\t", "    "]),
    ),
)


@st.composite
def layouts(draw: st.DrawFn, settings: dict[str, list[str]]) -> str:
    """The same settings as somebody else would have written them."""
    lines: list[str] = []
    for name in draw(st.permutations(list(settings))):
        lines += draw(fillers)
        value = "".join(draw(gaps) + word for word in settings[name])
        lines.append(
            f"{name}{draw(st.sampled_from(['=', ' =', '  = ']))}{value}{draw(st.sampled_from(['', ' ']))}"
        )
    text = "\n".join([*lines, *draw(fillers)]) + draw(st.sampled_from(["", "\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(st.data())
def test_no_layout_changes_a_fingerprint(data: st.DataObject) -> None:
    settings = data.draw(settings_of_a_file)
    one, other = (data.draw(layouts(settings)) for _ in range(2))
    for name in (*settings, ""):
        assert of(one, name) == of(other, name)


@given(settings_of_a_file, settings_of_a_file, st.data())
def test_the_other_settings_change_no_fingerprint(
    some: dict[str, list[str]], others: dict[str, list[str]], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(some)))
    changed = {**others, name: some[name]}
    assert of(data.draw(layouts(some)), name) == of(data.draw(layouts(changed)), name)


@given(names, words, words, st.data())
def test_another_value_is_another_finding(
    name: str, one: list[str], two: list[str], data: st.DataObject
) -> None:
    texts = [data.draw(layouts({name: value})) for value in (one, two)]
    assert (of(texts[0], name) == of(texts[1], name)) == (one == two)


def test_rule_service_name_and_place_count() -> None:
    text = "relayhost = a\nmynetworks = a\n"
    found = {
        of(text, "relayhost"),
        of(text, "mynetworks"),
        of(text),
        of(text, "relayhost", "another-rule"),
        of(text, "relayhost", service="smtp/inet"),
        of(text, "relayhost", service="smtps/inet"),
        of(text, rule="another-rule"),
    }
    assert len(found) == 7


def test_the_order_of_services_does_not_count() -> None:
    read = instance("relayhost = a\n")
    place = read.main_cf.assignments[0].span
    one = finding("a-rule", place, "smtp/inet", ("smtps/inet", "submission/inet"))
    other = finding("a-rule", place, "submission/inet", ("smtp/inet", "smtps/inet"))
    assert fingerprints(read, [one])[one] == fingerprints(read, [other])[other]


def test_the_folder_of_the_configuration_does_not_count_and_the_file_does() -> None:
    found = set()
    for folder in ("/etc/postfix", "hosts/a"):
        read = instance("relayhost = a\n", folder=folder)
        made = finding("a-rule", read.main_cf.assignments[0].span)
        assert file_of(read, made) == "main.cf"
        found.add(fingerprints(read, [made])[made])
        at_master = finding("a-rule", Span(f"{folder}/master.cf", 99, 1, 99, 1))
        assert fingerprints(read, [at_master])[at_master] not in found
    assert len(found) == 1


def test_an_entry_of_master_cf_and_its_options() -> None:
    plain = "smtp inet n - y - - smtpd -o smtpd_tls_security_level=may -o stress=\n"
    folded = (
        "# x\n\nsmtp inet n - y\n  - - smtpd\n# y\n -o { smtpd_tls_security_level = may }\n\n  -o stress=\n"
    )
    assert in_master(plain)[1:] == in_master(folded)[1:]
    assert len(set(in_master(plain))) == 3
    moved = "# x\n\nsmtp   inet n - y\n# y\n  - - smtpd -o smtpd_tls_security_level=may\n\n\t-o stress=\n"
    assert in_master(plain) == in_master(moved)
    changed = in_master(plain.replace("=may", "=none"))
    assert [one == other for one, other in zip(in_master(plain), changed, strict=True)] == [
        False,
        False,
        True,
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["r", "s"]), st.integers(0, 3), st.sampled_from([None, "a", "b"])),
        max_size=12,
    )
)
def test_those_of_one_configuration_differ(made: list[tuple[str, int, str | None]]) -> None:
    read = instance("relayhost = a\nrelayhost = a\nbiff = no\n")
    spans = [*(line.span for line in read.main_cf.assignments), read.main_cf.source.end_span]
    findings = [
        replace(finding(rule, spans[place], service), message=f"No. {number}")
        for number, (rule, place, service) in enumerate(made)
    ]
    assert len(set(fingerprints(read, findings).values())) == len(findings)


def test_what_was_measured_is_no_part_of_it() -> None:
    read = instance("relayhost = a\n")
    quiet = finding("a-rule", read.main_cf.source.end_span, "smtp/inet")
    busy = replace(
        quiet,
        message="17 clients waited",
        severity=Severity.HIGH,
        evidence=(Evidence("clients", 17, "clients", Source.LOG),),
    )
    assert fingerprints(read, [quiet])[quiet] == fingerprints(read, [busy])[busy]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("oops\nbiff = no\n", "\n# c\nbiff = no\n oops\noops\n", True),
        ("oops\n", "ooops\n", False),
        ("# advisor: here\n", "biff = no\n# advisor: there\n", False),
        ("# advisor: here\n", "biff = no\n# advisor:   here\n", True),
    ],
)
def test_a_line_that_is_no_setting_counts_by_its_text(one: str, other: str, is_same: bool) -> None:  # noqa: FBT001
    found = []
    for text in (one, other):
        read = instance(text)
        word = "ops" if "ops" in text else "advisor"
        number = next(n for n, line in reversed(list(enumerate(text.splitlines(), 1))) if word in line)
        made = finding("a-rule", Span(read.main_cf.source.name, number, 1, number, 3))
        found.append(fingerprints(read, [made])[made])
    assert (found[0] == found[1]) == is_same


def test_a_line_of_a_table_counts_by_its_text(tmp_path: Path) -> None:
    def at(text: str, line: int, name: str = "header_checks") -> str:
        (tmp_path / name).write_text(text)
        files = (SourceFile(str(tmp_path / "main.cf"), ""), None)
        read = Instance.of(*files, NEWEST, ASSUMED, table=folder_tables(tmp_path, is_own=False))
        made = finding("a-rule", Span(str(tmp_path / name), line, 1, line, 2))
        assert file_of(read, made) == str(PurePath(name))
        return fingerprints(read, [made])[made]

    assert at("/a/ REJECT\n/b/ DUNNO\n", 1) == at("# c\n\n/b/ DUNNO\n/a/\n  REJECT\n", 4)
    assert at("/a/ REJECT\n/b/ DUNNO\n", 1) != at("/a/ REJECT\n/b/ DUNNO\n", 2)
    assert at("/a/ REJECT\n", 1) != at("/a/ REJECT\n", 1, "body_checks")
