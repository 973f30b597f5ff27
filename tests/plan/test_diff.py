"""`patch -p1` applies the diff byte for byte, and `patch -R` takes it back."""

import subprocess
from itertools import product
from pathlib import Path

import pytest

from advisor.plan.diff import FilePatch, encode_diff, unified_diff

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
    file = tmp_path / "main.cf"
    old, new = (text.encode("utf-8", "surrogateescape") for text in (before, after))
    file.write_bytes(old)
    diff = encode_diff(unified_diff([FilePatch("main.cf", before, after)]))
    for arguments, wanted in ((["-p1"], new), (["-p1", "-R"], old)):
        subprocess.run(["patch", "-s", "--binary", *arguments], cwd=tmp_path, input=diff, check=True)
        assert (file.read_bytes() if file.exists() else b"") == wanted


def test_files_that_are_the_same_give_nothing() -> None:
    assert unified_diff([FilePatch("main.cf", "a\n", "a\n")]) == ""
