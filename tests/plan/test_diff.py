"""`patch -p1` applies the diff byte for byte, and `patch -R` takes it back."""

import subprocess
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings

from advisor.engine.changes import Change
from advisor.plan.diff import FilePatch, encode_diff, unified_diff
from advisor.plan.edits import apply_changes
from advisor.settings.instance import Instance
from tests.plan.edit_texts import instance, main_changes, main_texts, master_edits

TEXTS = [
    "",
    "a\n",
    "a",
    "a\r\nb\r\n",
    "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n",
    "a\nB\nc\nd\ne\nf\ng\nh\nI\nj",
    "\n\n\n",
    "x\x0cy\x0bz\n\x85\u2028\n",
    "\udcff\udcfe\n",
]


@pytest.mark.parametrize(("before", "after"), [pair for pair in product(TEXTS, TEXTS) if pair[0] != pair[1]])
def test_it_applies_and_comes_back(tmp_path: Path, before: str, after: str) -> None:
    applies_and_comes_back(tmp_path, [FilePatch("main.cf", before, after)])


def applies_and_comes_back(folder: Path, patches: list[FilePatch]) -> None:
    old, new = ({each.name: encoded(text(each)) for each in patches} for text in (before, after))
    for name, data in old.items():
        (folder / name).write_bytes(data)
    diff = encode_diff(unified_diff(patches))
    for arguments, wanted in ((["-p1"], new), (["-p1", "-R"], old)):
        subprocess.run(["patch", "-s", "--binary", *arguments], cwd=folder, input=diff, check=True)
        for name, data in wanted.items():
            file = folder / name
            assert (file.read_bytes() if file.exists() else b"") == data


def before(patch: FilePatch) -> str:
    return patch.before


def after(patch: FilePatch) -> str:
    return patch.after


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


# Each example starts patch(1) twice.
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(main=main_texts, change=main_changes, edit=master_edits())
def test_every_edit_of_both_files_applies_and_comes_back(
    main: str, change: Change, edit: tuple[str, Change]
) -> None:
    master, other = edit
    behind = apply_changes(instance(main, master), [change, other])
    assume(isinstance(behind, Instance))
    assert isinstance(behind, Instance)
    assert behind.master_cf
    texts = (("main.cf", main, behind.main_cf.source), ("master.cf", master, behind.master_cf.source))
    patches = [FilePatch(name, old, new.text) for name, old, new in texts if old != new.text]
    assume(patches)
    with TemporaryDirectory() as folder:
        applies_and_comes_back(Path(folder), patches)


def test_files_that_are_the_same_give_nothing() -> None:
    assert unified_diff([FilePatch("main.cf", "a\n", "a\n")]) == ""
