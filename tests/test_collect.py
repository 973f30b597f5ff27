"""The script for a host without Python, run by every shell that is here: what it takes, and what never."""

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from advisor.collect import collect_script
from advisor.errors import InputError
from advisor.inputs.bundle import read_bundle

SHELLS = [
    pytest.param(command.split(), id=command)
    for command in ("sh", "dash", "busybox sh", "bash --posix")
    if shutil.which(command.split()[0])
]
# The number behind it tells which one got out.
PLANTED = b"S3CRET"
MAIN_CF = """\
# The password of root is S3CRET00
# and it goes on: S3CRET01
#
#smtp_sasl_password_maps = inline:{
#   [mx]:587=user:S3CRET02 }
compatibility_level = 3.6
myhostname = mx.example.org
# advisor: ignore[smtp-smuggling] -- a comment that stays
smtp_sasl_password_maps = inline:{
  { [mx.example.com]:587 = user:S3CRET03 },
# between
   other = u:S3CRET04 }
accounts_bind_pw = S3CRET05
accounts_search_base = dc=example
virtual_mailbox_maps = ldap:accounts, ldap:DIR/ldap.cf, mysql:DIR/mysql.cf
my_password =
   S3CRET06
users_dbpassword = S3CRET07 with blanks
my_pair = relay:$my_word
my_word = S3CRETseven
lmtp_sasl_password_maps = static:$my_pair
smtp_tls_key_file = DIR/key.pem
smtpd_recipient_restrictions = permit_mynetworks, check_client_access hash:DIR/client_access,
   check_recipient_access { texthash:DIR/rcpt, search_order=a, b }
   my_class reject_unauth_destination
smtpd_restriction_classes = my_class
my_class = check_sender_access cidr:DIR/sender.cidr
transport_maps = hash:DIR/sasl_passwd, hash:DIR/link, regexp:DIR/withpw, hash:DIR/../etc/client_access,
  hash:DIR/fifo, hash:DIR/large, hash:DIR/missing, hash:DIR/key_in_it
header_checks = pcre:DIR/header_checks
mynetworks = 127.0.0.0/8 DIR/nets !10.0.0.1
proxy_url = http://joe:S3CRET09@proxy/
smtpd_milters = { inet:192.0.2.1:5, secret=S3CRET10, default_action=accept }
biff = no"""
MASTER_CF = """\
smtp inet n - n - 20 smtpd
  -o smtpd_timeout=20
spam unix - n n - 10 pipe
  user=x argv=/bin/spamc -u joe:S3CRET11 --password S3CRET12 -p S3CRET13 token=S3CRET14 ${sender}
relay2 unix - - n - - smtp
  -o smtp_sasl_password_maps=static:joe:S3CRET15 -o smtp_helo_timeout=5
  -o { smtp_sasl_password_maps = inline:{
   x = joe:S3CRET16 } }
  -o relay2_password=S3CRET17
#x unix - - n - - smtp -o smtp_sasl_password_maps=static:joe:S3CRET18
"""
TABLES = {
    "client_access": "192.0.2.1 OK\n",
    "rcpt": "a@example.org OK\n",
    "sender.cidr": "192.0.2.0/24 OK\n",
    "header_checks": "/x/ DUNNO\n",
    "nets": "192.0.2.0/24\n",
}
NEVER = {
    "sasl_passwd": "mx joe:S3CRET20\n",
    "ldap.cf": "bind_pw = S3CRET21\n",
    "mysql.cf": "password = S3CRET22\n",
    "withpw": "/x/ OK\npassword = S3CRET23\n",
    "key.pem": "-----BEGIN PRIVATE KEY-----\nS3CRET24\n",
    "key_in_it": "x OK\n-----BEGIN RSA PRIVATE KEY-----\nS3CRET25\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "main.cf").write_text(MAIN_CF.replace("DIR", str(folder)))
    (folder / "master.cf").write_text(MASTER_CF)
    for name, text in (TABLES | NEVER).items():
        (folder / name).write_text(text)
    (folder / "link").symlink_to("sasl_passwd")
    (folder / "large").write_text("x OK\n" * 300_000)
    subprocess.run(["mkfifo", folder / "fifo"], check=True)
    os.utime(folder / "main.cf", (0, 0))  # postconf waits for a file that was changed this second
    return folder


def collected(shell: list[str], *arguments: str | Path, script: str = "") -> bytes:
    """What the script prints, read from standard input as it would be behind ssh."""
    done = subprocess.run(
        [*shell, "-s", "--", *map(str, arguments)],
        input=(script or collect_script()).encode(),
        capture_output=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/bin"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def unpacked(path: Path) -> dict[str, str]:
    with tarfile.open(path) as tar:
        found = ((each.name.removeprefix("./"), tar.extractfile(each)) for each in tar if each.isreg())
        return {name: file.read().decode() for name, file in found if file}


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_planted_is_in_the_bundle(shell: list[str], folder: Path) -> None:
    bundle = collected(shell, "-c", folder)
    assert PLANTED not in bundle
    (folder / "b.tar").write_bytes(bundle)
    files = unpacked(folder / "b.tar")
    taken = {name.removeprefix(f"tables{folder}/") for name in files if name.startswith("tables/")}
    assert taken == set(TABLES)
    for name, text in TABLES.items():
        assert files[f"tables{folder}/{name}"] == text
    manifest = files["MANIFEST"]
    for name in ("sasl_passwd", "link", "withpw", "fifo", "large", "missing", "key_in_it"):
        assert f"left out {folder}/{name}: " in manifest
    assert "../etc/client_access: its path goes up" in manifest


@pytest.mark.skipif(shutil.which("busybox") is None, reason="busybox is not installed")
def test_the_tools_of_busybox_will_do(folder: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    subprocess.run(["busybox", "--install", "-s", tools], check=True)
    script = collect_script().replace("    PATH=$PATH:/usr/sbin:/usr/local/sbin:/usr/bin:/bin\n", "")
    done = subprocess.run(
        [tools / "sh", "-s", "--", "-c", folder],
        input=script.encode(),
        capture_output=True,
        check=True,
        env={"PATH": str(tools)},
    )
    (tmp_path / "b.tar").write_bytes(done.stdout)
    assert PLANTED not in done.stdout
    files = unpacked(tmp_path / "b.tar")
    assert "smtp_sasl_password_maps = inline:{masked=masked}\n" in files["main.cf"]
    # No postconf is on that path, so the tables are found in main.cf itself.
    assert f"tables{folder}/sender.cidr" in files


def test_what_is_masked_still_parses_line_by_line(folder: Path) -> None:
    (folder / "b.tar").write_bytes(collected(["sh"], "-c", folder))
    files = unpacked(folder / "b.tar")
    before = (folder / "main.cf").read_text().split("\n")
    after = files["main.cf"].split("\n")
    assert len(after) == len(before)  # also the newline that the last line lacks
    assert [new for old, new in zip(before, after, strict=True) if new != old] == [
        "# masked",
        "# masked",
        "# masked",
        "# masked",
        "smtp_sasl_password_maps = inline:{masked=masked}",
        "#",
        "#",
        "accounts_bind_pw = masked",
        "my_password =   masked",
        "#",
        "users_dbpassword = masked",
        "my_pair = masked",
        "my_word = masked",
        "lmtp_sasl_password_maps = static:masked",
        "proxy_url = http://masked@proxy/",
        "smtpd_milters = { inet:192.0.2.1:5, secret=masked}",
    ]
    assert len(files["master.cf"].split("\n")) == len(MASTER_CF.split("\n"))
    read = read_bundle(folder / "b.tar")
    assert read.main.text == files["main.cf"]
    assert read.table(f"{folder}/client_access")


def test_the_files_are_as_they_are_where_nothing_is_secret(folder: Path) -> None:
    text = "# a comment\nbiff = no\n\nmydestination = a,\n# between\n\tb\r\nx = caf\udce9\n\n# end"
    (folder / "main.cf").write_bytes(text.encode("utf-8", "surrogateescape"))
    (folder / "b.tar").write_bytes(collected(["sh"], "-c", folder))
    assert read_bundle(folder / "b.tar").main.text == text


def test_the_host_tells_of_itself(folder: Path) -> None:
    (folder / "b.tar").write_bytes(collected(["sh"], "-c", folder))
    host = read_bundle(folder / "b.tar").host
    assert host.memory
    assert host.processors
    assert host.somaxconn
    assert read_bundle(folder / "b.tar").given.folder == str(folder)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_last_days_of_the_log_are_taken_when_asked_for(shell: list[str], folder: Path) -> None:
    now = datetime.now().astimezone()
    log = folder / "mail.log"

    def line(days: int, text: str) -> str:
        return f"{now - timedelta(days=days):%b %e %H:%M:%S} mx1 postfix/smtpd[1]: {text}\n"

    log.write_text(line(0, "today") + f"{now:%Y-%m-%dT%H:%M:%S+00:00} mx1 postfix/smtpd[1]: iso\n")
    (folder / "mail.log.1").write_text(line(9, "old") + line(1, "yesterday"))
    (folder / "mail.log.2.gz").write_bytes(gzip.compress(line(2, "before").encode()))
    with (folder / "main.cf").open("a") as main:
        main.write(f"\nmaillog_file = {log}\n")
    (folder / "b.tar").write_bytes(collected(shell, "-c", folder, script=collect_script(2)))
    files = unpacked(folder / "b.tar")
    if shutil.which("postconf", path="/usr/sbin:/usr/bin"):
        words = [text.rpartition(" ")[2] for text in files["log/mail.log"].splitlines()]
        assert words == ["before", "yesterday", "today", "iso"]
    (folder / "b.tar").write_bytes(collected(shell, "-c", folder))
    assert "log/mail.log" not in unpacked(folder / "b.tar")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-x"], b"usage"),
        (["-l", "many"], b"no number of days"),
        (["-c", "/missing folder"], b"/missing folder is no folder"),
    ],
)
def test_wrong_usage_prints_no_tar(arguments: list[str], words: bytes) -> None:
    done = subprocess.run(
        ["sh", "-s", "--", *arguments], input=collect_script().encode(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr


def test_hostile_names_run_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "a; touch BAD `touch BAD` b"
    folder.mkdir()
    (folder / "main.cf").write_text(
        "myhostname = mx.example.org\n"
        "transport_maps = hash:/tmp/`touch${IFS}BAD`, hash:/tmp/-rf;touch\n"
        "header_checks = pcre:/tmp/*\n"
    )
    (folder / "master.cf").write_text("")
    done = subprocess.run(
        ["sh", "-s", "--", "-c", str(folder)],
        input=collect_script().encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]
    (tmp_path / "b.tar").write_bytes(done.stdout)
    assert read_bundle(tmp_path / "b.tar").main.text == (folder / "main.cf").read_text()


def test_nothing_is_left_in_the_temporary_folder(folder: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    subprocess.run(
        ["sh", "-s", "--", "-c", folder],
        input=collect_script().encode(),
        capture_output=True,
        check=True,
        env={"PATH": "/usr/sbin:/usr/bin:/bin", "TMPDIR": str(temporary)},
    )
    assert list(temporary.iterdir()) == []


def test_the_script_is_clean() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    subprocess.run(["shellcheck", "-s", "sh", "-"], input=collect_script().encode(), check=True)


def test_the_days_are_put_in_once() -> None:
    assert collect_script().count("default_log_days=0\n") == 1
    assert collect_script(3) == collect_script().replace("default_log_days=0", "default_log_days=3")


@pytest.mark.postfix
@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_done_when_a_bundle_of_this_host_is_checked(
    shell: list[str], tmp_path: Path, postconf: Path
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    own = subprocess.run([postconf, "-h", "config_directory"], capture_output=True, text=True, check=True)
    for name in ("main.cf", "master.cf"):
        shutil.copy(Path(own.stdout.strip(), name), folder / name)
    bundle = tmp_path / "bundle.tar"
    bundle.write_bytes(collected(shell, "-c", folder))
    files = unpacked(bundle)
    for option in "ndMPm":
        printed = subprocess.run(
            [postconf, "-c", folder, f"-{option}"], capture_output=True, text=True, check=True
        )
        if option == "d":  # it prints its own process
            assert len(files["postconf-d"].splitlines()) == len(printed.stdout.splitlines())
        else:
            assert files[f"postconf-{option}"] == printed.stdout
    done = subprocess.run(
        [sys.executable, "-m", "advisor", "check", bundle], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    version = files["host"].partition("mail_version = ")[2].partition("\n")[0]
    assert f"Postfix {version} (the bundle's postconf -d)" in " ".join(done.stdout.split())


def test_a_bundle_that_came_empty_gets_a_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "mx1.tar"
    empty.touch()
    with pytest.raises(InputError, match=r"mx1\.tar: is no archive"):
        read_bundle(empty)
