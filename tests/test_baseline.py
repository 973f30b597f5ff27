"""A baseline hides what was there and nothing else, and its file is a file for people and diffs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.app import advise
from advisor.baseline import Baseline, baseline_of, configuration_of, read_baseline, write_baseline
from advisor.baseline_file import Entry, baseline_text, read_entries, write_entries
from advisor.engine.suppression import SuppressedBy
from advisor.errors import InputError
from advisor.report.model import Report
from advisor.request import Request
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST
from advisor.syntax.source import SourceFile

EXAMPLES = Path(__file__).parent.parent / "examples"
MAIN = """\
compatibility_level = 3.11
smtp_tls_security_level = may
smtpd_timeout = 1s
smtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client cbl.abuseat.org,
    reject_rbl_client dnsbl.sorbs.net
"""
ENTRY = '"configuration": ".", "file": "main.cf", "rule": "a", "service": null, "message": ""'
MASTER = "smtp inet n - n - - smtpd\nqmgr unix n - n 300 1 qmgr\n"


def put(folder: Path, main: str = MAIN, master: str = MASTER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.cf").write_text(main)
    (folder / "master.cf").write_text(master)
    return folder


def report(folder: Path, baseline: Baseline | None = None) -> Report:
    return advise(Request(str(folder), baseline=baseline))


def rules(of: Report) -> list[str]:
    return sorted(each.rule for each in of.findings)


def mended(by: Report) -> list[str]:
    return sorted(each.finding.rule for each in by.proven)


texts = st.text(st.characters(codec="utf-8"), max_size=8)
entries = st.builds(
    Entry,
    texts,
    texts,
    st.sampled_from(["a-rule", "another"]),
    st.one_of(st.none(), texts),
    st.text("0123456789abcdef", min_size=32, max_size=32),
    texts,
)


@given(st.lists(entries))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, made: list[Entry]) -> None:
    file = tmp_path_factory.getbasetemp() / "written.json"
    text = baseline_text(made)
    file.write_bytes(text.encode())
    assert set(read_entries(file)) == set(made)
    assert text == baseline_text(made[::-1]) == baseline_text(read_entries(file))
    own_lines = [line for line in text.split("\n") if line.startswith("    {")]
    assert [json.loads(line.rstrip(","))["rule"] for line in own_lines] == [
        each["rule"] for each in json.loads(text)["entries"]
    ]


def test_what_was_there_is_hidden_and_stays_known(tmp_path: Path) -> None:
    before = report(put(tmp_path / "a"))
    assert rules(before) == ["dead-dnsbl", "smtpd-timeout-too-short", "superseded-dnsbl"]
    write_baseline(tmp_path / "baseline.json", [before])
    behind = report(tmp_path / "a", read_baseline(tmp_path / "baseline.json"))
    assert rules(behind) == []
    assert sorted(each.finding.rule for each in behind.suppressed) == rules(before)
    assert {each.suppression.by for each in behind.suppressed} == {SuppressedBy.BASELINE}
    left = (behind.patch, behind.notes)
    assert left == ("", ())


@pytest.mark.parametrize(
    "example", sorted(each.name for each in EXAMPLES.iterdir() if (each / "main.cf").is_file())
)
def test_nothing_is_left_of_any_example(tmp_path: Path, example: str) -> None:
    before = report(EXAMPLES / example)
    made = baseline_of([before], tmp_path)
    behind = report(EXAMPLES / example, Baseline("b.json", tmp_path, made.entries))
    assert (rules(behind), made.left_out) == ([], {})
    assert sorted(each.finding.rule for each in behind.suppressed) == rules(before)


def test_a_baseline_holds_wherever_the_lines_move(tmp_path: Path) -> None:
    baseline = Baseline("b.json", tmp_path, baseline_of([report(put(tmp_path / "a"))], tmp_path).entries)
    lines = MAIN.splitlines(keepends=True)
    moved = "# new\n\n" + "".join([*lines[3:], "\n", *lines[:3]]).replace(", ", ",\n  # why\n    ")
    put(tmp_path / "a", moved.replace("\n", "\r\n"), "# new\n" + MASTER)
    assert rules(report(tmp_path / "a", baseline)) == []


def test_another_value_is_no_longer_hidden(tmp_path: Path) -> None:
    baseline = Baseline("b.json", tmp_path, baseline_of([report(put(tmp_path / "a"))], tmp_path).entries)
    put(tmp_path / "a", MAIN.replace("smtpd_timeout = 1s", "smtpd_timeout = 2s"))
    behind = report(tmp_path / "a", baseline)
    assert rules(behind) == ["smtpd-timeout-too-short"]
    notes = behind.notes
    assert notes == ("1 entry of b.json no longer found: write it anew",)


def test_what_is_mended_is_told(tmp_path: Path) -> None:
    baseline = Baseline("b.json", tmp_path, baseline_of([report(put(tmp_path / "a"))], tmp_path).entries)
    put(tmp_path / "a", MAIN.replace("smtpd_timeout = 1s\n", ""))
    behind = report(tmp_path / "a", baseline)
    assert rules(behind) == []
    notes = behind.notes
    assert notes == ("1 entry of b.json no longer found: write it anew",)


def test_a_rule_that_is_not_asked_or_cannot_tell_says_nothing_of_its_entries(tmp_path: Path) -> None:
    example = EXAMPLES / "slow-clients"
    with_log = advise(Request(str(example), (str(example / "mail.log"),), "3.7"))
    made = baseline_of([with_log], tmp_path)
    assert "slow-clients-hold-slots" in {each.rule for each in made.entries}
    behind = advise(
        Request(str(example), postfix_version="3.7", baseline=Baseline("b", tmp_path, made.entries))
    )
    assert rules(behind) == []
    notes = behind.notes
    assert notes == ()


def test_a_baseline_knows_its_own_configurations_alone(tmp_path: Path) -> None:
    both = [report(put(tmp_path / name)) for name in "ab"]
    baseline = Baseline("b.json", tmp_path, baseline_of(both[:1], tmp_path).entries)
    assert rules(report(tmp_path / "a", baseline)) == []
    assert rules(report(tmp_path / "b", baseline)) == rules(both[1])


def test_an_open_relay_is_neither_written_nor_hidden(tmp_path: Path) -> None:
    open_relay = MAIN + "mynetworks = 0.0.0.0/0\n"
    before = report(put(tmp_path / "a", open_relay))
    made = baseline_of([before], tmp_path)
    assert made.left_out == {"open-relay": 1}
    assert "open-relay" not in {each.rule for each in made.entries}
    [finding] = [each for each in before.findings if each.rule == "open-relay"]
    by_hand = Entry("a", "main.cf", "open-relay", None, before.fingerprints()[finding], "")
    behind = report(tmp_path / "a", Baseline("b.json", tmp_path, (*made.entries, by_hand)))
    assert rules(behind) == ["open-relay"]
    notes = behind.notes
    assert notes == ("b.json has findings of open-relay, which no baseline hides: they count",)


def test_a_change_of_the_line_is_planned_all_the_same(tmp_path: Path) -> None:
    """What is hidden of the line stays hidden behind the patch, though the line has another value there."""
    before = report(put(tmp_path / "a"))
    asked, done = rules(before), mended(before)
    assert asked == done
    made = baseline_of([before], tmp_path).entries
    known = tuple(each for each in made if each.rule == "superseded-dnsbl")
    behind = report(tmp_path / "a", Baseline("b.json", tmp_path, known))
    asked, done = rules(behind), mended(behind)
    assert asked == done == ["dead-dnsbl", "smtpd-timeout-too-short"]
    added = [line for line in behind.patch.splitlines() if line.startswith("+") and "cbl.abuseat.org" in line]
    assert len(added) == 1


def test_configurations_are_named_from_the_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(put(tmp_path / "repository" / "hosts" / "a"))

    def named(main: str, folder: Path) -> str:
        return configuration_of(Instance.of(SourceFile(main, ""), None, NEWEST, ASSUMED), folder)

    repository = tmp_path / "repository"
    assert named("main.cf", repository) == "hosts/a"
    assert named("../a/main.cf", repository) == "hosts/a"
    assert named(f"{repository}/hosts/a/main.cf", repository / "hosts" / "a") == "."
    assert named("main.cf", tmp_path / "ci") == "../repository/hosts/a"
    (tmp_path / "link").symlink_to(repository)
    assert named(f"{tmp_path}/link/hosts/a/main.cf", repository) == "hosts/a"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no baseline"),
        ("{", "is no baseline"),
        ("[]", "is no baseline"),
        ("[" * 100_000, "is no baseline"),
        (
            '{"version": 2, "entries": [{"new": 1}]}',
            "is a baseline of version 2, and this advisor knows version 1",
        ),
        ('{"version": 0, "entries": []}', "is a baseline of version 0"),
        ('{"version": "1", "entries": []}', "is no baseline"),
        ('{"version": 1, "entries": [], "more": 1}', "is no baseline"),
        ('{"version": 1, "entries": [{"rule": "a"}]}', "is no baseline"),
        (f'{{"version": 1, "entries": [{{{ENTRY}, "fingerprint": "abc"}}]}}', "is no baseline"),
        (
            f'{{"version": 1, "entries": [{{{ENTRY}, "fingerprint": "{"0" * 32}", "line": 3}}]}}',
            "is no baseline",
        ),
        ('{"version": 1, "entries": [\n<<<<<<< HEAD\n]}', "is no baseline"),
        ("\xff\xfe", "is no baseline"),
    ],
)
def test_what_is_no_baseline_is_told(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "b.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as error:
        read_baseline(file)
    assert error.value.where == str(file)
    assert error.value.message.startswith(words)
    assert "advisor baseline" in error.value.cure


def test_a_missing_baseline_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist; write it with 'advisor baseline'"):
        read_baseline(tmp_path / "b.json")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_baseline(tmp_path)


def test_only_a_baseline_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "main.cf"
    file.write_text(MAIN)
    with pytest.raises(InputError, match="is there, and is no baseline that could be replaced"):
        write_entries(file, [])
    assert file.read_text() == MAIN
    file.write_text("")
    write_entries(file, [])
    write_entries(file, [])
    assert read_entries(file) == ()
