"""What becomes of a line under an old name, here and there."""

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.renamed_parameters import RenamedParameter, State, renamed_parameters
from advisor.facts.wanted import Remove
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST, Release
from advisor.syntax.source import SourceFile

RELAY = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n"


def found(main: str, master: str = RELAY, release: str = "3.7.11") -> tuple[RenamedParameter, ...]:
    of = Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse(release), "")
    parameters = renamed_parameters(Case(of, NO_LOG))
    assert not isinstance(parameters, Missing)
    return parameters


@pytest.mark.parametrize(
    ("main", "options", "state", "differs"),
    [
        ("fallback_relay = a\n", "", State.WORKS, False),
        ("fallback_relay =\n", "", State.WORKS, False),
        ("smtp_fallback_relay = a\n", "", State.NEW, False),
        ("fallback_relay = a\nsmtp_fallback_relay = b\n", "", State.DEAD, True),
        ("fallback_relay = a\nsmtp_fallback_relay = a\n", "", State.DEAD, False),
        ("", "  -o fallback_relay=\n", State.WORKS, False),
        ("smtp_fallback_relay = a\n", "  -o fallback_relay=\n", State.DEAD, True),
        ("fallback_relay = a\n", "  -o smtp_fallback_relay=b\n", State.WORKS, False),
        ("fallback_relay = a\n", "  -o fallback_relay=b -o smtp_fallback_relay=c\n", State.MIXED, True),
        ("postscreen_blacklist_action =\n", "", State.EMPTY, False),
        ("postscreen_dnsbl_ttl = 30m\n", "", State.WORKS, False),
        ("smtpd_client_connection_limit_exceptions = a\n", "", State.LOST, False),
    ],
)
def test_the_state(main: str, options: str, state: State, differs: bool) -> None:  # noqa: FBT001 - a table
    (parameter,) = found(main, RELAY + options)
    assert (parameter.state, parameter.differs) == (state, differs)


def test_a_name_that_a_site_refers_to_is_its_own() -> None:
    assert found("virtual_maps = hash:a\nvirtual_alias_maps = $virtual_maps hash:b\n") == ()


def test_a_release_that_does_not_know_the_new_name_is_left_alone() -> None:
    assert found("postscreen_blacklist_action = drop\n", release="3.5.0") == ()


def test_an_assumed_release_may_not_know_the_new_name() -> None:
    main = SourceFile("main.cf", "postscreen_blacklist_action = drop\n")
    assert isinstance(renamed_parameters(Case(Instance.of(main, None, NEWEST, ASSUMED), NO_LOG)), Missing)


def test_every_line_under_the_old_name_goes() -> None:
    (parameter,) = found("virtual_maps = a\nvirtual_alias_maps = b\n", RELAY + "  -o virtual_maps=c\n")
    assert parameter.removal == (Remove("virtual_maps"), Remove("virtual_maps", "relay/unix"))


def test_the_finding_points_to_the_dead_line() -> None:
    (parameter,) = found("virtual_alias_maps = b\nvirtual_maps = a\n")
    assert (parameter.span.line, parameter.value, parameter.new_value) == (2, "a", "b")
