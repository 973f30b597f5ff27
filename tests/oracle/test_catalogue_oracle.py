"""The packaged catalogue held against what the installed Postfix says of its own release.

What a distribution changes is listed here by name, with the reason; what else differs is an error of ours.
"""

import os
import subprocess
from pathlib import Path

import pytest

from advisor.settings.catalogue import catalogue
from advisor.settings.given import stock_master_cf
from advisor.settings.release import Release
from advisor.syntax.master_cf import MasterCf, parse_master_cf
from advisor.syntax.source import SourceFile

pytestmark = pytest.mark.postfix

_FOLDERS = "the distribution installs Postfix into folders of its own"
DISTRIBUTION = {
    "daemon_directory": _FOLDERS,
    "html_directory": _FOLDERS,
    "manpage_directory": _FOLDERS,
    "readme_directory": _FOLDERS,
    "sample_directory": _FOLDERS,
    "shlib_directory": _FOLDERS,
    "meta_directory": _FOLDERS,
}
# Where Debian installs the master.cf that it ships.
SHIPPED = Path("/usr/share/postfix/master.cf.dist")
SERVICES_ADDED = {
    "maildrop/unix": "Debian adds an example of a delivery agent",
    "uucp/unix": "Debian adds an example of a delivery agent",
    "ifmail/unix": "Debian adds an example of a delivery agent",
    "bsmtp/unix": "Debian adds an example of a delivery agent",
    "scalemail-backend/unix": "Debian adds an example of a delivery agent",
    "mailman/unix": "Debian adds an example of a delivery agent",
}
# Debian runs in the chroot what it may: its package keeps the files there up to date.
CHROOTED = ("n", "y")
ARGUMENTS_CHANGED = {"relay/unix": "Debian's syslog_name leaves multi_instance_name out"}


def ask(postconf: Path, folder: Path, *options: str) -> list[str]:
    for file in folder.iterdir():
        os.utime(file, (0, 0))
    done = subprocess.run(
        [postconf, "-c", folder, *options], capture_output=True, check=True, env={"LC_ALL": "C"}, text=True
    )
    return done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text("")
    (tmp_path / "master.cf").write_text("smtp unix - - n - - smtp\n")
    return tmp_path


@pytest.fixture
def release(postconf: Path, folder: Path) -> Release:
    (line,) = ask(postconf, folder, "-dh", "mail_version")
    return Release.parse(line)


def test_every_default_is_ours_but_for_the_distributions_own(
    postconf: Path, folder: Path, release: Release
) -> None:
    differing = {}
    compared = 0
    for line in ask(postconf, folder, "-d"):
        name, _, value = line.partition(" =")
        parameter = catalogue().parameter(name)
        if parameter is None:
            assert catalogue().service_parameter(name, ["smtp"]), f"{name} is not in the catalogue"
            continue
        default = parameter.default(release)
        if default is None:
            assert parameter.computed or parameter.read_only, f"the catalogue has no default for {name}"
            continue
        compared += 1
        if " ".join(default.split()) != value.strip():
            differing[name] = value.strip()
    assert compared > 700
    assert differing.keys() <= DISTRIBUTION.keys(), differing


def test_every_name_that_the_release_has_is_printed(postconf: Path, folder: Path, release: Release) -> None:
    printed = {line.partition(" =")[0] for line in ask(postconf, folder, "-d")}
    ours = {name for name, parameter in catalogue().parameters.items() if parameter.exists_in(release)}
    assert ours <= printed


def services_of(tree: MasterCf) -> dict[str, list[str]]:
    return {
        entry.key: [word.text for word in (*entry.fields[2:], *entry.arguments)] for entry in tree.entries
    }


@pytest.mark.skipif(not SHIPPED.exists(), reason="only Debian's package keeps the master.cf that it ships")
def test_the_stock_services_are_ours_but_for_the_distributions_own(
    postconf: Path, folder: Path, release: Release
) -> None:
    (folder / "master.cf").write_bytes(SHIPPED.read_bytes())
    lines = "\n".join(ask(postconf, folder, "-M"))
    shipped = services_of(parse_master_cf(SourceFile("master.cf", lines)))
    ours = services_of(parse_master_cf(stock_master_cf(release)))
    assert {*shipped} - {*ours} <= {*SERVICES_ADDED}
    assert {*ours} - {*shipped} == set()
    for key, words in ours.items():
        theirs = shipped[key]
        columns = 6
        changed = [pair for pair in zip(words[:columns], theirs[:columns], strict=True) if len({*pair}) > 1]
        assert changed in ([], [CHROOTED]), key
        if key in ARGUMENTS_CHANGED:
            assert theirs[columns:] != words[columns:], f"{key} is no exception any more"
        else:
            assert theirs[columns:] == words[columns:], key
