"""The commands for a far host, run by the real postconf, have the effect of the patched text."""

import os
import subprocess
from pathlib import Path

import pytest

from advisor.engine.changes import (
    AddService,
    Change,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.plan.commands import commands
from advisor.plan.edits import apply_changes
from advisor.settings.given import Form, Given
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

pytestmark = pytest.mark.postfix

MAIN_CF = """\
compatibility_level = 3.6
myhostname = mx.example.org
# why
relayhost = [mx.example.org]
biff = yes
mydestination = a,
# between
   b
smtpd_timeout = 300s
biff = no
"""
MASTER_CF = """\
# services
smtp      inet  n       -       n       -       20      smtpd
submission inet n       -       n       -       -       smtpd
  -o syslog_name=postfix/submission
# between
  -o smtpd_tls_security_level=may -o smtpd_sasl_auth_enable=yes
odd       inet  n       -       n       -       -       smtpd -v
  -o { smtpd_banner = a   b }
  -osmtpd_timeout=10
twice     inet  n       -       n       -       -       smtpd -o smtpd_timeout=1 -o smtpd_timeout=2
pipe      unix  -       n       n       -       10      pipe
  flags=R user=nobody argv=/bin/cat -o x=y ${sender} {a
  b}
smtp      unix  -       -       n       -       -       smtp
"""
VALUE_WITH_EVERYTHING = (
    """$myhostname "quoted" 'single' `tick` \\back; $(x) * # & | <a> ! ~ ${biff?{a}:{b}}"""
)
CHANGES: dict[str, tuple[Change, ...]] = {
    "a value": (SetParameter("smtpd_timeout", "${stress?{10}:{30}}s"),),
    "a value over lines": (SetParameter("mydestination", "c"),),
    "a new name": (SetParameter("smtpd_forbid_bare_newline", "normalize"),),
    "an empty value": (SetParameter("relayhost", ""),),
    "what the shell would read": (SetParameter("smtpd_banner", VALUE_WITH_EVERYTHING),),
    "bytes": (SetParameter("smtpd_banner", "caf\udce9 é"),),
    "a name that stands twice": (SetParameter("biff", "yes"),),
    "no value": (UnsetParameter("biff"), UnsetParameter("mydestination")),
    "another name": (
        RenameParameter("smtpd_timeout", "my_timeout"),
        SetParameter("relayhost", "$my_timeout"),
    ),
    "a column": (SetServiceField("smtp/inet", "process_limit", "100"),),
    "every column": tuple(
        SetServiceField("smtp/unix", field, value)
        for field, value in (("private", "n"), ("unpriv", "n"), ("chroot", "y"), ("wakeup", "60?"))
    ),
    "another program": (SetServiceField("smtp/inet", "command", "postscreen"),),
    "a column of an entry with flags": (SetServiceField("odd/inet", "process_limit", "3"),),
    "a column of an entry with arguments": (SetServiceField("pipe/unix", "process_limit", "3"),),
    "an option": (SetServiceOverride("smtp/inet", "smtpd_client_connection_count_limit", "7"),),
    "an option among others": (SetServiceOverride("submission/inet", "smtpd_tls_security_level", "encrypt"),),
    "an option with blanks": (SetServiceOverride("submission/inet", "smtpd_banner", "a b"),),
    "an empty option": (SetServiceOverride("submission/inet", "smtpd_banner", ""),),
    "an option that stands twice": (SetServiceOverride("twice/inet", "smtpd_timeout", "3"),),
    "an option taken away": (UnsetParameter("syslog_name", "submission/inet"),),
    "an option in braces taken away": (UnsetParameter("smtpd_banner", "odd/inet"),),
    "a service": (AddService("10025/inet", "smtpd", (("private", "n"),), (("smtpd_banner", "x y"),)),),
    "several": (
        SetParameter("biff", "yes"),
        SetServiceField("smtp/inet", "process_limit", "5"),
        SetServiceOverride("smtp/inet", "smtpd_timeout", "${stress?{10}:{20}}s"),
        SetServiceField("submission/inet", "chroot", "y"),
    ),
}


def written(folder: Path, main: str, master: str) -> Path:
    folder.mkdir()
    (folder / "main.cf").write_bytes(main.encode("utf-8", "surrogateescape"))
    (folder / "master.cf").write_bytes(master.encode("utf-8", "surrogateescape"))
    long_ago(folder)
    return folder


def long_ago(folder: Path) -> None:
    """postconf waits for a file that was changed this second to cool down (dict_load_file_xt() in dict.c)."""
    for file in folder.iterdir():
        os.utime(file, (0, 0))


def effective(postconf: Path, folder: Path) -> list[bytes]:
    """What postconf says of the folder; its own name apart."""
    long_ago(folder)
    said = [
        subprocess.run([postconf, "-c", folder, option], capture_output=True, check=True).stdout
        for option in ("-n", "-M", "-P")
    ]
    return [each.replace(bytes(folder), b"FOLDER") for each in said]


def instance_of(folder: Path, main: str, master: str) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", master),
        Release.parse("3.7.11"),
        "a test",
        given=Given(Form.BUNDLE, "mx1.tar", folder=str(folder)),
    )


@pytest.mark.parametrize("name", CHANGES)
def test_the_commands_do_what_the_patch_does(name: str, tmp_path: Path, postconf: Path) -> None:
    compare(name, MAIN_CF, MASTER_CF, tmp_path, postconf)


@pytest.mark.parametrize("name", ["a new name", "an option", "a service"])
def test_a_file_without_a_last_newline_is_not_torn(name: str, tmp_path: Path, postconf: Path) -> None:
    compare(name, MAIN_CF.removesuffix("\n"), MASTER_CF.removesuffix("\n"), tmp_path, postconf)


def compare(name: str, main: str, master: str, tmp_path: Path, postconf: Path) -> None:
    copy = written(tmp_path / "it's a copy", main, master)
    before = instance_of(copy, main, master)
    after = apply_changes(before, CHANGES[name])
    assert isinstance(after, Instance)
    assert after.master_cf
    patched = written(tmp_path / "patched", after.main_cf.source.text, after.master_cf.source.text)
    script = "\n".join(commands(before, after, ()))
    assert script
    subprocess.run(
        ["sh", "-eu"],
        input=script.encode("utf-8", "surrogateescape"),
        check=True,
        env={"PATH": f"{postconf.parent}:/usr/bin:/bin"},
    )
    assert effective(postconf, copy) == effective(postconf, patched)
