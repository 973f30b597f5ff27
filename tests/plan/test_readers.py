"""Which services a line of main.cf reaches."""

import pytest

from advisor.plan.readers import dependents, readers
from advisor.settings.instance import Instance
from tests.plan.edit_texts import instance

MASTER = """\
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
slow unix - - n - - smtp
qmgr unix n - n 300 1 qmgr
own unix - - n - - my-daemon
"""
ALL = frozenset({"smtp/inet", "smtp/unix", "slow/unix", "qmgr/unix", "own/unix"})


def of(main: str = "") -> Instance:
    return instance(main, MASTER)


@pytest.mark.parametrize(
    ("name", "main", "wanted"),
    [
        ("smtpd_timeout", "", {"smtp/inet", "own/unix"}),
        # Nobody knows who reads a name of the site's own.
        ("my_name", "", ALL),
        # All programs are linked with the library that reads it.
        ("myhostname", "", ALL),
        ("slow_destination_rate_delay", "", {"qmgr/unix", "own/unix"}),
        ("default_destination_rate_delay", "", {"qmgr/unix", "own/unix"}),
        # Through a name of the site's own, whose readers nobody knows.
        ("smtpd_timeout", "mine = $smtpd_timeout\n", ALL),
    ],
)
def test_who_reads_it(name: str, main: str, wanted: set[str]) -> None:
    assert readers(of(main), name) == wanted


def test_what_depends_on_it() -> None:
    of_default = dependents(of(), "default_destination_rate_delay")
    assert {"smtp_destination_rate_delay", "slow_destination_rate_delay"} <= {*of_default}
    assert "qmgr_destination_rate_delay" not in of_default
    assert dependents(of("a = $b\nb = $c\nc = $a\n"), "c") == ("b", "a")
    assert dependents(of(), "no_such_name") == ()
