"""A scene on a private Postfix: what the clients see, and what its log says."""

import pytest

from advisor.rehearsal.namespaces import rehearse
from advisor.rehearsal.scene import End, Kind, Scene, Visit
from tests.lab.configuration import configuration

pytestmark = [pytest.mark.postfix, pytest.mark.namespaces]


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
