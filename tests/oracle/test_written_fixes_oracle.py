"""What --fix wrote, read by the real Postfix: no new warning, what is safe alters nothing, what is not sets
what it says.
"""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from advisor.engine.changes import (
    Applicability,
    ChangeElement,
    DropShadowed,
    Fix,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.fixing import write_fixes
from advisor.instances import advise_all
from advisor.request import Request

pytestmark = pytest.mark.postfix

ROOT = Path(__file__).parent.parent.parent
STOCK = ROOT / "tests" / "data" / "stock"
# What years of editing leave behind.
OLD_LINES = """
smtpd_use_tls = yes
smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem
smtpd_timeout = 300s
mynetworks_style = host
mynetworks_style = subnet
"""
CONFIGURATIONS = {
    "debian": (STOCK / "debian-main.cf", STOCK / "debian-master.cf"),
    "submission": (STOCK / "upstream-main.cf", STOCK / "submission-master.cf"),
    **{
        name: (ROOT / "examples" / name / "main.cf", ROOT / "examples" / name / "master.cf")
        for name in ("slow-clients", "single-client", "reference-mail-exchanger")
    },
}


def ask(postconf: Path, folder: Path, *options: str) -> tuple[str, str]:
    """What it prints and warns of. It waits where a file was changed this second, so they look old."""
    for file in folder.iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))
    done = subprocess.run(
        [postconf, "-c", folder, *options],
        capture_output=True,
        check=True,
        timeout=60,
        env={"LC_ALL": "C"},
        text=True,
    )
    return done.stdout, done.stderr


def settings(postconf: Path, folder: Path) -> dict[str, str]:
    """The values in force in main.cf, as they are written, and the overrides and columns of the services."""
    lines = [
        line for options in ((), ("-P",), ("-F",)) for line in ask(postconf, folder, *options)[0].splitlines()
    ]
    found = {name.rstrip(): value.lstrip() for name, _, value in (line.partition("=") for line in lines)}
    return {**found, "process_id": ""}  # postconf's own


def wanted(fixes: Iterable[Fix]) -> dict[str, str | None]:
    """What the fixes name, by postconf's names, and the value where they say it."""
    found: dict[str, str | None] = {}
    for change in (change for fix in fixes for change in fix.changes):
        match change:
            case SetParameter(name, value, None):
                found[name] = value
            case SetServiceOverride(service, name, value) | SetServiceField(service, name, value):
                found[f"{service}/{name}"] = value
            case SetParameter(name) | UnsetParameter(name) | ChangeElement(name) | DropShadowed(name):
                found |= {name: None} | ({f"{change.service}/{name}": None} if change.service else {})
            case _:
                raise AssertionError(change)
    return found


@pytest.mark.parametrize("widest", [Applicability.SAFE, Applicability.UNSAFE])
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_postfix_reads_what_was_written(
    postconf: Path, tmp_path: Path, name: str, widest: Applicability
) -> None:
    main, master = CONFIGURATIONS[name]
    (tmp_path / "main.cf").write_text(main.read_text() + OLD_LINES)
    (tmp_path / "master.cf").write_text(master.read_text())
    release = ask(postconf, tmp_path, "-h", "mail_version")[0].strip()
    before, warned = settings(postconf, tmp_path), ask(postconf, tmp_path, "-n")[1]
    reports = advise_all(Request(str(tmp_path), postfix_version=release, fixes=widest))
    write_fixes(reports)
    (report,) = reports.reports
    assert report.mended is not None
    fixes = [each.fix for each in report.mended.fixed]
    assert {"duplicate-parameter", "old-tls-parameter"} <= {each.finding.rule for each in report.mended.fixed}
    after = settings(postconf, tmp_path)
    assert set(ask(postconf, tmp_path, "-n")[1].splitlines()) <= set(warned.splitlines())
    asked = wanted(fixes)
    assert {each for each in before | after if before.get(each) != after.get(each)} <= set(asked)
    for setting, value in asked.items():
        assert value is None or after[setting] == value
    assert (widest is Applicability.UNSAFE) == any(
        each.applicability is Applicability.UNSAFE for each in fixes
    )
