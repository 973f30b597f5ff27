"""A scene on a private Postfix: what the clients see, and what its log says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.rehearsal.namespaces import rehearse
from advisor.rehearsal.scene import DNS_LIST, End, Kind, Role, Scene, StandIn, Visit
from tests.lab.configuration import configuration, with_service
from tests.lab.machine import PIDS, Machine, ahead_of_others, control_group

pytestmark = [pytest.mark.postfix, pytest.mark.namespaces]


@pytest.fixture(autouse=True, scope="module")
def _ahead() -> Iterator[None]:
    """These scenes are short: other work of the machine is not to make them longer."""
    with ahead_of_others():
        yield


def test_the_log_ends_while_the_clients_are_there() -> None:
    visits = (
        Visit(0.0, Kind.MAIL, "198.51.100.1"),
        Visit(0.0, Kind.SILENT, "198.51.100.2"),
        Visit(0.0, Kind.MAIL, "198.51.100.3", pace=60.0),
    )
    seen = rehearse(Scene(configuration(10), visits, 5.0))
    assert [each.end for each in seen.visits] == [End.SERVED, End.OPEN, End.OPEN]
    assert "disconnect from unknown[198.51.100.1]" in seen.log
    for address in ("198.51.100.2", "198.51.100.3"):
        assert f"connect from unknown[{address}]" in seen.log
        assert f"disconnect from unknown[{address}]" not in seen.log
    assert "stopping the Postfix mail system" in seen.log


def test_who_tries_unknown_recipients_is_sent_away() -> None:
    files = configuration(
        10,
        "smtpd_hard_error_limit = 3",
        recipients="texthash:$config_directory/recipients",
        tables={"recipients": "user@lab.test known\n"},
    )
    visits = (Visit(0.0, Kind.ERRORS, "198.51.100.1"), Visit(0.0, Kind.MAIL, "198.51.100.2"))
    seen = rehearse(Scene(files, visits, 5.0))
    assert [each.end for each in seen.visits] == [End.CLOSED, End.SERVED]
    assert seen.log.count("User unknown in relay recipient table") == 3
    assert "too many errors after RCPT from unknown[198.51.100.1]" in seen.log


def test_users_log_in_bots_are_listed_and_slow_mail_comes_line_by_line() -> None:
    """`.1` and `.2` on a port for users, `.7` and `.3` on one with a DNS list, `.4` and `.5` line by line."""
    files = with_service(
        configuration(
            10,
            "smtpd_sasl_type = dovecot",
            "smtpd_sasl_path = inet:127.0.0.1:10043",
            f"smtpd_recipient_restrictions = reject_rbl_client {DNS_LIST}",
        ),
        "587 inet n - n - 10 smtpd",
        "smtpd_sasl_auth_enable=yes",
        "smtpd_relay_restrictions=permit_sasl_authenticated,reject",
    )
    visits = (
        Visit(0.0, Kind.USER, "198.51.100.1", port=587),
        Visit(0.0, Kind.MAIL, "198.51.100.2", port=587),
        Visit(0.0, Kind.MAIL, "198.18.0.7"),
        Visit(0.0, Kind.MAIL, "198.51.100.3"),
        Visit(0.0, Kind.SLOW_MAIL, "198.51.100.4", pace=0.02),
        Visit(0.0, Kind.SLOW_MAIL, "198.51.100.5", pace=1.0),
    )
    stand_ins = (StandIn(Role.LOGIN, 10043), StandIn(Role.RESOLVER, 53))
    seen = rehearse(Scene(files, visits, 5.0, stand_ins=stand_ins))
    ends = [End.SERVED, End.REFUSED, End.REFUSED, End.SERVED, End.SERVED, End.OPEN]
    assert [each.end for each in seen.visits] == ends
    assert "sasl_method=PLAIN, sasl_username=user" in seen.log
    assert "Access denied" in seen.visits[1].reply
    assert f"blocked using {DNS_LIST}" in seen.visits[2].reply
    assert seen.visits[4].after > 0.02 * 2000 / 72


@pytest.mark.skipif(PIDS is None, reason="no control groups may be made here")
def test_a_control_group_bounds_the_processes_of_postfix_and_goes() -> None:
    """Fifteen clients that stay, and a Postfix that may have fewer processes."""
    visits = tuple(Visit(0.0, Kind.SILENT, f"198.51.100.{number}") for number in range(1, 16))
    with control_group(Machine(processes=14)) as group:
        seen = rehearse(Scene(configuration(20), visits, 4.0, control_group=group))
    assert "fork: Resource temporarily unavailable" in seen.log
    assert sum(each.banner is not None for each in seen.visits) < len(visits)
    assert not Path(group).exists()


def test_a_listen_queue_is_as_short_as_the_kernel_lets_it_be() -> None:
    """One process, which has a client; hardly another one may wait: listen(2) of Linux takes one more."""
    visits = tuple(Visit(0.0, Kind.SILENT, f"198.51.100.{number}") for number in range(1, 21))
    seen = rehearse(Scene(configuration(1), visits, 4.0, somaxconn=2))
    assert max(each.waiting for each in seen.moments) == 3
