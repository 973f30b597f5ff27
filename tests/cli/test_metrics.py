"""`advisor metrics`: what a log says, without a configuration."""

import gzip
import json
from pathlib import Path

import pytest

from advisor.report.metrics_text import bars
from tests.cli.running import advisor
from tests.conftest import Golden

ROOT = Path(__file__).parent.parent.parent
LOG = ROOT / "examples" / "slow-clients" / "mail.log"


LAB = ROOT / "tests" / "data" / "lab"


def screen(*arguments: str | Path) -> str:
    done = advisor("metrics", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


def test_the_screen(golden: Golden) -> None:
    golden("metrics.txt", screen(LOG))


@pytest.mark.parametrize("run", ["b_t300", "y_fewslots_noslow", "lat_d_milter_eom3s"])
def test_the_screen_of_a_lab_run(golden: Golden, run: str) -> None:
    golden(f"metrics/{run}.txt", screen(LAB / run / "mail.log.gz"))


def test_everything(golden: Golden) -> None:
    golden("metrics/details.txt", screen(LOG, "--details"))


def test_a_terminal_without_utf_8() -> None:
    line = bars([0, 1, 4, 8], 8, ascii_only=True)
    assert (line, bars([0, 1, 4, 8], 8, ascii_only=False)) == (" .=@", " ▁▄█")


def test_the_summary_for_programs(golden: Golden) -> None:
    document = json.loads(
        advisor("metrics", LAB / "b_t300" / "mail.log.gz", "--output-format", "json").stdout
    )
    golden("metrics/b_t300.json", json.dumps(document["log"], indent=1) + "\n")


def test_documents_in_place_of_logs(tmp_path: Path) -> None:
    lines = LOG.read_bytes().splitlines(keepends=True)
    parts = {"a": lines[:600], "b": lines[600:]}
    for name, part in parts.items():
        (tmp_path / f"{name}.log").write_bytes(b"".join(part))
        done = advisor("metrics", tmp_path / f"{name}.log", "--output-format", "json")
        (tmp_path / f"{name}.json").write_bytes(done.stdout)
    of_logs = screen(tmp_path / "b.log", tmp_path / "a.log", "--details")
    assert screen(tmp_path / "b.json", tmp_path / "a.json", "--details") == of_logs
    assert screen(tmp_path / "b.log", tmp_path / "a.json", "--details") == of_logs


def test_a_part_of_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(advisor("metrics", LOG, "--output-format", "json").stdout)
    done = advisor("metrics", tmp_path / "a.json", "--since", "2026-11-23")
    assert done.returncode == 2
    assert b"--since, --until, --host, --instance: no part of a document can be chosen" in done.stderr


def test_without_sessions(tmp_path: Path) -> None:
    done = advisor("metrics", LOG, "--output-format", "json", "--no-sessions")
    (tmp_path / "a.json").write_bytes(done.stdout)
    found, whole = (screen(source).splitlines() for source in (tmp_path / "a.json", LOG))
    assert "postfix/smtpd  287 sessions, at most 15 at a time, written without the single ones" in found
    # What differs: that head, the times of this short log, which are by minute now, and the clients.
    assert len([line for line in whole if line not in found]) <= 4
    limit = next(line for line in whole if line.startswith("  limit"))
    assert limit in found


def test_pseudonyms(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text("Nov  3 10:00:00 mx postfix/smtpd[1]: something new from joe@isp.test at 192.0.2.9\n")
    text = screen(log, "--anonymize", "--details")
    assert "something new" in text
    assert not {"joe", "isp.test", "192.0.2.9"} & set(text.replace("@", " ").split())
    keyed = [advisor("metrics", log, "--anonymize-key", "k", "--output-format", "json").stdout for _ in "ab"]
    assert keyed[0] == keyed[1]


def test_json_has_the_same_numbers() -> None:
    document = json.loads(advisor("metrics", LOG, "--output-format", "json").stdout)
    log = document["log"]
    (smtpd,) = log["sessions"]
    assert (document["version"], log["coverage"]["postfix"], log["versions"]) == (1, 1511, ["3.7.11"])
    assert (smtpd["tag"], smtpd["sessions"], smtpd["peak"]) == ("postfix/smtpd", 287, 15)
    assert smtpd["by_class"] == {"productive": 161, "silent": 126}
    assert log["limits"] == [{"entry": "smtp", "limit": 15, "warnings": 1}]
    assert log["deliveries"][0]["by_status"] == {"sent": 161}


def test_a_part_of_the_log() -> None:
    text = screen(LOG, "--since", "2026-11-23 23:50:00")
    assert "1224 lines of Postfix, 0 others, 287 outside of what was asked for" in " ".join(text.split())
    assert "begun before the log" in text


def test_an_archive_that_breaks_off(tmp_path: Path) -> None:
    log = tmp_path / "mail.log.gz"
    log.write_bytes(gzip.compress(LOG.read_bytes())[:-2000])
    assert "mail.log.gz: the archive ends in the middle: " in " ".join(screen(log).split())
    document = json.loads(advisor("metrics", log, "--output-format", "json").stdout)
    assert [each["origin"] for each in document["log"]["coverage"]["breaks"]] == [str(log)]
    done = advisor("check", ROOT / "examples" / "slow-clients", "--log", log, "--fail-on", "never")
    assert done.returncode == 0
    assert "the archive ends in the middle: " in " ".join(done.stdout.decode().split())


def test_a_host_and_an_instance_are_asked_for() -> None:
    assert "1511 lines of Postfix, 0 others" in screen(
        LOG, "--host", "lab", "--instance", "postfix", "--jobs", "1"
    )
    for option in ("--host", "--instance"):
        done = advisor("metrics", LOG, option, "other")
        assert (done.returncode, b"1511 of them outside of what was asked for" in done.stderr) == (3, True)


def test_no_log_at_all() -> None:
    done = advisor("metrics")
    assert (done.returncode, b"no log is named; name the log" in done.stderr) == (2, True)


def test_standard_input() -> None:
    done = advisor("metrics", "-", stdin=LOG.read_bytes())
    assert b"postfix/smtpd" in done.stdout


def test_lines_that_are_not_understood(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text("Nov  3 10:00:00 mx postfix/smtpd[1]: something new\n")
    assert "not understood: 1 line of Postfix (100 %): smtpd: something new 1" in screen(log)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", 3, "no line of Postfix among 0 lines"),
        (b"Nov  1 10:00:00 mx dovecot[1]: imap-login: Login\n", 3, "no line of Postfix among 1 lines"),
    ],
)
def test_nothing_of_postfix(tmp_path: Path, data: bytes, code: int, words: str) -> None:
    (tmp_path / "mail.log").write_bytes(data)
    done = advisor("metrics", tmp_path / "mail.log")
    assert (done.returncode, done.stdout) == (code, b"")
    assert words in done.stderr.decode()


def test_a_missing_log() -> None:
    assert advisor("metrics", "missing.log").returncode == 2


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(
        "Nov  3 10:00:00 mx post\x1b[31mfix/smtpd[1]: connect from a[192.0.2.1]\n"
        "Nov  3 10:00:01 mx postfix/master[1]: daemon started -- version 3.7\x1b[0m, configuration /\n"
    )
    for form in ("text", "json"):
        assert b"\x1b" not in advisor("metrics", log, "--output-format", form, "--color", "never").stdout
