"""What other programs may rely on: `from advisor.api import Request, advise`.

docs/api.md says what is promised of these names. Everything else in the package may change with any release.
"""

from advisor.app import advise
from advisor.baseline import Baseline, read_baseline
from advisor.engine.amendments import Amendment
from advisor.engine.changes import (
    AddService,
    Applicability,
    Change,
    ChangeElement,
    DropIgnore,
    DropShadowed,
    Fix,
    MoveComment,
    RenameParameter,
    Requires,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.selection import Selection
from advisor.engine.suppression import Suppressed, SuppressedBy, Suppression
from advisor.engine.verdicts import Confidence, Evidence, Finding, Severity
from advisor.engine.wording import visible
from advisor.errors import (
    AdvisorError,
    InputError,
    NothingLogged,
    NothingToCheck,
    PolicyError,
    RuleError,
    SettingsError,
    UsageError,
)
from advisor.facts.lines import LogicalLine
from advisor.facts.registry import Source
from advisor.instances import advise_all
from advisor.logs.source import Journal, LogText
from advisor.logs.time_window import AskedTime
from advisor.logs.wanted import Wanted
from advisor.policy.choices import Choices
from advisor.policy.find import Search
from advisor.policy.settle import settler
from advisor.report.github import write_github
from advisor.report.gitlab import write_gitlab
from advisor.report.json import write_json
from advisor.report.junit import write_junit
from advisor.report.markdown import write_markdown
from advisor.report.model import Floor, NotApplied, NotJudged, Proven, Report, Reports
from advisor.report.sarif import write_sarif
from advisor.request import Request
from advisor.syntax.source import Span

__all__ = [
    "AddService",
    "AdvisorError",
    "Amendment",
    "Applicability",
    "AskedTime",
    "Baseline",
    "Change",
    "ChangeElement",
    "Choices",
    "Confidence",
    "DropIgnore",
    "DropShadowed",
    "Evidence",
    "Finding",
    "Fix",
    "Floor",
    "InputError",
    "Journal",
    "LogText",
    "LogicalLine",
    "MoveComment",
    "NotApplied",
    "NotJudged",
    "NothingLogged",
    "NothingToCheck",
    "PolicyError",
    "Proven",
    "RenameParameter",
    "Report",
    "Reports",
    "Request",
    "Requires",
    "RuleError",
    "Search",
    "Selection",
    "SetParameter",
    "SetServiceField",
    "SetServiceOverride",
    "SettingsError",
    "Severity",
    "Source",
    "Span",
    "Suppressed",
    "SuppressedBy",
    "Suppression",
    "UnsetParameter",
    "UsageError",
    "Wanted",
    "advise",
    "advise_all",
    "read_baseline",
    "settler",
    "visible",
    "write_github",
    "write_gitlab",
    "write_json",
    "write_junit",
    "write_markdown",
    "write_sarif",
]
