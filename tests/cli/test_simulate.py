"""`advisor simulate`: the sessions of a log under other settings."""

import json
import shutil
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from rich.console import Console

from advisor.report.simulate_text import write_simulation
from advisor.request import Request as Checked
from advisor.simulate import Request
from advisor.simulate import simulate as simulated
from tests.cli.running import advisor
from tests.conftest import Golden

ROOT = Path(__file__).parent.parent.parent
LAB = ROOT / "tests" / "data" / "lab"
SERVICE = "192.0.2.25:21001/inet"


def simulate(run: str, *arguments: str, columns: int = 80) -> str:
    folder = LAB / run
    done = advisor("simulate", folder, "--log", folder / "mail.log.gz", *arguments, columns=columns)
    assert (done.returncode, done.stderr) == (0, b"")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


def document(run: str, *arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(simulate(run, *arguments, "--output-format", "json"))
    return found


@pytest.mark.parametrize(
    "run", ["b_t300", "i_oneip_nolimit", "cpu_d_bc_regexp", "y_fewslots_noslow", "f_t10"]
)
def test_the_screen(golden: Golden, run: str) -> None:
    golden(f"simulate/{run}.txt", simulate(run, "--patience", "15s"))


def test_the_screen_of_a_setting(golden: Golden) -> None:
    golden(
        "simulate/set.txt",
        simulate("b_t300", "--set", "smtpd_timeout=20s", "--set", f"{SERVICE}/process_limit=30"),
    )


def test_the_screen_of_the_plan(golden: Golden) -> None:
    golden("simulate/plan.txt", simulate("b_t300", "--plan"))


def test_the_screen_of_a_sweep(golden: Golden) -> None:
    key = "192.0.2.25:21025/inet/process_limit"
    golden("simulate/sweep.txt", simulate("y_fewslots_noslow_mp30", "--sweep", f"{key}=5..40"))


def test_a_sweep_of_a_time_limit_keeps_the_value_for_stress(golden: Golden) -> None:
    golden("simulate/sweep_timeout.txt", simulate("b_t300", "--sweep", "smtpd_timeout=5s..1m"))


def test_a_sweep_into_what_a_replay_cannot_know(golden: Golden) -> None:
    key = "192.0.2.25:24003/inet/process_limit"
    golden("simulate/sweep_unknown.txt", simulate("cpu_d_bc_regexp", "--sweep", f"{key}=8..20"))


@pytest.mark.parametrize("columns", [80, 100])
def test_it_is_one_screen(columns: int) -> None:
    lines = simulate("b_t300", columns=columns).splitlines()
    assert len(lines) <= 45
    # The first line is not folded: what it says can be copied.
    assert max(map(len, lines[3:])) <= columns


def test_the_document(golden: Golden) -> None:
    key = f"{SERVICE}/process_limit"
    found = simulate("b_t300", "--plan", "--sweep", f"{key}=10..40", "--output-format", "json")
    golden("simulate/b_t300.json", found.replace(str(LAB), "lab"))


def test_rows_are_those_that_were_asked_for() -> None:
    def kinds(*arguments: str) -> list[str]:
        rows = document("b_t300", *arguments)["rows"]
        assert isinstance(rows, list)
        return [row["kind"] for row in rows]

    assert kinds("--set", "smtpd_timeout=20s") == ["replay", "set"]
    assert kinds("--plan") == ["replay", "plan"]
    assert kinds("--set", "smtpd_timeout=20s", "--plan") == ["replay", "set", "plan"]
    assert kinds() == ["replay", "plan", "remedy", "remedy", "remedy", "remedy"]


def test_two_runs_say_the_same() -> None:
    assert simulate("b_t300") == simulate("b_t300")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "smtpd_timout=60s"), "did you mean smtpd_timeout?"),
        (("--set", "smtp/inet/process_limit=9"), "there is no service 'smtp/inet'"),
        (("--set", f"{SERVICE}/proces_limit=9"), "did you mean process_limit?"),
        (("--set", f"{SERVICE}/process_limit=many"), "Postfix refuses 'many'"),
        (("--set", f"{SERVICE}/process_limit=-3"), "Postfix refuses '-3'"),
        (("--set", "process_limit=9"), f"did you mean {SERVICE}/process_limit?"),
        (("--set", "smtpd_timeout"), "write --set NAME=VALUE"),
        (("--set", "smtpd_timeout=never"), "Postfix refuses 'never'; it wants a time"),
        (("--set", "smtpd_timeout=0s"), "Postfix refuses '0s'; it wants at least 1s"),
        (("--set", f"{SERVICE}/smtpd_timeout=never"), "Postfix refuses 'never'; it wants a time"),
        (("--set", "smtpd_timeout=${stress?{10}"), "Postfix refuses"),
        (("--set", "smtpd_timeout=6\n0"), "cannot be written on one line"),
        (("--service", "192.0.2.25:21002/inet"), f"did you mean {SERVICE}?"),
        (("--service", "qmgr/unix"), "nothing can be replayed"),
        (("--sweep", "smtpd_banner=1..9"), "cannot be drawn"),
        (("--sweep", "smtpd_timeout=1m"), "write --sweep NAME=FIRST..LAST"),
        (("--sweep", "smtpd_timeout=5m..1m"), "the smaller comes first"),
        (("--sweep", "default_process_limit=5..9"), "changes no limit"),
        (("--patience", "long"), "write 30s or 5m"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], words: str) -> None:
    done = advisor("simulate", LAB / "b_t300", "--log", LAB / "b_t300" / "mail.log.gz", *arguments)
    assert words in done.stderr.decode()
    assert done.stdout == b""
    assert done.returncode == (3 if "nothing can be" in words else 2)


