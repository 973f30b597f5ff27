"""Every error that reaches a person.

AdvisorError                    something an administrator can mend; exit code 2
├── InputError                  a named file is missing, unreadable or not what it should be
├── SettingsError               text that Postfix itself would refuse to run with
├── RuleError                   a rule file is wrong: says file, key and cure
├── PolicyError                 an advisor.toml is wrong: says file, line, key and cure
├── UsageError                  an option has a value that makes no sense
├── WriteError                  a file cannot be replaced as --fix promises, so that all stay as they were
└── NothingToCheck              the path holds no Postfix configuration; exit code 3
    └── NothingLogged           no line of Postfix in the log, as far as it was asked for

Each says what was found, where, and what to do about it. `str(error)` is one line, ready for stderr.
"""

import os
import sys
from pathlib import Path
from shlex import quote


class AdvisorError(Exception):
    """`message` says what was found, `where` the place (file, or file:line:column), `cure` what to do."""

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.cure = cure

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"; {self.cure}" if self.cure else ""
        return f"{place}{self.message}{cure}"


class InputError(AdvisorError):
    """A named file is missing, unreadable, or not what it should be."""


class SettingsError(AdvisorError):
    """Text that Postfix itself would refuse to run with."""


class RuleError(AdvisorError):
    """A rule file that cannot be used."""


class PolicyError(AdvisorError):
    """An advisor.toml that cannot be used."""


class UsageError(AdvisorError):
    """An option whose value makes no sense."""


class WriteError(AdvisorError):
    """A file that cannot be replaced as `--fix` promises."""


class NothingToCheck(AdvisorError):  # noqa: N818 - an outcome with its own exit code, named as in the docs
    """The path holds nothing of Postfix."""

    exit_code = 3


class NothingLogged(NothingToCheck):
    """The log holds no line of Postfix, or none of what was asked for."""


def unreadable(error: OSError, where: str, what: str = "") -> InputError:
    """What is said of a file that the system does not give; `what` it is stands before "cannot be read"."""
    subject = f"{what} cannot be read" if what else "cannot be read"
    return InputError(f"{subject}: {error.strerror}", where=where, cure=_cure(error))


def _cure(error: OSError) -> str:
    """The command with its whole path: sudo looks for commands in its secure_path, where a venv's are not."""
    if not isinstance(error, PermissionError) or os.geteuid() == 0:
        return "name a readable file"
    script = Path(sys.argv[0])
    command = (
        quote(str(script.absolute())) if script.name == "advisor" else f"{quote(sys.executable)} -m advisor"
    )
    return f"run it as a user who may read it: sudo {command}"
