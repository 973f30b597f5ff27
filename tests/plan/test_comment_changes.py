"""Changes of ignore comments, and that no other change leaves one to something else."""

import pytest

from advisor.engine.changes import (
    Change,
    ChangeElement,
    DropIgnore,
    DropShadowed,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.plan.edits import apply_changes
from advisor.plan.stray_ignores import stray_ignore
from advisor.plan.text_edits import CannotEdit
from tests.judging import instance

MASTER = "smtp inet n - n - - smtpd\n  # advisor: ignore[a, b] -- why\n  -o biff=no\n"


def changed(main: str, *changes: Change, master: str = MASTER) -> str:
    """The new text, both files of it, or why there is none."""
    behind = apply_changes(instance(main, master), changes)
    if isinstance(behind, CannotEdit):
        return behind.reason
    assert behind.master_cf is not None
    return behind.main_cf.source.text if master == MASTER else behind.master_cf.source.text


@pytest.mark.parametrize(
    ("before", "rules", "after"),
    [
        ("# advisor: ignore[a, b,c] -- why\nbiff = no\n", "a", "# advisor: ignore[b, c] -- why\nbiff = no\n"),
        ("# advisor: ignore[a,b] -- why\nbiff = no\n", "ab", "biff = no\n"),
        ("  # advisor: ignore[a]\r\nbiff = no\r\n", "a", "biff = no\r\n"),
        ("# advisor: ignore[a, b, a]\nbiff = no\n", "a", "# advisor: ignore[b]\nbiff = no\n"),
        ("# advisor: ignore-file[a]", "a", ""),
        ("# advisor: ignore[a]\nbiff = no\n", "x", "line 1 has no such ignore comment"),
        ("biff = no\n", "a", "line 1 has no such ignore comment"),
    ],
)
def test_a_name_goes(before: str, rules: str, after: str) -> None:
    assert changed(before, *(DropIgnore("main.cf", 1, rule) for rule in rules)) == after


def test_several_lines_at_once_and_other_changes_beside_them() -> None:
    main = "# advisor: ignore[a]\nbiff = no\nbiff = yes\nx = 1,\n"
    main += "  # advisor: ignore[b, c]\n  2\n# advisor: ignore[d]\n"
    changes = (
        DropShadowed("biff"),
        DropIgnore("main.cf", 1, "a"),
        DropIgnore("main.cf", 7, "d"),
        SetParameter("y", "2"),
        DropIgnore("main.cf", 5, "b"),
    )
    assert changed(main, *changes) == "biff = yes\nx = 1,\n  # advisor: ignore[c]\n  2\ny = 2\n"


def test_in_master_cf() -> None:
    other = f"# advisor: ignore[a]\n{MASTER}"
    changes = (DropIgnore("master.cf", 3, "b"), DropIgnore("master.cf", 1, "a"))
    assert changed("", *changes, master=other) == MASTER.replace("a, b", "a")


@pytest.mark.parametrize(
    ("main", "change", "stray"),
    [
        ("# advisor: ignore[a]\nbiff = no\nx = 1\n", UnsetParameter("biff"), "x"),
        ("# advisor: ignore[a]\nbiff = no\n", UnsetParameter("biff"), "no line"),
        ("# advisor: ignore[a]\nbiff = no\nbiff = yes\n", DropShadowed("biff"), "biff"),
        ("biff = no # advisor: ignore[a]\n", MoveComment("biff"), "biff"),
        ("l = a,\n# advisor: ignore[a]\n  b,\n  c\n", ChangeElement("l", "b", ()), "l c"),
        ("# advisor: ignore[a]\nbiff = no\n", SetParameter("biff", "yes"), ""),
        ("# advisor: ignore[a]\nbiff = no\n", RenameParameter("biff", "new"), ""),
        ("# advisor: ignore[a]\nbiff = no # why\n", MoveComment("biff"), ""),
        ("biff = no\nbiff = no\n# advisor: ignore[a]\nbiff = yes\n", DropShadowed("biff"), ""),
        ("# advisor: ignore[a]\nbiff = no\n", SetParameter("biff_x", "yes"), ""),
        ("biff = no\n# advisor: ignore[a]\nz = no\n", SetParameter("biff_x", "yes"), ""),
        ("# advisor: ignore-file[a]\nbiff = no\nx = 1\n", UnsetParameter("biff"), ""),
        ("l = a,\n# advisor: ignore[a]\n  b,\n  c\n", ChangeElement("l", "c", ()), ""),
        ("", SetServiceOverride("smtp/inet", "biff", "yes"), ""),
        ("l = a,\n# advisor: ignore[a]\n  b\n", ChangeElement("l", "a", ("x",)), ""),
    ],
)
def test_no_ignore_is_left_to_something_else(main: str, change: Change, stray: str) -> None:
    before = instance(main, MASTER)
    behind = apply_changes(before, [change])
    assert not isinstance(behind, CannotEdit)
    said = stray_ignore(before, behind, [change])
    assert said == (f"the ignore of a in main.cf would be for something else: {stray}" if stray else "")
