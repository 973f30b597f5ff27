import pytest

from advisor.engine.changes import (
    Applicability,
    Change,
    Fix,
    Requires,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
)
from advisor.plan.commands import commands
from advisor.plan.edits import apply_changes
from advisor.settings.given import Form, Given
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST
from advisor.syntax.source import SourceFile

MAIN_CF = "biff = no\n"
MASTER_CF = "smtp inet n - n - 20 smtpd\n  -o smtpd_timeout=10\n"


def made(
    *changes: Change,
    form: Form = Form.BUNDLE,
    folder: str = "",
    main: str = MAIN_CF,
    master: str = MASTER_CF,
    requires: tuple[Requires, ...] = (),
) -> tuple[str, ...]:
    """The commands that make these changes."""
    before = Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", master),
        NEWEST,
        "a test",
        given=Given(form, folder=folder),
    )
    after = apply_changes(before, changes)
    assert isinstance(after, Instance)
    return commands(before, after, [Fix("", Applicability.UNSAFE, each, ()) for each in requires])


def test_each_kind_of_change_has_its_own_command() -> None:
    assert made(
        SetParameter("smtpd_banner", "$myhostname it's"),
        SetServiceField("smtp/inet", "process_limit", "100"),
        SetServiceField("smtp/inet", "unpriv", "y"),
        SetServiceOverride("smtp/inet", "smtpd_timeout", "20"),
    ) == (
        """postconf -e 'smtpd_banner = $myhostname it'"'"'s'""",
        "postconf -F 'smtp/inet/unprivileged = y'",
        "postconf -F 'smtp/inet/process_limit = 100'",
        "postconf -P 'smtp/inet/smtpd_timeout = 20'",
    )


def test_a_folder_here_gets_a_patch_and_no_commands() -> None:
    assert made(SetParameter("biff", "yes"), form=Form.FILES) == ()


def test_nothing_is_said_where_nothing_changes() -> None:
    assert made(SetParameter("biff", "no"), requires=(Requires.RELOAD,)) == ()


@pytest.mark.parametrize(
    ("requires", "last"),
    [
        ((Requires.RELOAD,), ("postfix -c /etc/out reload",)),
        ((Requires.RELOAD, Requires.RESTART), ("postfix -c /etc/out stop", "postfix -c /etc/out start")),
        ((Requires.NOTHING,), ()),
    ],
)
def test_what_puts_the_change_in_force_comes_last(
    requires: tuple[Requires, ...], last: tuple[str, ...]
) -> None:
    first, *rest = made(SetParameter("biff", "yes"), folder="/etc/out", requires=requires)
    assert first == "postconf -c /etc/out -e 'biff = yes'"
    assert tuple(rest) == last


def test_a_folder_with_a_hostile_name_stays_one_word() -> None:
    (command,) = made(SetParameter("biff", "yes"), folder="/etc/x; rm -rf ~")
    assert command == "postconf -c '/etc/x; rm -rf ~' -e 'biff = yes'"


def test_the_last_line_is_ended_first_where_it_has_no_end() -> None:
    end = 'test -z "$(tail -c 1 /etc/postfix/main.cf)" || echo >>/etc/postfix/main.cf'
    assert made(SetParameter("soft_bounce", "yes"), main="biff = no")[0] == end
    assert made(SetParameter("soft_bounce", "yes"), form=Form.PRINTED)[0] == end


def test_a_masked_password_never_goes_back() -> None:
    (command,) = made(
        SetServiceField("smtp/inet", "process_limit", "7"),
        master="smtp inet n - n - 20 smtpd -v -o my_password=masked\n",
    )
    assert command.startswith("# a password is masked in this command")


def test_a_control_character_is_not_pasted_into_a_terminal() -> None:
    (command,) = made(
        SetServiceField("smtp/inet", "process_limit", "7"),
        master="smtp inet n - n - 20 smtpd -v \x1b]0;x\x07\n",
    )
    assert command.startswith("# there is a control character")
    assert "\x1b" not in command


def test_a_service_that_goes_is_taken_out() -> None:
    def instance(master: str) -> Instance:
        texts = SourceFile("main.cf", MAIN_CF), SourceFile("master.cf", master)
        return Instance.of(*texts, NEWEST, "a test", given=Given(Form.BUNDLE))

    line = "smtps inet n - n - - smtpd\n"
    assert commands(instance(MASTER_CF + line), instance(MASTER_CF), ()) == ("postconf -MX smtps/inet",)
