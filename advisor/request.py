"""What to look at, and how: what a command line, an advisor.toml or another program asks for."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from advisor.baseline import Baseline
from advisor.engine.amendments import NO_AMENDMENTS, Amendment
from advisor.engine.changes import Applicability
from advisor.engine.selection import Selection
from advisor.engine.verdicts import Severity
from advisor.inputs.read import DEFAULT_PATH
from advisor.logs.source import Source
from advisor.logs.time_window import AskedTime
from advisor.logs.wanted import EVERYTHING, Wanted
from advisor.report.model import Floor
from advisor.suppress_policy import PolicyIgnore


class Request(msgspec.Struct, frozen=True):
    """What to look at: a folder with main.cf and master.cf, one of the two, a bundle, or `-` for what
    `postconf -n` prints, on standard input; and the logs that belong to it.

    `postconf_n`, `master`, `defaults` and `table_types` are files with what `postconf -n`, `-M`, `-d` and
    `-m` printed. `memory` is in bytes, None where nobody told. `from_version` is the release that runs today,
    where `postfix_version` is tomorrow's; `version_told_by` says who told the latter. `profiles` are names of
    the kinds of machine it is; empty: they are inferred.

    `asked_time` and `wanted` are the part of the logs that counts, `journal` asks for that of this machine,
    `jobs` processes may read. `metrics` are files that `advisor metrics` made of logs; they count as the logs
    do.

    `amendments` are a site's severities and options, by rule. `floor` is what is shown, `gate` the severity
    from which on findings fail, None: never. `policy` is the advisor.toml that some of this was read from.
    `baseline` knows the findings that do not count. Ignore comments count unless `with_ignores` is False, and
    so do the `ignores` of a policy; `today`, None for the day in UTC, tells those that have expired.

    `fixes`: the report is about the text behind all proven fixes that are as safe as that; None: nothing is
    to be fixed. `primary` is the folder of the instance whose main.cf names this one, `below` what the patch
    has before the names of its files.
    """

    path: str = DEFAULT_PATH
    logs: tuple[Source, ...] = ()
    postfix_version: str = ""
    rules_directories: tuple[Path, ...] = ()
    selection: Selection = msgspec.field(default_factory=Selection)
    memory: int | None = None
    asked_time: AskedTime = msgspec.field(default_factory=AskedTime)
    journal: bool = False
    wanted: Wanted = EVERYTHING
    jobs: int = 1
    postconf_n: str = ""
    master: str = ""
    defaults: str = ""
    table_types: str = ""
    from_version: str = ""
    metrics: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    primary: str = ""
    below: str = ""
    fixes: Applicability | None = None
    baseline: Baseline | None = None
    amendments: Mapping[str, Amendment] = NO_AMENDMENTS
    floor: Floor = msgspec.field(default_factory=Floor)
    gate: Severity | None = Severity.LOW
    policy: str = ""
    version_told_by: str = "--postfix-version"
    with_ignores: bool = True
    today: date | None = None
    ignores: tuple[PolicyIgnore, ...] = ()
