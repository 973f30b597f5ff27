"""`advisor baseline`, and `advisor check --baseline`: what they print, write, and end with."""

import json
import shutil
from pathlib import Path

import pytest

from advisor.baseline_file import baseline_schema
from tests.cli.running import Done, advisor
from tests.schemas import problems, survivors

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
SOUND = "compatibility_level = 3.11\nsmtp_tls_security_level = may\nsmtp_tls_CAfile = /etc/ssl/cert.pem\n"
POOR = SOUND + "smtpd_timeout = 1s\n"
MASTER = "smtp inet n - n - - smtpd\n"
FILE = "advisor-baseline.json"


def put(folder: Path, main: str = POOR) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.cf").write_text(main)
    (folder / "master.cf").write_text(MASTER)
    return folder


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put(Path("hosts/a"))
    put(Path("hosts/b"), POOR.replace("1s", "2s"))
    return tmp_path


def entries(file: str = FILE) -> list[dict[str, str]]:
    document = json.loads(Path(file).read_text())
    assert problems(baseline_schema(), document) == []
    found: list[dict[str, str]] = document["entries"]
    return found


def checked(*arguments: str) -> Done:
    return advisor("check", *arguments, "--baseline", FILE)


def test_a_repository_is_introduced_and_shrinks() -> None:
    done = advisor("baseline", ".")
    assert (done.returncode, done.stdout) == (0, b"advisor-baseline.json: 2 findings\n")
    assert [each["configuration"] for each in entries()] == ["hosts/a", "hosts/b"]
    assert checked(".").returncode == 0
    assert advisor("check", ".").returncode == 1
    put(Path("hosts/a"), SOUND)
    for form in ("full", "concise", "json"):
        told = checked(".", "--output-format", form)
        assert b"1 entry of advisor-baseline.json no longer found: write it anew" in told.stdout
        assert told.returncode == 0
    assert advisor("baseline", ".").stdout == b"advisor-baseline.json: 1 finding\n"
    assert [each["configuration"] for each in entries()] == ["hosts/b"]
    put(Path("hosts/a"))
    done = checked(".", "--output-format", "concise")
    assert done.returncode == 1
    assert b"smtpd-timeout-too-short" in done.stdout


def test_it_holds_in_another_checkout_and_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    advisor("baseline", ".")
    shutil.copytree(tmp_path / "hosts", tmp_path / "other" / "hosts")
    shutil.move(FILE, tmp_path / "other" / FILE)
    monkeypatch.chdir(tmp_path / "other" / "hosts" / "b")
    for path in (".", "main.cf", "../a", "..", str(tmp_path / "other")):
        assert advisor("check", path, "--baseline", f"../../{FILE}").returncode == 0
    assert advisor("check", str(tmp_path / "hosts"), "--baseline", f"../../{FILE}").returncode == 1


def test_the_same_findings_give_the_same_bytes_one_a_line() -> None:
    advisor("baseline", ".")
    before = Path(FILE).read_bytes()
    put(Path("hosts/a"), "# moved\n" + POOR.replace("\n", "\n\n"))
    advisor("baseline", "hosts/b", "hosts/a")
    assert Path(FILE).read_bytes() == before
    put(Path("hosts/aa"))
    advisor("baseline", ".")
    old, new = before.splitlines(), Path(FILE).read_bytes().splitlines()
    assert [line for line in new if line not in old] == [line for line in new if b"hosts/aa" in line]
    assert len(new) == len(old) + 1


def test_standard_output_and_other_files() -> None:
    done = advisor("baseline", ".", "-o", "-")
    assert not Path(FILE).exists()
    Path("ci").mkdir()
    told = advisor("baseline", ".", "--output-file", "ci/known.json")
    assert told.stdout == b"ci/known.json: 2 findings\n"
    assert [each["configuration"] for each in entries("ci/known.json")] == ["../hosts/a", "../hosts/b"]
    assert advisor("check", ".", "--baseline", "ci/known.json").returncode == 0
    assert done.stdout.replace(b'"hosts/', b'"../hosts/') == Path("ci/known.json").read_bytes()


def test_the_options_of_check_say_what_goes_in() -> None:
    log = str(EXAMPLES / "slow-clients" / "mail.log")
    folder = str(EXAMPLES / "slow-clients")
    advisor("baseline", folder, "--log", log, "--select", "capacity")
    found = {each["rule"] for each in entries()}
    assert "more-processes-would-not-help" in found
    assert "no-inbound-tls" not in found
    assert checked(folder, "--log", log, "--select", "capacity").returncode == 0
    assert checked(folder, "--log", log).returncode == 1


