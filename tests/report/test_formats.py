"""What every format says of one run, and laws that hold for all of them."""

from collections.abc import Callable
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.console import Console

from advisor.cli.check_outcome import OutputFormat
from advisor.engine.suppression import SuppressedBy, Suppression
from advisor.engine.verdicts import Severity
from advisor.report.concise import write_concise
from advisor.report.documents import DOCUMENTS
from advisor.report.full import write_full
from advisor.report.json import write_json
from advisor.report.model import NotJudged, Reports
from tests.conftest import Golden
from tests.report.sample_reports import HOSTILE, MASTER, decided, gated, report, sample

SAMPLE = sample()
NOTHING = Reports((), (NotJudged("etc", "no main.cf in this folder", "name another", 3),))
SUFFIXES = {"json": "json", "sarif": "sarif", "gitlab": "json", "junit": "xml", "markdown": "md"}


def text_of(write: Callable[..., None], reports: Reports) -> str:
    page = StringIO()
    console = Console(file=page, width=100, highlight=False, markup=False, emoji=False)
    for each in reports.reports:
        write(each, console)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_document(name: str, golden: Golden) -> None:
    golden(f"formats/{name}.{SUFFIXES.get(name, 'txt')}", DOCUMENTS[name](SAMPLE))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_document_where_nothing_was_judged(name: str, golden: Golden) -> None:
    golden(f"formats/nothing/{name}.{SUFFIXES.get(name, 'txt')}", DOCUMENTS[name](NOTHING))


@pytest.mark.parametrize(("name", "write"), [("full", write_full), ("concise", write_concise)])
def test_the_page_for_people(name: str, write: Callable[..., None], golden: Golden) -> None:
    golden(f"formats/{name}.txt", text_of(write, SAMPLE))


def test_each_format_of_the_command_line_has_its_renderer() -> None:
    assert {*DOCUMENTS, "full", "concise"} == {each.value for each in OutputFormat}


@pytest.mark.parametrize("write", [write_full, write_concise])
def test_people_are_told_what_is_suppressed(write: Callable[..., None]) -> None:
    text = text_of(write, SAMPLE)
    assert "3 findings suppressed: 1 by baseline, 1 by comment, 1 by policy" in text
    assert "duplicate-parameter" not in text


@pytest.mark.parametrize("name", ["github", "gitlab", "markdown"])
def test_a_suppressed_finding_is_no_finding(name: str) -> None:
    assert "duplicate-parameter" not in DOCUMENTS[name](SAMPLE)


_LETTERS = "ax `|<>[]()@#:%,\\\"'&$*~_!\n\r\t\x1b\x00\u202e\u2028\ud7ff\udcff😀"
_TEXTS = st.text(st.sampled_from(_LETTERS), max_size=12)


@given(_TEXTS, _TEXTS, _TEXTS)
@settings(max_examples=20)
def test_nothing_of_a_stranger_is_unprintable_in_a_document(name: str, value: str, reason: str) -> None:
    folder = name.replace("\0", "").replace("/", "") or "x"
    hides = decided({"no-outbound-tls": Suppression(SuppressedBy.POLICY, reason)})
    made = report(folder, f"{name} = {value}\nbiff = {value}\n", MASTER, [hides])
    run = Reports((made,), (NotJudged(name, value, reason, 0),), root="/srv")
    for write in DOCUMENTS.values():
        text = write(run)
        text.encode()
        assert text == "" or text.endswith("\n")
        # JSON of our own has the texts as they are, for programs that make of them what they need.
        assert write is write_json or all(letter.isprintable() or letter == "\n" for letter in text)


def lines_of(name: str, reports: Reports) -> list[str]:
    return DOCUMENTS[name](reports).splitlines()


def test_the_gravest_come_first_whatever_their_instance() -> None:
    ranks = {"error": 0, "warning": 1, "notice": 2}
    seen = [ranks[line[2:].partition(" ")[0]] for line in lines_of("github", SAMPLE)]
    assert seen == sorted(seen)
    assert seen.count(0) > 2


def test_a_workflow_command_is_one_line_that_ends_where_it_says() -> None:
    run = Reports((report("a%0A::b,c:\nd", f"{HOSTILE} = 1\n"),))
    for line in lines_of("github", run):
        properties, _, message = line.removeprefix("::").partition("::")
        assert "\n" not in message
        assert "::" not in properties
        assert properties.partition("file=")[2].startswith("a%250A%3A%3Ab%2Cc%3A%0Ad/main.cf,")
    assert lines_of("github", run)


def test_what_hides_a_finding_that_fails_says_so() -> None:
    floor = replace(SAMPLE.reports[0].floor, severity=Severity.HIGH)
    hidden = replace(SAMPLE, reports=(replace(SAMPLE.reports[0], floor=floor),), not_judged=())
    (warning,) = [line for line in lines_of("github", hidden) if line.startswith("::warning")]
    assert "not shown; for --fail-on they count" in warning
    higher = gated(hidden, Severity.HIGH)
    assert not any(line.startswith("::warning") for line in lines_of("github", higher))
