"""`advisor ignores`, and `advisor check --no-ignores`."""

import json
from pathlib import Path

import msgspec
import pytest

from advisor.report.ignores import IgnoresDocument
from tests.cli.running import advisor
from tests.conftest import Golden

MAIN_CF = """\
compatibility_level = 3.11
mydestination = example.com
smtp_tls_security_level = may
# advisor: ignore[weak-tls-protocol] until=2999-12-31 -- scanner in hall 3, OPS-1412
smtp_tls_protocols = SSLv3, TLSv1
# advisor: ignore[literal-smtpd-timeout] until=2020-01-01 -- until the new scanner
smtpd_timeout = 300s
# advisor: ignore[qqq, no-inbound-tls]
biff = no
# advisor: ignore -- \x1b[2J
# advisor: ignore-file[no-inbound-tls] -- the gateway in front has the certificate
"""
MASTER_CF = """\
smtp inet n - n - - smtpd
# advisor: ignore[unusual-service-fields] -- one at a time
smtp unix - - n - 1 smtp
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.cf").write_text(MAIN_CF)
    (tmp_path / "master.cf").write_text(MASTER_CF)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(*arguments: str) -> str:
    done = advisor("ignores", ".", *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def rules_found(*arguments: str) -> tuple[int, set[str]]:
    done = advisor("check", ".", "--output-format", "json", *arguments)
    return done.returncode, {each["rule"] for each in json.loads(done.stdout)["findings"]}


@pytest.mark.usefixtures("folder")
class TestIgnores:
    def test_as_text(self, golden: Golden) -> None:
        golden("ignores/text.txt", listed())

    def test_as_json(self, golden: Golden) -> None:
        text = listed("--output-format", "json")
        golden("ignores/document.json", text)
        document = msgspec.json.decode(text, type=IgnoresDocument, strict=True)
        assert [each.expired for each in document.ignores] == [False, True, False, False, False, False]
        assert [len(each.hides) for each in document.ignores] == [1, 0, 0, 0, 1, 0]

    def test_of_several(self, folder: Path) -> None:
        other = folder / "other"
        other.mkdir()
        (other / "main.cf").write_text("# advisor: ignore-file[no-outbound-tls] -- why\nbiff = no\n")
        document = json.loads(listed("other", "--output-format", "json"))
        assert {each["configuration"] for each in document["ignores"]} == {".", "other"}

    def test_an_entry_for_several_configurations_is_one(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / "hosts" / name).mkdir(parents=True)
            (tmp_path / "hosts" / name / "main.cf").write_text("biff = no\n")
        entry = '[[ignore]]\nrule = "no-outbound-tls"\nreason = "a lab without a net"\n'
        (tmp_path / "hosts" / "advisor.toml").write_text(entry)
        (tmp_path / "hosts" / ".git").mkdir()
        done = advisor("ignores", "hosts")
        assert done.returncode == 0
        *_, first, second, count = done.stdout.decode().splitlines()
        assert first.startswith("  hides    no-outbound-tls  hosts/a/main.cf")
        assert second.startswith("  hides    no-outbound-tls  hosts/b/main.cf")
        assert count == "1 ignore; hidden: 2 findings"

    def test_a_baseline_that_is_missing_matters_to_a_check_alone(self, folder: Path) -> None:
        (folder / "advisor.toml").write_text('baseline = "gone.json"\n')
        assert "scanner in hall 3" in listed()
        assert advisor("check", ".").returncode == 2

    def test_nothing_is_ignored(self, folder: Path) -> None:
        (folder / "main.cf").write_text("biff = no\n")
        (folder / "master.cf").unlink()
        assert listed() == "nothing is ignored\n"

    def test_what_is_not_there(self) -> None:
        done = advisor("ignores", "missing")
        assert (done.returncode, done.stdout) == (2, b"")

    def test_nothing_to_look_at(self, folder: Path) -> None:
        (folder / "empty").mkdir()
        assert advisor("ignores", "empty").returncode == 3


@pytest.mark.usefixtures("folder")
class TestCheck:
    def test_what_is_ignored_is_not_found(self) -> None:
        code, found = rules_found()
        assert code == 1
        assert found == {"expired-ignore", "unused-ignore", "ignore-without-reason", "literal-smtpd-timeout"}

    def test_no_ignores(self) -> None:
        code, found = rules_found("--no-ignores")
        assert (code, found) == (1, {"weak-tls-protocol", "literal-smtpd-timeout", "no-inbound-tls"})

    def test_what_is_ignored_does_not_fail(self, folder: Path) -> None:
        clean = [*MAIN_CF.splitlines()[:5], MAIN_CF.splitlines()[-1]]
        (folder / "main.cf").write_text("\n".join(clean) + "\n")
        assert rules_found("--ignore", "unused-ignore")[0] == 0
        assert rules_found("--ignore", "unused-ignore", "--no-ignores")[0] == 1

    def test_no_text_of_a_comment_reaches_a_terminal(self) -> None:
        done = advisor("check", ".")
        assert b"\x1b" not in done.stdout

    def test_the_patch_takes_the_unused_ones_away(self) -> None:
        done = advisor("check", ".", "--diff", "--select", "unused-ignore,no-inbound-tls")
        changed = [line for line in done.stdout.decode().splitlines() if line[:1] in "+-"]
        assert changed == [
            "--- a/main.cf",
            "+++ b/main.cf",
            "-# advisor: ignore[qqq, no-inbound-tls]",
        ]
