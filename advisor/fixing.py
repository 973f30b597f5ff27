"""What --fix changes: the text behind all proven changes that are safe enough, before anything is written.

Each step is a plan with its proof. A change that had to wait for another one is made in the next step, if it
is safe.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from advisor.engine.changes import Applicability, Fix
from advisor.engine.judge import Judgement
from advisor.errors import UsageError
from advisor.plan.edits import apply_changes
from advisor.plan.plan import Plan, make_plan
from advisor.plan.text_edits import CannotEdit
from advisor.report.model import Fixed, Mended, Reports
from advisor.settings.instance import Instance
from advisor.syntax.source import SourceFile
from advisor.writing.rewrite import Rewrite
from advisor.writing.write import write

# More than any chain of changes that wait for each other; two that undo each other would never end.
_STEPS = 10


def mend(
    instance: Instance,
    judged: Callable[[Instance], Sequence[Judgement]],
    asked: frozenset[str],
    widest: Applicability,
) -> tuple[Instance, Mended]:
    """The instance behind the changes that rules in `asked` want and that are as safe as `widest`, and what
    was changed. What a log asks for is changed once: the next log tells what is needed then.

    Raises UsageError where all this is for another release than the one that reads the files.
    """
    _must_be_for_today(instance)
    now = instance
    fixed: list[Fixed] = []
    for allowed in (widest, *[Applicability.SAFE] * _STEPS):
        plan = make_plan(now, judged(now), judged, asked, allowed)
        fixed += [Fixed(each.finding, each.fix, _files(now, plan, each.fix)) for each in plan.proven]
        now = plan.behind
        if allowed is Applicability.SAFE and not plan.proven:
            break
    return now, Mended(widest, tuple(fixed), tuple(_rewrites(instance, now)))


def _must_be_for_today(instance: Instance) -> None:
    today = instance.host.today
    if today is not None and today.series != instance.release.series:
        raise UsageError(
            f"--fix writes what Postfix {today} reads today, and the change is for {instance.release}",
            where=instance.name,
            cure="leave --postfix-version out, or use --diff and apply it behind the upgrade",
        )


def write_fixes(reports: Reports) -> None:
    """Writes what the reports are about. Raises WriteError, mostly before anything is written."""
    write(each.mended.rewrites for each in reports.reports if each.mended)


def _files(before: Instance, plan: Plan, fix: Fix) -> tuple[str, ...]:
    """The files that the fix changes by itself; all that its plan does where it needs the others."""
    behind = apply_changes(before, fix.changes)
    return tuple(
        new.name for _, new in _differing(before, plan.behind if isinstance(behind, CannotEdit) else behind)
    )


def _rewrites(before: Instance, behind: Instance) -> Sequence[Rewrite]:
    return [Rewrite(Path(old.name), old.encode(), new.encode()) for old, new in _differing(before, behind)]


def _differing(before: Instance, behind: Instance) -> Sequence[tuple[SourceFile, SourceFile]]:
    pairs = [(before.main_cf.source, behind.main_cf.source)]
    if before.master_cf and behind.master_cf:
        pairs.append((before.master_cf.source, behind.master_cf.source))
    return [(old, new) for old, new in pairs if old.text != new.text]
