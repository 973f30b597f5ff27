"""The hook for pre-commit, run by pre-commit itself on a repository with configurations.

Its own language would install advisor from an index. Here the hook is the published one but for that.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text()
PAGE = (ROOT / "docs" / "formats" / "pre-commit.md").read_text()
PUBLISHED, LOCAL = re.findall(r"^```yaml\n((?s:.*?))^```$", PAGE, re.MULTILINE)

SOUND = "compatibility_level = 3.6\nsmtpd_tls_security_level = none\nsmtp_tls_security_level = may\n"
MASTER = "smtp unix - - n - - smtp\n"
OPEN = "mynetworks = 0.0.0.0/0\n"

Done = subprocess.CompletedProcess[str]


class Repository:
    """A git repository, for which pre-commit keeps what it makes in `home`."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Somebody"), ("EMAIL", "somebody@example.com"))
        }
        ours = ("GIT_", "PRE_COMMIT")
        self.surroundings = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.surroundings |= who | {
            "PRE_COMMIT_HOME": str(home),
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        folder.mkdir(exist_ok=True)
        self.run("git", "init", "--quiet")

    def run(self, *command: str) -> Done:
        """The command there; its output is one text."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def stage(self, files: Mapping[str, str]) -> None:
        """Writes the files, and stages all there are."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.run("git", "add", "--all")

    def commit(self) -> Done:
        return self.run("git", "commit", "--quiet", "--message", "x")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The repository that offers the hook."""
    top = tmp_path_factory.mktemp("hooks")
    made = Repository(top / "advisor", top / "home")
    made.stage({".pre-commit-hooks.yaml": HOOKS.replace("language: python", "language: system")})
    assert made.commit().returncode == 0
    return made


@pytest.fixture(scope="module")
def built(hooks: Repository) -> Repository:
    """A site's repository, with two hosts that nobody checked, of which one is broken."""
    made = Repository(hooks.folder.parent / "site", hooks.home)
    revision = hooks.run("git", "rev-parse", "HEAD").stdout.strip()
    asked = PUBLISHED.replace("https://git.example.com/postfix-advisor", str(hooks.folder))
    made.stage({".pre-commit-config.yaml": asked.replace("v0.1.0", revision)})
    made.stage({"hosts/a/main.cf": SOUND, "hosts/a/master.cf": MASTER, "hosts/b/main.cf": "= nonsense\n"})
    assert made.commit().returncode == 0
    installed = made.run("pre-commit", "install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout
    return made


@pytest.fixture
def site(built: Repository, tmp_path: Path) -> Repository:
    """That repository, for one test."""
    shutil.copytree(built.folder, tmp_path / "site", symlinks=True)
    return Repository(tmp_path / "site", built.home)


def test_a_sound_configuration_is_committed_and_no_other_is_looked_at(site: Repository) -> None:
    site.stage({"hosts/a/main.cf": f"{SOUND}biff = no\n", "hosts/a/master.cf": f"{MASTER}# a comment\n"})
    done = site.commit()
    assert done.returncode == 0, done.stdout
    assert re.search(r"^advisor\.+Passed$", done.stdout, re.MULTILINE)


def test_a_broken_one_is_not_committed_and_told_once(site: Repository) -> None:
    site.stage({"hosts/a/main.cf": SOUND + OPEN, "hosts/a/master.cf": f"{MASTER}smtp inet n - y - - smtpd\n"})
    done = site.commit()
    assert done.returncode == 1
    assert re.search(r"^advisor\.+Failed$", done.stdout, re.MULTILINE)
    assert "- exit code: 1\n" in done.stdout
    assert done.stdout.count("hosts/a/main.cf:4:1: high mynetworks-too-wide: ") == 1
    assert "nonsense" not in done.stdout


def test_a_master_cf_alone_stands_for_its_configuration(site: Repository) -> None:
    site.stage({"hosts/a/master.cf": f"{MASTER}smtp inet n - y - - smtpd -o mynetworks=0.0.0.0/0\n"})
    done = site.commit()
    assert done.returncode == 1
    assert "hosts/a/master.cf:2:" in done.stdout


def test_other_files_do_not_start_it(site: Repository) -> None:
    site.stage({"hosts/a/access": "x REJECT\n", "hosts/a/domain.cf": "", "hosts/a/main.cf.j2": "{{ x }}\n"})
    done = site.commit()
    assert done.returncode == 0
    assert "(no files to check)Skipped" in done.stdout


def test_all_files_are_checked_on_request(site: Repository) -> None:
    done = site.run("pre-commit", "run", "advisor", "--all-files")
    assert done.returncode == 1
    assert "- exit code: 2\n" in done.stdout
    assert "hosts/b/main.cf:1:1: " in done.stdout


def test_the_hook_can_be_tried_without_a_configuration(site: Repository, hooks: Repository) -> None:
    done = site.run("pre-commit", "try-repo", str(hooks.folder), "advisor", "--files", "hosts/a/main.cf")
    assert done.returncode == 0, done.stdout
    assert re.search(r"^advisor\.+Passed$", done.stdout, re.MULTILINE)


def test_the_local_form_is_the_published_hook() -> None:
    indented = [line.strip("- ") for line in LOCAL.splitlines()[3:]]
    published = [line.strip("- ") for line in HOOKS.splitlines() if not line.strip().startswith("#")]
    said = {line for line in published if not line.startswith("description")} - {"language: python"}
    assert set(indented) - {"language: system"} == said
