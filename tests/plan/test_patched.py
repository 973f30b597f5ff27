"""A diff applied in memory: what diff.py writes gives the new text, and what does not fit is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import UsageError
from advisor.plan.diff import FilePatch, unified_diff
from advisor.plan.patched import apply_diff

TEXTS = st.lists(st.sampled_from(("a = 1\n", "b = 2\n", "# c\n", "\n", " d\r\n", "\x0b\n"))).map("".join)
ENDED = st.tuples(TEXTS, st.sampled_from(("", "last"))).map("".join)


@given(ENDED, ENDED, ENDED, ENDED)
def test_a_diff_gives_the_new_texts(main: str, new_main: str, master: str, new_master: str) -> None:
    texts = {"main.cf": main, "master.cf": master}
    wanted = {"main.cf": new_main, "master.cf": new_master}
    diff = unified_diff(FilePatch(name, texts[name], wanted[name]) for name in texts)
    found = apply_diff(diff, texts.get, "x.diff") if diff else {}
    assert texts | found == wanted


def test_lines_in_front_may_have_come_or_gone() -> None:
    before = "".join(f"line{number} = 1\n" for number in range(20))
    diff = unified_diff([FilePatch("main.cf", before, before.replace("line9 = 1", "line9 = 2"))])
    text = "# new\n# new\n" + before
    found = apply_diff(diff, {"main.cf": text}.get, "x.diff")
    assert found["main.cf"] == text.replace("line9 = 1", "line9 = 2")


@pytest.mark.parametrize(
    ("diff", "says"),
    [
        ("", "no unified diff"),
        ("--- a/main.cf\n+++ b/main.cf\n@@ -1 +1 @@\n-x = 1\n+x = 2\n", "does not fit at line 1"),
        ("--- a/main.cf\n+++ b/main.cf\n@@ -1,3 +1,3 @@\n-a = 1\n", "cut off"),
        ("--- a/other\n+++ b/other\n@@ -1 +1 @@\n-a = 1\n+a = 2\n", "was not given"),
        ('--- "a/m"\n+++ "b/m"\n@@ -1 +1 @@\n-a = 1\n+a = 2\n', "quoted"),
    ],
)
def test_what_cannot_be_applied_is_said(diff: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        apply_diff(diff, {"main.cf": "a = 1\n"}.get, "x.diff")
