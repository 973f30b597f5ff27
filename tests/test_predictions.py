"""What a report says of its fixes: which of them are replayed, on the log's own day, and which cannot be."""

from functools import cache
from pathlib import Path

import pytest

from advisor.app import advise
from advisor.missing import Missing
from advisor.report.model import Predicted, Report
from advisor.request import Request
from advisor.simulation.prediction import Prediction

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"


@cache
def report(folder: str) -> Report:
    path = ROOT / folder
    log = next(path.glob("mail.log*"))
    return advise(Request(str(path), (str(log),)))


def of_rule(folder: str, rule: str) -> list[Predicted]:
    return [each for each in report(folder).predictions if each.finding.rule == rule]


def told(folder: str, rule: str) -> Prediction:
    (found,) = of_rule(folder, rule)
    assert isinstance(found.outcome, Prediction)
    return found.outcome


def reason(folder: str, rule: str) -> str:
    (found,) = of_rule(folder, rule)
    assert isinstance(found.outcome, Missing)
    return found.outcome.what


@pytest.mark.parametrize(
    ("folder", "rule", "parameter"),
    [
        ("examples/slow-clients", "slow-clients-hold-slots", "smtpd_timeout"),
        ("examples/single-client", "one-client-holds-slots", "smtpd_client_connection_count_limit"),
        ("examples/too-few-processes", "smtpd-process-limit-reached", "process_limit"),
        ("tests/data/lab2/slow_idle_15", "slow-clients-hold-slots", "smtpd_timeout"),
        ("tests/data/lab2/few_8", "smtpd-process-limit-reached", "process_limit"),
    ],
)
def test_the_cure_of_a_full_server_is_predicted_and_where_it_flips(
    folder: str, rule: str, parameter: str
) -> None:
    found = told(folder, rule)
    assert found.service == "smtp/inet"
    assert found.is_help
    assert found.now.waited.value > 0.5
    assert found.then.waited.value < 0.01
    assert found.flips is not None
    assert found.flips.now < 1 <= found.flips.then
    assert found.flips.bound is not None
    assert found.flips.bound.parameter == parameter


@pytest.mark.parametrize("folder", ["examples/single-client", "examples/too-few-processes"])
def test_what_is_no_cure_by_itself_is_said_to_make_no_difference(folder: str) -> None:
    found = told(folder, "literal-smtpd-timeout")
    assert not found.is_help
    assert not found.is_worse
    assert found.flips is None


def test_the_same_limits_are_told_once() -> None:
    """Both rules give the service the same value."""
    assert of_rule("examples/slow-clients", "slow-clients-hold-slots")
    assert not of_rule("examples/slow-clients", "literal-smtpd-timeout")


@pytest.mark.parametrize("folder", ["examples/slow-clients", "examples/single-client"])
def test_what_a_finding_advises_against_is_tried_too(folder: str) -> None:
    (found,) = of_rule(folder, "more-processes-would-not-help")
    assert found.fix == "Twice as many processes (30)"
    assert found.fix not in [fix.title for fix in found.finding.fixes]
    assert "fill these processes too" in reason(folder, "more-processes-would-not-help")


@pytest.mark.parametrize(
    ("folder", "rule", "words"),
    [
        ("examples/cpu-bound-checks", "more-processes-would-not-help", "the processors are busy"),
        ("examples/cpu-bound-checks", "body-checks-cost", "no limit that a replay knows"),
        (
            "tests/data/lab/lat_g_proxy_1s_conc2",
            "proxy-filter-too-few-workers",
            "no limit that a replay knows",
        ),
        ("tests/data/lab/lat_g_proxy_1s_conc2", "more-processes-would-not-help", "filter"),
        ("tests/data/lab2/policy_3s_10", "slow-policy-service", "no limit that a replay knows"),
        ("tests/data/lab2/milter_eom_5s_12", "clients-wait-for-milter", "no limit that a replay knows"),
    ],
)
def test_where_a_replay_cannot_tell_it_says_why(folder: str, rule: str, words: str) -> None:
    assert words in reason(folder, rule)


@pytest.mark.parametrize("folder", ["examples/probes", "tests/data/lab/a_nobad", "tests/data/lab/f_t10"])
def test_a_server_at_ease_is_not_bothered(folder: str) -> None:
    assert report(folder).predictions == ()


def test_without_a_log_nothing_is_predicted() -> None:
    assert advise(Request(str(ROOT / "examples" / "slow-clients"), ())).predictions == ()


def test_the_patch_does_not_depend_on_it() -> None:
    """The process limit of the fix is the rule's, whatever value the replay would have done with."""
    found = told("examples/too-few-processes", "smtpd-process-limit-reached")
    assert found.flips is not None
    assert found.flips.bound is not None
    assert found.flips.bound.value < 20
    assert "+smtp inet n - n - 20 smtpd" in report("examples/too-few-processes").patch
