"""What a request names, and what becomes of it."""

import io
import shutil
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from advisor.app import advise
from advisor.errors import InputError, UsageError
from advisor.request import Request
from advisor.settings.given import Form

EXAMPLE = Path(__file__).parents[2] / "examples" / "slow-clients"
MAIN_CF = b"compatibility_level = 3.6\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    """A bundle of the example with its log, and the defaults of its build."""
    shutil.copytree(EXAMPLE, "in")
    Path("in/log").mkdir()
    shutil.move("in/mail.log", "in/log/mail.log")
    Path("in/postconf-d").write_text("mail_version = 3.7.5\n")
    Path("in/postconf-m").write_text("hash\n")
    Path("in/host").write_text("memory = 4096\nconfig_directory = /etc/postfix\n")
    with tarfile.open("mx1.tar.gz", "w:gz") as tar:
        tar.add("in", ".")
    return "mx1.tar.gz"


def type_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_the_log_of_a_bundle_counts_as_if_it_had_been_named(bundle: str) -> None:
    report = advise(Request(bundle))
    assert report.metrics
    assert report.metrics.lines.keys() == {"mx1.tar.gz/log/mail.log"}
    folder = advise(Request(str(EXAMPLE), (str(EXAMPLE / "mail.log"),), "3.7.5"))
    assert report.metrics.postfix_lines == folder.metrics.postfix_lines if folder.metrics else False


def test_a_log_that_was_named_stands_in_place_of_the_bundles(bundle: str) -> None:
    log = str(EXAMPLE / "mail.log")
    report = advise(Request(bundle, (log,)))
    assert report.metrics
    assert report.metrics.lines.keys() == {log}


def test_a_bundle_tells_release_host_and_place(bundle: str) -> None:
    instance = advise(Request(bundle)).instance
    assert (str(instance.release), instance.release_source) == ("3.7.5", "the bundle's postconf -d")
    assert (instance.name, instance.given.form, instance.given.folder) == (bundle, Form.BUNDLE, "")
    assert (instance.host.memory, instance.host.table_types) == (4096, frozenset({"hash"}))
    assert instance.main_cf.source.name == "mx1.tar.gz/main.cf"


def test_defaults_that_were_named_come_before_the_bundles(bundle: str) -> None:
    Path("d.txt").write_text("mail_version = 3.8.1\n")
    instance = advise(Request(bundle, defaults="d.txt")).instance
    assert (str(instance.release), instance.release_source) == ("3.8.1", "--defaults")


def test_a_bundle_has_a_patch_of_its_files_and_commands(bundle: str) -> None:
    report = advise(Request(bundle, postfix_version="3.7.11"))
    assert report.patch.startswith("--- a/main.cf\n+++ b/main.cf\n")
    assert report.commands[-1] == "postfix reload"


def test_a_folder_has_no_commands() -> None:
    report = advise(Request(str(EXAMPLE), (str(EXAMPLE / "mail.log"),), "3.7.11"))
    assert report.patch
    assert report.commands == ()


def test_printed_text_from_standard_input_and_files(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, MAIN_CF)
    Path("M.txt").write_text("smtp inet n - n - 7 smtpd\n")
    Path("m.txt").write_text("hash\n")
    instance = advise(Request("-", master="M.txt", table_types="m.txt")).instance
    assert (instance.main_cf.source.name, instance.name) == ("postconf -n", "standard input")
    assert [service.process_limit for service in instance.services] == [7]
    assert instance.host.table_types == frozenset({"hash"})


def test_postconf_n_may_be_a_file_and_another_input_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("n.txt").write_bytes(MAIN_CF)
    type_in(monkeypatch, b"mail_version = 3.6.4\n")
    instance = advise(Request(postconf_n="n.txt", defaults="-")).instance
    assert (str(instance.release), instance.name) == ("3.6.4", "n.txt")
    assert instance.given.stock_services


def test_the_name_of_standard_input_may_be_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, MAIN_CF)
    assert advise(Request("-", postconf_n="-")).instance.name == "standard input"


@pytest.mark.parametrize(
    "request_",
    [
        Request("x", postconf_n="n.txt"),
        Request("-", postconf_n="n.txt"),
        Request("x", master="M.txt"),
        Request("-", master="-"),
        Request("-", ("-",)),
        Request("x", ("-",), defaults="-"),
    ],
)
def test_what_cannot_be_meant_together(request_: Request) -> None:
    with pytest.raises(UsageError):
        advise(request_)


def test_a_file_that_is_missing() -> None:
    with pytest.raises(InputError, match=r"d\.txt: cannot be read"):
        advise(Request(".", defaults="d.txt"))
