"""The formats that are one document for a program, by name. A new one is a module beside these, and a row."""

from collections.abc import Callable, Mapping

from advisor.report.github import write_github
from advisor.report.gitlab import write_gitlab
from advisor.report.json import write_json
from advisor.report.junit import write_junit
from advisor.report.markdown import write_markdown
from advisor.report.model import Reports
from advisor.report.sarif import write_sarif

DOCUMENTS: Mapping[str, Callable[[Reports], str]] = {
    "json": write_json,
    "sarif": write_sarif,
    "github": write_github,
    "gitlab": write_gitlab,
    "junit": write_junit,
    "markdown": write_markdown,
}
