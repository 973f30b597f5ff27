"""`advisor explain`: a rule, or a cause, on one screen."""

import json

import pytest

from advisor.facts.causes import Cause
from advisor.facts.delivery_causes import DeliveryCause
from advisor.facts.delivery_recognition import EXPLAINED
from advisor.rule_sets import all_rules
from tests.cli.running import advisor
from tests.conftest import Golden

RULES = [rule.name for rule in all_rules()]


def screen(*arguments: str) -> str:
    done = advisor("explain", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


@pytest.mark.parametrize(
    "name", ["slow-clients-hold-slots", "open-relay", "harmless-lost-connections", "slow-clients", "none"]
)
def test_the_screen(golden: Golden, name: str) -> None:
    golden(f"explain/{name}.txt", screen(name))


def test_several_at_once() -> None:
    text = screen("open-relay", "slow-clients")
    assert text == f"{screen('open-relay')}\n{screen('slow-clients')}"


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_when_it_fires(name: str) -> None:
    text = screen(name)
    for label in (
        "looks at",
        "fires when",
        "severity",
        "confidence",
        "reads",
        "why",
        "fired",
        "passed",
        "see",
    ):
        assert f"\n  {label}" in text
    # Nothing of the expression language, of a template or of a docstring's own markers is left over.
    for mark in ("{{", "{%", "service)", "Whether", " == "):
        assert mark not in text.split("\n  why")[0]


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_is_known_by_numbers(cause: Cause) -> None:
    assert "known by" in screen(cause.value)
    assert "{" not in screen(cause.value)


def test_a_cause_that_is_ruled_out_brings_no_remedies() -> None:
    assert "sessions of normal length fill" in screen("too-few-processes")
    assert "sessions of normal length fill" not in screen("more-processes-would-not-help")
    assert "more-processes-would-not-help" in screen("too-few-processes")


@pytest.mark.parametrize("form", [[], ["--output-format", "json"]])
def test_an_unknown_name(form: list[str]) -> None:
    done = advisor("explain", "open-relay", "slow-client", *form)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"advisor: no rule and no cause is called slow-client; did you mean slow-clients?\n"


def test_no_name_is_wrong_usage() -> None:
    assert advisor("explain").returncode == 2


def test_json() -> None:
    done = advisor("explain", "slow-clients-hold-slots", "slow-clients", "--output-format", "json")
    document = json.loads(done.stdout)
    rule, cause = document["explanations"]
    assert (document["version"], rule["kind"], cause["kind"]) == (1, "rule", "cause")
    assert (
        rule["fires_when"]["all"][0] == "all causes that apply, the heaviest first: slow-clients among them"
    )
    assert set(rule["fires_when"]["all"][2]) == {"one"}
    assert {each["helps"] for each in rule["remedies"]} == {True, False, None}
    assert rule["remedies"] == cause["remedies"]
    assert "slow-clients-hold-slots" in cause["rules"]
    assert rule["changes"][0]["only_if"].startswith("a time limit can be long enough")


def test_each_cause_of_slow_delivery_is_explained() -> None:
    names = [cause.value for cause in EXPLAINED]
    done = advisor("explain", *names, "--output-format", "json")
    explained = json.loads(done.stdout)["explanations"]
    # Two causes have a rule of their name, which says more.
    assert [each["name"] for each in explained if each["kind"] == "rule"] == [
        "active-queue-full",
        "destination-fills-active-queue",
    ]
    for cause in (each for each in explained if each["kind"] == "cause"):
        assert cause["meaning"].endswith(".")
        assert "{" not in cause["recognised"]
        assert cause["remedies"]
    assert b"docs/deliveries.md" in advisor("explain", *names).stdout


def test_all_causes_that_may_be_named_are_explained() -> None:
    assert set(DeliveryCause) - set(EXPLAINED) == {DeliveryCause.NONE, DeliveryCause.UNKNOWN}
