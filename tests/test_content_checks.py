"""Header and body checks as a whole: the lab's two thousand patterns, and tables full of faults."""

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from advisor.content_checks import Request, review_checks
from advisor.errors import NothingToCheck
from advisor.patterns.flaws import FlawKind
from advisor.syntax.pattern_table import TableType
from tests.cli.running import advisor

LAB = Path(__file__).parent / "data" / "lab" / "cpu_d_bc_regexp"
_LINE = (
    "postfix/cleanup[1]: {id:06X}: {action}: body {text} from a.example[192.0.2.1]; "
    "from=<a@b> to=<c@d>{reply}\n"
)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """The configuration with two thousand regexp: patterns."""
    for name in ("main.cf", "master.cf"):
        shutil.copy(LAB / name, tmp_path / name)
    (tmp_path / "bc").write_bytes(gzip.decompress((LAB / "bc.gz").read_bytes()))
    return tmp_path


def folder(path: Path, main: str, **tables: str) -> Path:
    (path / "main.cf").write_text(main)
    for name, text in tables.items():
        (path / name).write_text(text)
    return path


@pytest.mark.postfix
def test_two_thousand_patterns_become_one_for_most_lines(lab: Path) -> None:
    report = review_checks(Request(str(lab)))
    (table,) = report.tables
    assert table.review is not None
    proposal = table.review.proposal
    assert proposal is not None
    assert table.review.cost.tries == 2000
    assert proposal.cost.tries < 200
    assert proposal.table.type is TableType.PCRE
    assert proposal.proof.holds
    assert proposal.proof.by_postmap
    subprocess.run(["patch", "-p1"], input=report.patch, text=True, cwd=lab, check=True, capture_output=True)
    again = review_checks(Request(str(lab)))
    assert again.patch == ""


def test_faults_are_named_with_their_place(tmp_path: Path) -> None:
    header = "/a/ WARN\n/(/ WARN\n/ab/ REJECT\nno rule\n/(x+x+)+y/ WARN\nif /^To:/\n"
    of = folder(tmp_path, "header_checks = pcre:/etc/postfix/h\n", h=header)
    (table,) = review_checks(Request(str(of))).tables
    assert table.review is not None
    assert [(flaw.line, flaw.kind) for flaw in table.review.flaws] == [
        (3, FlawKind.CONTAINED),
        (4, FlawKind.SKIPPED),
        (5, FlawKind.BACKTRACKS),
        (6, FlawKind.OPEN_IF),
    ]
    assert list(table.review.invalid) == [2]


@pytest.mark.postfix
def test_backtracking_is_proven_on_the_engine(tmp_path: Path) -> None:
    of = folder(tmp_path, "header_checks = pcre:/etc/postfix/h\n", h="/^(a+)+$/ REJECT\n")
    (table,) = review_checks(Request(str(of))).tables
    assert table.review is not None
    (found,) = table.review.backtracking
    assert found.text.startswith(b"aaaa")
    assert found.words == "match limit exceeded"


def test_no_pattern_hangs_the_command(tmp_path: Path) -> None:
    evil = "/((a{1,255}){1,255}){1,255}x/ REJECT\n/viagra/ REJECT\n"
    of = folder(tmp_path, "body_checks = regexp:/etc/postfix/b\n", b=evil)
    report = review_checks(Request(str(of)))
    (table,) = report.tables
    assert table.review is not None
    assert table.review.decisions.unknown == (1,)
    assert report.patch == ""


def test_hits_of_the_log_and_rules_without_one(tmp_path: Path) -> None:
    rules = (
        "/viagra/ REJECT no pills\n/lottery/ WARN\n/buy/ REJECT same\n/sell/ REJECT same\n/list/ DUNNO\n"
        "/zzz/ HOLD\n"
    )
    of = folder(tmp_path, "body_checks = regexp:/etc/postfix/b\n", b=rules)
    log = [
        _LINE.format(id=1, action="reject", text="cheap viagra", reply=": 5.7.1 no pills"),
        _LINE.format(id=2, action="reject", text="sell it", reply=": 5.7.1 same"),
        _LINE.format(id=3, action="warning", text="a lottery", reply=""),
    ]
    text = "".join(f"Nov 23 10:00:0{number} mx {line}" for number, line in enumerate(log))
    (of / "mail.log").write_text(text)
    report = review_checks(Request(str(of), logs=(str(of / "mail.log"),), drop_never_hit=True))
    (table,) = report.tables
    assert table.hits is not None
    assert {line: hits.count for line, hits in table.hits.by_line.items()} == {1: 1, 2: 1, 4: 1}
    assert table.review is not None
    assert table.review.proposal is not None
    assert set(table.review.proposal.dropped) == {3, 6}


def test_a_server_without_checks_is_nothing_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheck, match="no header_checks"):
        review_checks(Request(str(folder(tmp_path, "myhostname = mx.example.com\n"))))


def test_the_report_and_its_exit_codes(tmp_path: Path) -> None:
    of = folder(tmp_path, "body_checks = regexp:/etc/postfix/b\n", b="/^\\d+ winners/ REJECT\x1b[31m\n")
    shown = advisor("checks", str(of))
    assert shown.returncode == 1
    assert b"no match" in shown.stdout
    assert b"\x1b" not in shown.stdout
    assert advisor("checks", str(of), "--output-format", "json").stdout.startswith(b"{")
    assert advisor("checks", str(of), "--diff").stdout.startswith(b"--- a/b\n")
    assert advisor("checks", str(of), "--drop-never-hit").returncode == 2
    assert advisor("checks", str(of), "--sample", str(of / "none")).returncode == 2
