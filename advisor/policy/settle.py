"""A request, and what the command line says -> the request as the policy of its configuration makes it."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from advisor.app import Request, rules_to_judge
from advisor.engine.amendments import NO_AMENDMENTS
from advisor.inputs.read import STDIN, folder_of
from advisor.policy.checked import amendments
from advisor.policy.choices import Choices
from advisor.policy.find import NAME, Search
from advisor.policy.form import FailOn
from advisor.policy.ignores import PolicyIgnores, ignores
from advisor.policy.read import Policy, read_policy
from advisor.policy.said import said
from advisor.report.model import Floor
from advisor.settings.memory import parse_memory

# A request -> the same with all that a policy or an option may say settled.
Settle = Callable[[Request], Request]
_DEFAULT: Final = Floor()


def settler(command_line: Choices, search: Search, today: date) -> Settle:
    """What settles each request of a run by the file that is found for its configuration; each is read once.

    It raises PolicyError for a file that cannot be used, InputError for one that cannot be read, UsageError
    for an option whose value makes no sense.
    """
    read = cache(read_policy)

    def settle(request: Request) -> Request:
        found = search.find(_folder(request))
        return settled(request, command_line, read(found) if found else None, today)

    return settle


def settled(request: Request, command_line: Choices, policy: Policy | None, today: date) -> Request:
    """The request with what the command line says, else the policy, else the default."""
    choices = command_line.over(said(policy)) if policy else command_line
    directories = tuple(map(Path, choices.rules_dir or ()))
    floor = Floor(choices.min_severity or _DEFAULT.severity, choices.min_confidence or _DEFAULT.confidence)
    return replace(
        request,
        selection=choices.selection,
        floor=floor,
        gate=(choices.fail_on or FailOn.LOW).gate,
        profiles=choices.profile or (),
        postfix_version=choices.postfix_version or "",
        version_told_by=NAME if command_line.postfix_version is None else "--postfix-version",
        memory=parse_memory(choices.memory, "--memory") if choices.memory else None,
        rules_directories=directories,
        amendments=amendments(policy, rules_to_judge(directories)) if policy else NO_AMENDMENTS,
        suppressors=(PolicyIgnores(tuple(ignores(policy)), today),) if policy else (),
        policy=str(policy.found.path) if policy else "",
    )


def _folder(request: Request) -> Path | None:
    """The folder of a configuration that is named; text of postconf(1) has none."""
    return None if request.postconf_n or request.path == STDIN else folder_of(request.path)