def test_without_a_log() -> None:
    done = advisor("simulate", LAB / "f_t10")
    assert done.returncode == 2
    assert b"none was given; add --log FILE" in done.stderr


def test_a_log_that_shows_no_demand() -> None:
    done = advisor("simulate", LAB / "ptr2_8", "--log", LAB / "ptr2_8" / "mail.log.gz")
    assert done.returncode == 3
    assert b"look up client names before they log a session" in done.stderr


def test_a_configuration_without_an_smtp_server(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("")
    (tmp_path / "master.cf").write_text("smtp unix - - n - - smtp\n")
    done = advisor("simulate", tmp_path, "--log", LAB / "b_t300" / "mail.log.gz")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"master.cf has no SMTP server" in done.stderr


def test_a_setting_that_no_limit_follows_from_makes_no_difference() -> None:
    found = document("b_t300", "--set", "smtpd_banner=hello")
    rows = found["rows"]
    assert isinstance(rows, list)
    assert rows[0]["outcome"] == rows[1]["outcome"]
    assert found["notes"] == [
        f"smtpd_banner = hello makes no difference here: it changes no limit of {SERVICE}"
    ]


def test_a_parameter_that_another_refers_to_makes_one(tmp_path: Path) -> None:
    for file in ("main.cf", "master.cf"):
        shutil.copy(LAB / "b_t300" / file, tmp_path / file)
    with (tmp_path / "main.cf").open("a") as main:
        main.write("patience_of_ours = 300s\nsmtpd_timeout = $patience_of_ours\n")
    log = LAB / "b_t300" / "mail.log.gz"
    done = advisor(
        "simulate", tmp_path, "--log", log, "--set", "patience_of_ours=10s", "--output-format", "json"
    )
    assert json.loads(done.stdout)["rows"][1]["limits"]["smtpd_timeout"] == 10


def test_a_setting_of_hostile_text_is_made_visible() -> None:
    assert "\x1b" not in simulate("b_t300", "--set", "smtpd_banner=\u202ehello\u202e")
    assert "\\u202e" in simulate("b_t300", "--set", "smtpd_banner=\u202ehello\u202e")


def test_a_terminal_without_utf_8() -> None:
    """Whatever is not of its character set would be an error here."""
    checked = Checked(str(LAB / "b_t300"), (str(LAB / "b_t300" / "mail.log.gz"),))
    report = simulated(Request(checked, plan=True, sweep="smtpd_timeout=10s..1m"))
    written = BytesIO()
    page = TextIOWrapper(written, "ascii", errors="strict")
    write_simulation(report, Console(file=page, width=80, highlight=False, markup=False, emoji=False))
    page.flush()
    assert b"@@@@" in written.getvalue()
    assert b"#####" in written.getvalue()
