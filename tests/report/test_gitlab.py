"""GitLab's code quality: what its documentation asks of each issue."""

import json
from typing import Any

from msgspec.structs import replace

from advisor.report.gitlab import write_gitlab
from advisor.report.model import Reports
from tests.report.sample_reports import OUT, report, sample


def issues(reports: Reports) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(write_gitlab(reports))
    return found


def test_each_issue_has_what_gitlab_asks_for() -> None:
    for each in issues(sample()):
        assert each["description"].startswith(f"{each['check_name']}: ")
        assert each["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert each["location"]["lines"]["begin"] >= 1
        assert not each["location"]["path"].startswith("./")


def test_a_path_is_told_from_the_root() -> None:
    assert {each["location"]["path"] for each in issues(sample())} == {
        "mx/main.cf",
        "out, two/main.cf",
        "/etc/postfix-gone",
    }


def test_fingerprints_differ_though_two_instances_say_the_same() -> None:
    run = Reports((report("one", OUT), report("two", OUT)))
    found = issues(run)
    assert len({each["fingerprint"] for each in found}) == len(found)
    assert len({each["description"] for each in found}) == len(found) / 2


def test_a_fingerprint_stays_when_lines_move() -> None:
    moved = Reports((report("one", f"# a comment\n\n{OUT}"),))
    before, after = (
        {each["fingerprint"] for each in issues(run)} for run in (Reports((report("one", OUT),)), moved)
    )
    assert before == after


def test_what_was_not_judged_is_a_blocker() -> None:
    nothing = replace(sample(), reports=())
    assert [each["severity"] for each in issues(nothing)] == ["blocker"]
    assert issues(Reports(())) == []