def test_other_numbers_of_a_log_are_no_other_findings(tmp_path: Path) -> None:
    folder = EXAMPLES / "slow-clients"
    advisor("baseline", str(folder), "--log", str(folder / "mail.log"))
    lines = (folder / "mail.log").read_text().splitlines(keepends=True)
    (tmp_path / "later.log").write_text("".join(lines[40:]))
    document = json.loads(checked(str(folder), "--log", "later.log", "--output-format", "json").stdout)
    assert [each["rule"] for each in document["findings"]] == []


def test_the_one_that_a_policy_names_is_written_anew_as_a_whole() -> None:
    Path(".git").mkdir()
    Path("advisor.toml").write_text('baseline = "ci/known.json"\n')
    Path("ci").mkdir()
    assert advisor("baseline", ".", "-o", "ci/known.json").returncode == 0
    before = Path("ci/known.json").read_bytes()
    assert advisor("check", ".").returncode == 0
    assert advisor("baseline", ".", "-o", "ci/known.json").returncode == 0
    assert Path("ci/known.json").read_bytes() == before


def test_what_a_comment_hides_needs_no_entry() -> None:
    ignore = "# advisor: ignore[smtpd-timeout-too-short] -- scanner in hall 3\n"
    put(Path("hosts/a"), POOR.replace("smtpd_timeout", f"{ignore}smtpd_timeout"))
    advisor("baseline", ".")
    assert [each["configuration"] for each in entries()] == ["hosts/b"]


def test_a_comment_comes_before_the_baseline_and_is_in_use() -> None:
    advisor("baseline", ".")
    ignore = "# advisor: ignore[smtpd-timeout-too-short] -- scanner in hall 3\n"
    put(Path("hosts/a"), POOR.replace("smtpd_timeout", f"{ignore}smtpd_timeout"))
    document = json.loads(checked("hosts/a", "--output-format", "json").stdout)
    found = ([each["by"] for each in document["suppressed"]], document["findings"], document["notes"])
    assert found == (["comment"], [], [])


def test_what_nothing_hides_is_told_and_counts() -> None:
    put(Path("hosts/a"), POOR + "mynetworks = 0.0.0.0/0\n")
    done = advisor("baseline", ".")
    assert (
        done.stderr
        == b"advisor: open-relay: 1 finding is not in the baseline, since nothing hides this rule\n"
    )
    assert "open-relay" not in {each["rule"] for each in entries()}
    assert checked(".").returncode == 1


def test_what_postfix_refuses_is_2_with_a_baseline_too() -> None:
    put(Path("hosts/a"), POOR + "oops\n")
    done = advisor("baseline", ".")
    assert done.returncode == 2
    assert len(entries()) > 2
    done = checked(".", "--output-format", "concise")
    assert done.returncode == 2
    assert b"hosts/a/main.cf:5:1: Postfix refuses this" in done.stderr


def test_text_of_another_host_is_known_by_the_name_of_its_file() -> None:
    Path("printed").write_text(POOR)
    Path("M").write_text(MASTER)
    given = ("--postconf-n", "printed", "--master", "M")
    advisor("baseline", *given)
    assert {each["configuration"] for each in entries()} == {"printed"}
    assert checked(*given).returncode == 0
    advisor("baseline", "-", stdin=POOR.encode())
    assert {each["configuration"] for each in entries()} == {"standard input"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, b"advisor: advisor-baseline.json: does not exist; write it with 'advisor baseline'"),
        (b"", b"advisor: advisor-baseline.json: is no baseline"),
        (b'{"version": 1', b"advisor: advisor-baseline.json: is no baseline"),
        (b'{"version": 2, "entries": []}', b"is a baseline of version 2, and this advisor knows version 1"),
        (b'{"version": 1, "entries": [{"\x1b[31m": 1}]}', b"is no baseline"),
    ],
)
def test_what_is_no_baseline_ends_with_2_and_a_cure(text: bytes | None, words: bytes) -> None:
    if text is not None:
        Path(FILE).write_bytes(text)
    done = checked(".")
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_nothing_but_a_baseline_is_overwritten() -> None:
    before = Path("hosts/a/main.cf").read_bytes()
    done = advisor("baseline", ".", "-o", "hosts/a/main.cf")
    assert done.returncode == 2
    assert b"is there, and is no baseline that could be replaced; name another file" in done.stderr
    assert Path("hosts/a/main.cf").read_bytes() == before
    assert advisor("baseline", ".", "-o", "missing/b.json").returncode == 2
    assert advisor("baseline", "missing").returncode == 2
    Path("empty").mkdir()
    assert advisor("baseline", "empty").returncode == 3
    assert not Path(FILE).exists()


def test_the_schema_takes_a_baseline_and_nothing_else() -> None:
    advisor("baseline", ".")
    document = json.loads(Path(FILE).read_text())
    assert problems(baseline_schema(), document) == []
    assert survivors(baseline_schema(), document) == []
