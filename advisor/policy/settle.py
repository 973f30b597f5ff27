"""A request, and what the command line says -> the request as the policy of its configuration makes it."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from advisor.baseline import read_baseline
from advisor.engine.amendments import NO_AMENDMENTS
from advisor.engine.suppression import SuppressedBy, Suppression
from advisor.engine.verdicts import Severity
from advisor.fail_on import FailOn
from advisor.found import Settle
from advisor.inputs.read import STDIN, folder_of
from advisor.policy.checked import amendments
from advisor.policy.choices import Choices
from advisor.policy.find import NAME, Search
from advisor.policy.form import IgnoreTable
from advisor.policy.read import Policy, read_policy
from advisor.policy.said import said
from advisor.report.model import Floor
from advisor.request import Request
from advisor.rule_sets import rules_to_judge
from advisor.settings.memory import parse_memory
from advisor.suppress_policy import PolicyIgnore

_SHOWN: Final = Floor()


def settler(command_line: Choices, search: Search) -> Settle:
    """What settles each request of a run by the file that is found for its configuration; each is read once.

    It raises PolicyError for a file that cannot be used, InputError for one that cannot be read, UsageError
    for an option whose value makes no sense.
    """
    policy_in, baseline_in = cache(read_policy), cache(read_baseline)
    if command_line.baseline:  # it is for all configurations: one that is broken is told once
        baseline_in(Path(command_line.baseline))

    def settle(request: Request) -> Request:
        found = search.find(_folder(request))
        policy = policy_in(found) if found else None
        choices = command_line.over(said(policy)) if policy else command_line
        request = replace(
            _chosen(request, choices),
            version_told_by="--postfix-version" if command_line.postfix_version else NAME,
            baseline=baseline_in(Path(choices.baseline)) if choices.baseline else None,
        )
        return _amended(request, policy)

    return settle


def _chosen(request: Request, choices: Choices) -> Request:
    """The request with what is chosen, and where nothing is the default."""
    return replace(
        request,
        selection=choices.selection,
        floor=Floor(choices.min_severity or _SHOWN.severity, choices.min_confidence or _SHOWN.confidence),
        gate=_gate(choices.fail_on or FailOn.LOW),
        profiles=choices.profile or (),
        postfix_version=choices.postfix_version or "",
        memory=parse_memory(choices.memory, "--memory") if choices.memory else None,
        rules_directories=tuple(map(Path, choices.rules_dir or ())),
    )


def _gate(fail_on: FailOn) -> Severity | None:
    """The severity from which on findings fail; None where none does."""
    return None if fail_on is FailOn.NEVER else Severity(fail_on.value)


def _amended(request: Request, policy: Policy | None) -> Request:
    """The request with what only a policy says: of rules, and of findings to live with."""
    if policy is None:
        return replace(request, policy="", amendments=NO_AMENDMENTS, ignores=())
    return replace(
        request,
        policy=str(policy.found.path),
        amendments=amendments(policy, rules_to_judge(request.rules_directories)),
        ignores=tuple(_ignores(policy, _folder(request))),
    )


def _ignores(policy: Policy, folder: Path | None) -> Iterator[PolicyIgnore]:
    """The entries of the policy's `ignore` that are tables, in its order. A file that links to one elsewhere
    is not for this folder alone.
    """
    place = Path(os.path.realpath(policy.found.path)).parent
    is_own = folder is not None and place == Path(os.path.realpath(folder))
    for number, each in enumerate(policy.says.ignore or ()):
        if isinstance(each, IgnoreTable):
            where = policy.span(("ignore", number))
            suppression = Suppression(SuppressedBy.POLICY, each.reason.strip(), each.until, where)
            yield PolicyIgnore(each.rule, each.service, suppression, where, is_own)


def _folder(request: Request) -> Path | None:
    """The folder of a configuration that is named; text of postconf(1) has none."""
    return None if request.postconf_n or request.path == STDIN else folder_of(request.path)
