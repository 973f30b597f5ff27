"""A prediction in words."""

from math import inf

import msgspec
import pytest

from advisor.engine.changes import Applicability, Fix, Requires
from advisor.engine.verdicts import Confidence, Finding, Severity
from advisor.missing import Missing
from advisor.report.model import Predicted
from advisor.report.predictions import brief, rows
from advisor.report.predictions_json import prediction_item
from advisor.simulation.flips import Bound, Flips, Scaled
from advisor.simulation.outcome import Estimate, Outcome
from advisor.simulation.prediction import Prediction
from advisor.syntax.source import Span

FINDING = Finding(
    "a-rule", Severity.LOW, Confidence.LOW, "", Span("main.cf", 1, 1, 1, 1), "smtp/inet", (), (), ""
)
SURE = Estimate(0.0, 0.0, 0.0)
LESS, MORE = Estimate(0.001, 0.0, 0.2), Estimate(0.6, 0.4, 0.7)
FLIPS = Flips(Scaled.SLOW, 0.5, 1.25, Bound("smtpd_timeout", 20))


def outcome(waited: Estimate, lost: Estimate = SURE, full: float = 30.0) -> Outcome:
    seconds = Estimate(full, full, full)
    return Outcome(SURE, Estimate(9.0, 9.0, 9.0), SURE, seconds, waited, SURE, SURE, lost)


def predicted(
    now: Outcome, then: Outcome, flips: Flips | None = None, *, is_part: bool = False, is_least: bool = False
) -> Predicted:
    found = Prediction("smtp/inet", 0.0, 1200.0, is_part, is_least, now, then, flips, ())
    return Predicted(FINDING, "Do it", found)


def told(of: Predicted, *, is_only: bool = True) -> dict[str, str]:
    return dict(rows(of, is_only=is_only))


def test_what_changes_has_an_arrow_and_what_has_no_interval_no_brackets() -> None:
    found = told(predicted(outcome(MORE), outcome(LESS), FLIPS))
    assert found["replayed"].splitlines() == [
        "good clients that wait > 1 s: 60 % (40-70) -> 0 % (0-20)",
        "p95 to the banner: 0 s",
        "processes busy at p99: 9",
        "all processes busy: 30 s",
    ]


def test_lost_clients_are_told_where_there_are_any() -> None:
    assert (
        "good clients lost: 60 % (40-70) -> 0 %"
        in told(predicted(outcome(SURE, MORE), outcome(SURE)))["replayed"]
    )
    assert "lost" not in told(predicted(outcome(MORE), outcome(LESS)))["replayed"]


@pytest.mark.parametrize(
    ("flips", "words"),
    [
        (
            FLIPS,
            (
                "1.2 times as many slow clients as in this log; smtpd_timeout above 20 s; "
                "not needed up to 0.50 times as many"
            ),
        ),
        (
            Flips(Scaled.ALL, 0.0, inf, Bound("process_limit", 12)),
            "not even 4 times as many clients as in this log; fewer than 12 processes",
        ),
        (
            Flips(Scaled.ALL, 0.25, 0.75, Bound("process_limit", 40)),
            (
                "as many clients as in this log: it is enough for 0.75 times as many; 40 processes would do; "
                "not needed up to 0.25 times as many"
            ),
        ),
        (
            Flips(Scaled.ALL, 1.9, inf, None),
            "not even 4 times as many clients as in this log; not needed up to 1.9 times as many",
        ),
    ],
)
def test_where_it_flips(flips: Flips, words: str) -> None:
    assert told(predicted(outcome(MORE), outcome(LESS), flips))["flips at"] == words


def test_what_never_holds_has_no_line_of_its_own() -> None:
    assert "flips at" not in told(predicted(outcome(MORE), outcome(LESS), Flips(Scaled.ALL, 0.0, 0.0, None)))


def test_of_a_log_that_lacks_who_came_it_is_the_most() -> None:
    found = told(predicted(outcome(MORE), outcome(LESS), FLIPS, is_least=True))
    assert found["flips at"].startswith("at most 1.2 times")
    assert "not needed" not in found["flips at"]
    assert "good clients that wait > 1 s: at least 60 %" in found["replayed"]
    assert "more came" in found["doubt"]


def test_a_part_of_the_log_is_named() -> None:
    found = told(predicted(outcome(MORE), outcome(LESS), is_part=True))
    assert found["replayed"].startswith("the log's fullest 20 min, from Jan 01 00:00:00:\ngood clients")


def test_no_difference_is_one_line() -> None:
    same = outcome(MORE)
    assert told(predicted(same, same)) == {
        "replayed": "no difference: 60 % (40-70) of the good clients wait > 1 s"
    }
    assert brief(predicted(same, same)) == ""


def test_a_fix_beside_others_is_named() -> None:
    found = told(predicted(outcome(MORE), outcome(LESS)), is_only=False)
    assert found["replayed"].startswith("Do it:\ngood clients")


def test_what_is_not_advised_is_named() -> None:
    against = Fix("Do it", Applicability.MANUAL, Requires.RELOAD, ())
    of = Predicted(
        msgspec.structs.replace(FINDING, against=(against,)), "Do it", Missing("who knows", "measure it")
    )
    assert told(of) == {"replayed": "Do it: cannot tell: who knows (measure it)"}


def test_a_few_words() -> None:
    assert (
        brief(predicted(outcome(MORE), outcome(LESS)))
        == "replayed: 60 % -> 0 % of the good clients wait > 1 s"
    )
    assert (
        brief(predicted(outcome(LESS), outcome(MORE)))
        == "replayed: 0 % -> 60 % of the good clients wait > 1 s"
    )


def test_what_cannot_be_told_has_a_reason_and_no_number() -> None:
    unknown = Predicted(FINDING, "Do it", Missing("the processors are busy", "measure it"))
    assert told(unknown) == {"replayed": "cannot tell: the processors are busy (measure it)"}
    assert brief(unknown) == ""
    item = prediction_item(unknown)
    assert (item.not_predicted, item.how_to_get_it) == ("the processors are busy", "measure it")
    assert [item.now, item.then, item.flips] == [None, None, None]


def test_in_json_what_is_beyond_what_was_tried_is_null() -> None:
    item = prediction_item(predicted(outcome(MORE), outcome(LESS), Flips(Scaled.ALL, 0.5, inf, None)))
    assert item.not_predicted == ""
    assert item.flips is not None
    assert (item.flips.now, item.flips.then, item.flips.tried, item.flips.value) == (0.5, None, 4.0, None)
    assert item.now is not None
    assert (item.now.waited.value, item.now.waited.low) == (0.6, 0.4)
